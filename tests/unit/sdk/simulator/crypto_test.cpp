// Goal: keys are made once and signatures stand for exactly one text.

#include "core/crypto.hpp"
#include "core/pki.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

#include <fstream>
#include <sstream>

namespace hub::simulator {

class CryptoTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CryptoTest);
    CPPUNIT_TEST(signatureStandsForOneText);
    CPPUNIT_TEST(malformedSignaturesAreFalseNotFatal);
    CPPUNIT_TEST(missingPublicKeyIsDerivedAgain);
    CPPUNIT_TEST(unreadableKeyNamesTheFile);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        folder_ = Poco::TemporaryFile::tempName();
        Poco::TemporaryFile::registerForDeletion(folder_.string());
        std::filesystem::create_directories(folder_);
        ensureKeyPair(folder_ / "private.pem", folder_ / "public.pem");
    }

    void signatureStandsForOneText()
    {
        const Key private_key = readPrivateKey(folder_ / "private.pem");
        const Key public_key = readPublicKey(folder_ / "public.pem");
        const std::string signature = signRsa2(*private_key, "text");
        CPPUNIT_ASSERT_EQUAL(std::size_t{344}, signature.size());
        CPPUNIT_ASSERT(verifyRsa2(*public_key, "text", signature));
        CPPUNIT_ASSERT(!verifyRsa2(*public_key, "texT", signature));
    }

    void malformedSignaturesAreFalseNotFatal()
    {
        const Key public_key = readPublicKey(folder_ / "public.pem");
        for (const char* signature : {"", "=", "====", "AAAA", "A A=", "AA\n=", "not base64!"}) {
            CPPUNIT_ASSERT_MESSAGE(signature, !verifyRsa2(*public_key, "text", signature));
        }
    }

    void missingPublicKeyIsDerivedAgain()
    {
        const auto read = [&] {
            std::ostringstream text;
            text << std::ifstream(folder_ / "public.pem").rdbuf();
            return text.str();
        };
        const std::string before = read();
        std::filesystem::remove(folder_ / "public.pem");
        ensureKeyPair(folder_ / "private.pem", folder_ / "public.pem");
        CPPUNIT_ASSERT_EQUAL(before, read());
    }

    void unreadableKeyNamesTheFile()
    {
        const auto file = folder_ / "broken.pem";
        std::ofstream(file) << "no key";
        try {
            readPrivateKey(file);
            CPPUNIT_FAIL("a broken key was read");
        } catch (const std::runtime_error& failure) {
            CPPUNIT_ASSERT(std::string(failure.what()).find("broken.pem") != std::string::npos);
        }
    }

private:
    std::filesystem::path folder_;
};

HUB_TEST_SUITE_REGISTRATION(CryptoTest, "crypto");

} // namespace hub::simulator
