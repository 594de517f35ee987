// Goal: what a library asks of a host service reaches it unchanged. Method: round trips of every
// struct, refusals by table.

#include "hubp/services.hpp"
#include "hubp/text.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

namespace hubp = hub::hubp;

template <typename Value>
void assertSurvives(const char* name, const Value& value)
{
    const auto bytes = hubp::encodeService(value);
    CPPUNIT_ASSERT_MESSAGE(name, bytes.ok());
    const auto back = hubp::decodeService<Value>(bytes.value());
    CPPUNIT_ASSERT_MESSAGE(name, back.ok());
    CPPUNIT_ASSERT_MESSAGE(name, back.value() == value);
}

class ServicesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ServicesTest);
    CPPUNIT_TEST(everyValueSurvives);
    CPPUNIT_TEST(brokenValuesAreRefused);
    CPPUNIT_TEST(textIsCheckedAndCutBetweenCharacters);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyValueSurvives()
    {
        const std::string raw("\x00\xFF\n", 3);
        assertSurvives(
            "http",
            hubp::HttpExchange{
                "POST", "https://example.com/a?b=c", {{"a", raw}, {"b", ""}}, raw, 5000});
        assertSurvives(
            "answer",
            hubp::HttpAnswer{200, {{"date", "x"}}, std::string(HUB_PAYLOAD_BYTES_MAX, 'x')});
        assertSurvives("key", hubp::KeyUse{"app_key", "rsa_sha256", raw, raw});
        assertSurvives("digest", hubp::Digest{"md5", {{"", "a="}, {"salt", ""}}});
        assertSurvives("cipher", hubp::CipherUse{"k", "aes_256_gcm", raw, raw, raw});
        assertSurvives("secret", hubp::SecretName{"password"});
        assertSurvives("bytes", hubp::Bytes{raw});
        assertSurvives("writer", hubp::BlobWriter{~std::uint64_t{0}});
        assertSurvives("append", hubp::BlobAppend{1, raw});
        assertSurvives("range", hubp::BlobRange{std::string(64, 'a'), 1, 2});
        assertSurvives("blob", hubp::BlobDigest{std::string(64, 'a')});
        assertSurvives("size", hubp::BlobSize{3});
        assertSurvives("open", hubp::StreamOpen{"smtp.example.com:465", 2, 3000});
        assertSurvives("stream", hubp::StreamName{~std::uint64_t{0}});
        assertSurvives("secure", hubp::StreamSecure{1, 2});
        assertSurvives("write",
                       hubp::StreamWrite{1, std::string(HUB_PAYLOAD_BYTES_MAX, '\xFF'), 2});
        assertSurvives("read", hubp::StreamRead{1, HUB_PAYLOAD_BYTES_MAX, 2});
        assertSurvives("empty", hubp::KeyUse{});
    }

    void brokenValuesAreRefused()
    {
        CPPUNIT_ASSERT(!hubp::decodeService<hubp::Bytes>("").ok());
        CPPUNIT_ASSERT(!hubp::decodeService<hubp::Bytes>("\x81\xA5"
                                                         "bytes\xA1x")
                            .ok());
        CPPUNIT_ASSERT(!hubp::decodeService<hubp::Digest>("\x81\xA5parts\x91\x91\xA0").ok());
        CPPUNIT_ASSERT(!hubp::decodeService<hubp::Digest>("\x81\xA5parts\xA0").ok());
        CPPUNIT_ASSERT(
            !hubp::encodeService(hubp::HttpExchange{"GET", std::string(9000, 'a'), {}, "", 0})
                 .ok());
        CPPUNIT_ASSERT(!hubp::encodeService(hubp::StreamOpen{std::string(600, 'a'), 1, 0}).ok());
        CPPUNIT_ASSERT(
            !hubp::encodeService(hubp::HttpAnswer{200, std::vector<hubp::NamedBytes>(1025), ""})
                 .ok());
    }

    void textIsCheckedAndCutBetweenCharacters()
    {
        for (const char* text : {"", "a", "é", "票", "😀", "\xEF\xBF\xBF"}) {
            CPPUNIT_ASSERT_MESSAGE(text, hubp::isWellFormed(text));
        }
        for (const char* text : {"\x80",
                                 "\xC1\x81",
                                 "\xE0\x80\x80",
                                 "\xED\xA0\x80",
                                 "\xE7\xA5",
                                 "\xF0\x80\x80\x80",
                                 "\xF4\x90\x80\x80",
                                 "\xF5\x80\x80\x80",
                                 "\xFF"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !hubp::isWellFormed(text));
        }
        CPPUNIT_ASSERT_EQUAL(std::string("a"), std::string(hubp::shortened("a票", 3)));
        CPPUNIT_ASSERT_EQUAL(std::string("a票"), std::string(hubp::shortened("a票", 4)));
    }
};

HUB_TEST_SUITE_REGISTRATION(ServicesTest, "services");

} // namespace
