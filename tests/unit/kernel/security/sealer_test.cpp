#include "security/sealer.hpp"
#include "support/suite.hpp"
#include "temporary_folder.hpp"

#include <string>

namespace hub::security {

namespace {

class SealerTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SealerTest);
    CPPUNIT_TEST(whatIsSealedOpensInItsPlaceOnly);
    CPPUNIT_TEST(equalValuesLookDifferent);
    CPPUNIT_TEST(anyChangedByteIsRefused);
    CPPUNIT_TEST(anOlderKeyStillOpensUntilItIsGone);
    CPPUNIT_TEST_SUITE_END();

    hub::testing::TemporaryFolder folder_;
    Secrets secrets_{folder_.path() / "secrets", SecretBytes{std::string(32, 'm')}};

public:
    void whatIsSealedOpensInItsPlaceOnly()
    {
        const Sealer sealer(secrets_, "hub/test");
        const std::string sealed = sealer.seal("row/1", "secret words");
        CPPUNIT_ASSERT(sealed.find("secret") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("secret words"), sealer.open("row/1", sealed).value());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, sealer.open("row/2", sealed).error().code);

        const Sealer again(secrets_, "hub/test");
        CPPUNIT_ASSERT_EQUAL(std::string("secret words"), again.open("row/1", sealed).value());
        const Sealer other(secrets_, "hub/other");
        CPPUNIT_ASSERT(!other.open("row/1", sealed).ok());
    }

    void equalValuesLookDifferent()
    {
        const Sealer sealer(secrets_, "hub/test");
        CPPUNIT_ASSERT(sealer.seal("row/1", "same") != sealer.seal("row/1", "same"));
        CPPUNIT_ASSERT_EQUAL(std::string(), sealer.open("r", sealer.seal("r", "")).value());
    }

    void anyChangedByteIsRefused()
    {
        const Sealer sealer(secrets_, "hub/test");
        const std::string sealed = sealer.seal("row/1", "words");
        for (std::size_t i = 0; i < sealed.size(); ++i) {
            std::string changed = sealed;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            CPPUNIT_ASSERT_MESSAGE(std::to_string(i), !sealer.open("row/1", changed).ok());
            CPPUNIT_ASSERT(!sealer.open("row/1", sealed.substr(0, i)).ok());
        }
    }

    void anOlderKeyStillOpensUntilItIsGone()
    {
        const std::string old = Sealer(secrets_, "hub/test").seal("row/1", "words");
        CPPUNIT_ASSERT(secrets_.put("hub/test", std::string(32, 'n')).ok());
        const Sealer sealer(secrets_, "hub/test");
        CPPUNIT_ASSERT_EQUAL(std::string("words"), sealer.open("row/1", old).value());
        CPPUNIT_ASSERT(sealer.seal("row/1", "words").substr(0, 5) != old.substr(0, 5));
    }
};

HUB_TEST_SUITE_REGISTRATION(SealerTest, "sealer");

} // namespace

} // namespace hub::security
