// Goal: what the hub signs and encrypts is what the rest of the world verifies and decrypts.
// Method: the `openssl` command line is the other side, with keys made at test time; published
// known answers for the rest; tables of refusals.

#include "base/encoding.hpp"
#include "security/keys.hpp"
#include "support/suite.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>

namespace {

using hub::base::fromHex;
using hub::base::toHex;
using hub::security::CipherInput;
using hub::security::Keys;
using hub::security::SecretBytes;
using hub::security::Secrets;
using hub::testing::readText;
using hub::testing::writeText;

const std::string kText = "app_id=2099000000000000&subject=Sample ticket 样票&total_amount=0.01";

std::string hex(std::string_view digits)
{
    return fromHex(digits).value();
}

template <typename T>
int codeOf(const hub::Result<T>& result)
{
    return result.ok() ? HUB_OK : result.error().code;
}

class KeysTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(KeysTest);
    CPPUNIT_TEST(opensslVerifiesWhatTheHubSigns);
    CPPUNIT_TEST(theHubVerifiesWhatOpensslSigns);
    CPPUNIT_TEST(everyFormOfAKeyIsRead);
    CPPUNIT_TEST(oldVersionsVerifyUntilTheyAreRetired);
    CPPUNIT_TEST(aCertificateIsThePublicPart);
    CPPUNIT_TEST(publicKeysAreAddedBesideTheOldOnes);
    CPPUNIT_TEST(onlyPublicKeysAreAdded);
    CPPUNIT_TEST(knownAnswersOfMacsAndDigests);
    CPPUNIT_TEST(knownAnswersOfCiphers);
    CPPUNIT_TEST(changedCipherBytesAreRejected);
    CPPUNIT_TEST(oaepGoesBothWaysWithOpenssl);
    CPPUNIT_TEST(wrongInputIsRefusedWithItsCode);
    CPPUNIT_TEST(messagesHoldNoKeyBytes);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        static const std::string kPrivate = [this] {
            run("genrsa -out rsa.pem 2048");
            return readText(at("rsa.pem"));
        }();
        writeText(at("rsa.pem"), kPrivate); // one pair for all tests: making one takes long
        run("rsa -in rsa.pem -pubout -out rsa_public.pem");
        writeText(at("text"), kText);
    }

    void opensslVerifiesWhatTheHubSigns()
    {
        sm2Pair();
        store("rsa", readText(at("rsa.pem")));
        store("sm2", readText(at("sm2.pem")));
        writeText(at("s256"), keys_.sign("rsa", "rsa_sha256", kText).value());
        writeText(at("s1"), keys_.sign("rsa", "rsa_sha1", kText).value());
        writeText(at("sm"), keys_.sign("sm2", "sm2_sm3", kText).value());

        run("dgst -sha256 -verify rsa_public.pem -signature s256 text");
        run("dgst -sha1 -verify rsa_public.pem -signature s1 text");
        run("pkeyutl -verify -pubin -inkey sm2_public.pem -rawin -digest sm3 "
            "-pkeyopt distid:1234567812345678 -in text -sigfile sm");
    }

    void theHubVerifiesWhatOpensslSigns()
    {
        sm2Pair();
        store("rsa", readText(at("rsa_public.pem")));
        store("sm2", readText(at("sm2_public.pem")));
        run("dgst -sha256 -sign rsa.pem -out s256 text");
        run("dgst -sha1 -sign rsa.pem -out s1 text");
        run("pkeyutl -sign -inkey sm2.pem -rawin -digest sm3 -pkeyopt distid:1234567812345678 "
            "-in text -out sm");
        struct Row {
            const char* key;
            const char* algorithm;
            const char* file;
        };
        for (const Row& row : {Row{"rsa", "rsa_sha256", "s256"},
                               Row{"rsa", "rsa_sha1", "s1"},
                               Row{"sm2", "sm2_sm3", "sm"}}) {
            std::string signature = readText(at(row.file));
            const auto verify = [&](std::string_view text) {
                return codeOf(keys_.verify(row.key, row.algorithm, text, signature));
            };
            CPPUNIT_ASSERT_EQUAL(HUB_OK + 0, verify(kText));
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, verify(kText + " "));
            signature.back() = static_cast<char>(signature.back() ^ 1);
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, verify(kText));
            signature.pop_back();
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, verify(kText));
            signature.clear();
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, verify(kText));
        }
        // PKCS#1 v1.5 has one signature for a text: whole signatures can be compared.
        store("private", readText(at("rsa.pem")));
        CPPUNIT_ASSERT(keys_.sign("private", "rsa_sha256", kText).value() == readText(at("s256")));
    }

    void everyFormOfAKeyIsRead()
    {
        run("rsa -in rsa.pem -traditional -out pkcs1.pem");
        run("rsa -in rsa.pem -traditional -outform DER -out pkcs1.der");
        run("pkcs8 -topk8 -nocrypt -in rsa.pem -out pkcs8.pem");
        run("pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER -out pkcs8.der");
        run("rsa -in rsa.pem -pubout -outform DER -out spki.der");
        run("rsa -in rsa.pem -RSAPublicKey_out -out rsa_public_pkcs1.pem");
        run("rsa -in rsa.pem -RSAPublicKey_out -outform DER -out rsa_public_pkcs1.der");
        certificate();
        run("x509 -in certificate.pem -outform DER -out certificate.der");

        store("first", readText(at("pkcs1.pem")));
        const std::string signature = keys_.sign("first", "rsa_sha256", kText).value();
        for (const char* form : {"pkcs8.pem", "pkcs1.der", "pkcs8.der"}) {
            const std::string name = store("private", textOf(form));
            CPPUNIT_ASSERT_MESSAGE(form,
                                   keys_.sign(name, "rsa_sha256", kText).value() == signature);
        }
        for (const char* form : {"rsa_public.pem",
                                 "spki.der",
                                 "rsa_public_pkcs1.pem",
                                 "rsa_public_pkcs1.der",
                                 "certificate.pem",
                                 "certificate.der"}) {
            const std::string name = store("public", textOf(form));
            CPPUNIT_ASSERT_MESSAGE(form, keys_.verify(name, "rsa_sha256", kText, signature).ok());
            CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0,
                                 codeOf(keys_.sign(name, "rsa_sha256", kText)));
        }
    }

    void oldVersionsVerifyUntilTheyAreRetired()
    {
        run("genrsa -out new.pem 2048");
        store("key", readText(at("rsa.pem")));
        const std::string old_signature = keys_.sign("key", "rsa_sha256", kText).value();
        store("key", readText(at("new.pem")));

        CPPUNIT_ASSERT(keys_.sign("key", "rsa_sha256", kText).value() != old_signature);
        CPPUNIT_ASSERT(keys_.verify("key", "rsa_sha256", kText, old_signature).ok());
        CPPUNIT_ASSERT(secrets_.retire("key", 1).ok());
        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0,
                             codeOf(keys_.verify("key", "rsa_sha256", kText, old_signature)));
        CPPUNIT_ASSERT(secrets_.retire("key", 2).ok());
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, codeOf(keys_.sign("key", "rsa_sha256", kText)));
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0,
                             codeOf(keys_.verify("key", "rsa_sha256", kText, old_signature)));
    }

    void aCertificateIsThePublicPart()
    {
        certificate();
        store("bare", readText(at("rsa.pem")));
        CPPUNIT_ASSERT_EQUAL(readText(at("rsa_public.pem")), keys_.publicPart("bare").value());
        store("both", readText(at("rsa.pem")) + readText(at("certificate.pem")));
        CPPUNIT_ASSERT_EQUAL(readText(at("certificate.pem")), keys_.publicPart("both").value());
        CPPUNIT_ASSERT(keys_.sign("both", "rsa_sha256", kText).ok());
        run("genrsa -out other.pem 2048");
        store("mixed", readText(at("other.pem")) + readText(at("certificate.pem")));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, codeOf(keys_.publicPart("mixed")));
    }

    void publicKeysAreAddedBesideTheOldOnes()
    {
        certificate();
        run("genrsa -out next.pem 2048");
        run("rsa -in next.pem -pubout -out next_public.pem");
        const std::string old_key = readText(at("certificate.pem"));
        const std::string new_key = readText(at("next_public.pem"));
        store("platform", old_key);

        CPPUNIT_ASSERT_EQUAL(2U, keys_.addPublic("platform", new_key).value());
        CPPUNIT_ASSERT_EQUAL(0U, keys_.addPublic("platform", new_key).value());
        CPPUNIT_ASSERT_EQUAL(0U, keys_.addPublic("platform", old_key).value());
        CPPUNIT_ASSERT_EQUAL(new_key + old_key, keys_.publicParts("platform").value());
        for (const std::string owner : {"rsa", "next"}) {
            store(owner, readText(at(owner + ".pem")));
            const auto signature = keys_.sign(owner, "rsa_sha256", kText);
            CPPUNIT_ASSERT(keys_.verify("platform", "rsa_sha256", kText, signature.value()).ok());
        }
        CPPUNIT_ASSERT(secrets_.retire("platform", 1).ok());
        CPPUNIT_ASSERT_EQUAL(new_key, keys_.publicParts("platform").value());
    }

    void onlyPublicKeysAreAdded()
    {
        certificate();
        store("platform", readText(at("certificate.pem")));
        const std::string other = readText(at("rsa.pem"));
        for (const std::string& wrong : {other,
                                         other + readText(at("certificate.pem")),
                                         std::string("no key"),
                                         std::string()}) {
            CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, codeOf(keys_.addPublic("platform", wrong)));
        }
        for (int version = 2; version <= 16; ++version) {
            run("genrsa -out more.pem 1024");
            run("rsa -in more.pem -pubout -out more_public.pem");
            CPPUNIT_ASSERT(keys_.addPublic("platform", readText(at("more_public.pem"))).ok());
        }
        run("genrsa -out more.pem 1024");
        run("rsa -in more.pem -pubout -out more_public.pem");
        CPPUNIT_ASSERT_EQUAL(HUB_THROTTLED + 0,
                             codeOf(keys_.addPublic("platform", readText(at("more_public.pem")))));
    }

    void knownAnswersOfMacsAndDigests()
    {
        // RFC 4231, case 2.
        store("jefe", "Jefe");
        CPPUNIT_ASSERT_EQUAL(
            std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            toHex(keys_.hmac("jefe", "hmac_sha256", "what do ya want for nothing?").value()));
        // The standard answers for "abc"; GB/T 32905 for SM3.
        struct Row {
            const char* algorithm;
            const char* digest;
        };
        store("b", "b");
        for (const Row& row :
             {Row{"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
              Row{"md5", "900150983cd24fb0d6963f7d28e17f72"},
              Row{"sm3", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"}}) {
            const auto digest = keys_.digest(row.algorithm, {{"", "a"}, {"b", ""}, {"", "c"}});
            CPPUNIT_ASSERT_EQUAL(std::string(row.digest), toHex(digest.value()));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, keys_.hmac("jefe", "hmac_sm3", "x").value().size());
    }

    void knownAnswersOfCiphers()
    {
        struct Row {
            const char* algorithm;
            const char* key;
            const char* nonce;
            const char* associated_data;
            const char* plain;
            const char* cipher;
        };
        const Row rows[] = {
            // The GCM specification, test case 16; tag at the end.
            {"aes_256_gcm",
             "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
             "cafebabefacedbaddecaf888",
             "feedfacedeadbeeffeedfacedeadbeefabaddad2",
             "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0"
             "e24"
             "49a6b525b16aedf5aa0de657ba637b39",
             "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08"
             "b10"
             "56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
            // NIST SP 800-38A F.2.1 and F.2.5, first block; the second is our padding.
            {"aes_128_cbc",
             "2b7e151628aed2a6abf7158809cf4f3c",
             "000102030405060708090a0b0c0d0e0f",
             "",
             "6bc1bee22e409f96e93d7e117393172a",
             "7649abac8119b246cee98e9b12e9197d"},
            {"aes_256_cbc",
             "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
             "000102030405060708090a0b0c0d0e0f",
             "",
             "6bc1bee22e409f96e93d7e117393172a",
             "f58c4c04d6e5f1ba779eabfb5f7bfbd6"},
            // GB/T 32907, example 1: a zero vector makes the first block that of ECB.
            {"sm4_cbc",
             "0123456789abcdeffedcba9876543210",
             "00000000000000000000000000000000",
             "",
             "0123456789abcdeffedcba9876543210",
             "681edf34d206965e86b3e94f536e4246"},
        };
        for (const Row& row : rows) {
            const std::string name = store("cipher", hex(row.key));
            const CipherInput input{row.algorithm, hex(row.nonce), hex(row.associated_data)};
            const std::string bytes = keys_.encrypt(name, input, hex(row.plain)).value();
            CPPUNIT_ASSERT_EQUAL(std::string(row.cipher),
                                 toHex(bytes).substr(0, std::string(row.cipher).size()));
            CPPUNIT_ASSERT_EQUAL(std::string(row.plain),
                                 toHex(keys_.decrypt(name, input, bytes).value()));
            CPPUNIT_ASSERT(keys_.decrypt(name, input, keys_.encrypt(name, input, "").value()).ok());
        }
    }

    void changedCipherBytesAreRejected()
    {
        store("gcm", std::string(32, 'k'));
        const CipherInput input{"aes_256_gcm", std::string(12, 'n'), "aad"};
        const std::string bytes = keys_.encrypt("gcm", input, "sample").value();
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            std::string bad = bytes;
            bad[i] = static_cast<char>(bad[i] ^ 0x10);
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, codeOf(keys_.decrypt("gcm", input, bad)));
        }
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0,
                                 codeOf(keys_.decrypt("gcm", input, bytes.substr(0, size))));
        }
        const CipherInput other{"aes_256_gcm", std::string(12, 'n'), "other"};
        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, codeOf(keys_.decrypt("gcm", other, bytes)));
        // What was encrypted under the version before is still read.
        store("gcm", std::string(32, 'x'));
        CPPUNIT_ASSERT_EQUAL(std::string("sample"), keys_.decrypt("gcm", input, bytes).value());

        store("cbc", std::string(16, 'k'));
        const CipherInput cbc{"aes_128_cbc", std::string(16, 'n'), ""};
        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, codeOf(keys_.decrypt("cbc", cbc, "no whole block")));
        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0, codeOf(keys_.decrypt("cbc", cbc, "")));
    }

    void oaepGoesBothWaysWithOpenssl()
    {
        store("private", readText(at("rsa.pem")));
        store("public", readText(at("rsa_public.pem")));
        const CipherInput oaep{"rsa_oaep_sha1", "", ""};
        const std::string options = " -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha1 ";

        writeText(at("ours"), keys_.encrypt("public", oaep, "sample").value());
        run("pkeyutl -decrypt -inkey rsa.pem" + options + "-in ours -out plain");
        CPPUNIT_ASSERT_EQUAL(std::string("sample"), readText(at("plain")));
        run("pkeyutl -encrypt -pubin -inkey rsa_public.pem" + options + "-in text -out theirs");
        CPPUNIT_ASSERT_EQUAL(kText, keys_.decrypt("private", oaep, readText(at("theirs"))).value());
        CPPUNIT_ASSERT_EQUAL(HUB_REJECTED + 0,
                             codeOf(keys_.decrypt("private", oaep, std::string(256, 'x'))));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0,
                             codeOf(keys_.encrypt("public", oaep, std::string(300, 'x'))));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, codeOf(keys_.decrypt("public", oaep, "x")));
    }

    void wrongInputIsRefusedWithItsCode()
    {
        sm2Pair();
        store("rsa", readText(at("rsa.pem")));
        store("sm2", readText(at("sm2.pem")));
        store("noise", "this is no key");
        store("key16", std::string(16, 'k'));
        store("key32", std::string(32, 'k'));
        run("rsa -in rsa.pem -aes128 -passout pass:sample -out locked.pem");
        store("locked", readText(at("locked.pem")));
        store("tail", hub::base::toBase64(hub::base::fromBase64(oneLine("rsa.pem")).value() + "x"));

        const auto sign = [&](const char* key, const char* algorithm) {
            return codeOf(keys_.sign(key, algorithm, kText));
        };
        CPPUNIT_ASSERT_EQUAL(HUB_UNSUPPORTED + 0, sign("rsa", "rsa_md5"));
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, sign("none", "rsa_sha256"));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, sign("rsa", "sm2_sm3"));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, sign("sm2", "rsa_sha256"));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, sign("noise", "rsa_sha256"));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, sign("locked", "rsa_sha256"));
        CPPUNIT_ASSERT_EQUAL(HUB_BAD_REQUEST + 0, sign("tail", "rsa_sha256"));
        CPPUNIT_ASSERT_EQUAL(HUB_UNSUPPORTED + 0, codeOf(keys_.hmac("key16", "hmac_md5", "x")));
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, codeOf(keys_.hmac("none", "hmac_sha256", "x")));
        CPPUNIT_ASSERT_EQUAL(HUB_UNSUPPORTED + 0, codeOf(keys_.digest("crc", {{"", "x"}})));
        CPPUNIT_ASSERT_EQUAL(HUB_NOT_FOUND + 0, codeOf(keys_.digest("md5", {{"none", ""}})));

        struct Row {
            const char* key;
            CipherInput cipher;
            int code;
        };
        for (const Row& row : {
                 Row{"key32", {"aes_256_ecb", "", ""}, HUB_UNSUPPORTED},
                 Row{"key16", {"aes_256_gcm", std::string(12, 'n'), ""}, HUB_BAD_REQUEST},
                 Row{"key32", {"aes_256_gcm", std::string(16, 'n'), ""}, HUB_BAD_REQUEST},
                 Row{"key32", {"aes_256_gcm", "", ""}, HUB_BAD_REQUEST},
                 Row{"key16", {"aes_128_cbc", std::string(15, 'n'), ""}, HUB_BAD_REQUEST},
                 Row{"key16", {"aes_128_cbc", std::string(16, 'n'), "aad"}, HUB_BAD_REQUEST},
                 Row{"none", {"aes_128_cbc", std::string(16, 'n'), ""}, HUB_NOT_FOUND},
             }) {
            CPPUNIT_ASSERT_EQUAL(row.code, codeOf(keys_.encrypt(row.key, row.cipher, "x")));
            CPPUNIT_ASSERT_EQUAL(row.code, codeOf(keys_.decrypt(row.key, row.cipher, "x")));
        }
    }

    void messagesHoldNoKeyBytes()
    {
        store("noise", "canary-canary-canary");
        for (const auto& error : {keys_.sign("noise", "rsa_sha256", kText).error(),
                                  keys_.encrypt("noise", {"aes_256_gcm", "", ""}, "x").error()}) {
            CPPUNIT_ASSERT(error.message.find("canary") == std::string::npos);
            CPPUNIT_ASSERT(error.message.find("noise") != std::string::npos);
        }
    }

private:
    std::filesystem::path at(const std::string& file) const { return temporary_.path() / file; }

    void run(const std::string& arguments) const
    {
        const std::string command =
            "cd '" + temporary_.path().string() + "' && openssl " + arguments + " >out.log 2>&1";
        const int status = std::system(command.c_str()); // NOLINT: the words are the test's own
        CPPUNIT_ASSERT_MESSAGE("openssl " + arguments + "\n" + readText(at("out.log")),
                               status == 0);
    }

    void certificate() const
    {
        run("req -x509 -new -key rsa.pem -subj '/CN=sample' -days 2 -out certificate.pem");
    }

    void sm2Pair() const
    {
        run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out sm2.pem");
        run("pkey -in sm2.pem -pubout -out sm2_public.pem");
    }

    /// The base64 between the lines of a PEM file, as consoles of providers show it.
    std::string oneLine(const std::string& file) const
    {
        std::string text = readText(at(file));
        text = text.substr(text.find('\n') + 1);
        text = text.substr(0, text.find("-----"));
        std::erase(text, '\n');
        return text;
    }

    std::string textOf(const std::string& file) const
    {
        const std::string bytes = readText(at(file));
        return file.ends_with(".der") ? hub::base::toBase64(bytes) : bytes;
    }

    std::string store(const std::string& name, const std::string& bytes)
    {
        CPPUNIT_ASSERT(secrets_.put(name, bytes).ok());
        return name;
    }

    hub::testing::TemporaryFolder temporary_;
    Secrets secrets_{temporary_.path() / "secrets", SecretBytes(std::string(32, 'k'))};
    Keys keys_{secrets_};
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(KeysTest, "keys");
