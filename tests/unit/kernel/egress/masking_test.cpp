// Goal: no listed value reaches the record, wherever it hides. Method: a canary in every place.

#include "base/encoding.hpp"
#include "egress/masking.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace {

const std::vector<std::string> kNames{"sign", "card", "X-Token", "a b"};

std::string mask(const std::string& type, const std::string& body)
{
    return hub::egress::maskMessage({{"Content-Type", type}}, body, kNames);
}

std::string bodyOf(const std::string& message)
{
    return message.substr(message.find("\n\n") + 2);
}

constexpr const char* kForm = "application/x-www-form-urlencoded; charset=utf-8";
constexpr const char* kJson = "application/json";

class MaskingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MaskingTest);
    CPPUNIT_TEST(theCanaryNeverShows);
    CPPUNIT_TEST(whatIsNotListedShows);
    CPPUNIT_TEST(otherContentShowsAsSizeAndDigest);
    CPPUNIT_TEST(headersAreMaskedByNameWithoutCase);
    CPPUNIT_TEST(queriesAreMaskedLikeForms);
    CPPUNIT_TEST_SUITE_END();

public:
    void theCanaryNeverShows()
    {
        const std::string deep = [] {
            std::string text = R"({"card":"canary"})";
            for (int i = 0; i < 12; ++i) {
                text = R"({"in":)" + quoted(text) + "}";
            }
            return text;
        }();
        struct Row {
            const char* type;
            std::string body;
        };
        for (const Row& row : std::vector<Row>{
                 {kForm, "sign=canary&b=1"},
                 {kForm, "b=1&s%69gn=canary"},
                 {kForm, "a+b=canary&a%20b=canary"},
                 {kForm, "sign=canary;x&sign=canary"},
                 {kForm, "sign==canary=canary"},
                 {kForm, "content=%7B%22card%22%3A%22canary%22%7D"},
                 {kForm, "content={\"list\":[{\"card\":\"canary\"}]}"},
                 {kForm, "content=+%7B%22card%22%3A%22canary%22%7D"},
                 {kForm, "content=%7B%22card%22%3A%22canary%22"},
                 {kForm, "b=%zzcanary"},
                 {kForm, "b%zz=canary"},
                 {kForm, "%zzcanary"},
                 {kJson, R"({"card":"canary"})"},
                 {kJson, R"({"card":{"a":["canary"]}})"},
                 {kJson, R"({"a":[{"b":{"card":"canary"}}]})"},
                 {kJson, R"({"\u0063ard":"canary"})"},
                 {kJson, R"({"text":"{\"card\":\"canary\"}"})"},
                 {kJson, R"({"text":"{\"card\":\"canary\""})"},
                 {kJson, R"({"card":1,"card":"canary"})"},
                 {kJson, R"({"card":"canary")"},
                 {kJson, deep},
                 {"application/problem+json", R"({"card":"canary"})"},
                 {"text/html;charset=utf-8", R"({"card":"canary"})"},
                 {"", R"({"card":"canary"})"},
                 {"text/html", "<p>canary</p>"},
                 {"text/xml", "<card>canary</card>"},
                 {"multipart/form-data; boundary=x", "--x canary"},
                 {"application/octet-stream", "canary"},
                 {"APPLICATION/JSON", R"({"card":"canary"})"},
                 {kJson, "canary"},
                 {kForm, std::string(70000, 'a') + "=canary"},
                 {kForm, "a=\xff canary"},
             }) {
            const std::string shown = mask(row.type, row.body);
            CPPUNIT_ASSERT_MESSAGE(row.body.substr(0, 200) + " -> " + shown,
                                   shown.find("canary") == std::string::npos);
        }
    }

    void whatIsNotListedShows()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("a=1&sign=***&b=&c"),
                             bodyOf(mask(kForm, "a=1&sign=x&b=&c")));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":"1.00","card":"***","n":7})"),
                             bodyOf(mask(kJson, R"({"a": "1.00", "card": "x", "n": 7})")));
        CPPUNIT_ASSERT_EQUAL(std::string("content=%7B%22a%22%3A1%2C%22card%22%3A%22***%22%7D"),
                             bodyOf(mask(kForm, R"(content={"a":1,"card":"x"})")));
        CPPUNIT_ASSERT_EQUAL(std::string(), bodyOf(mask(kJson, "")));
    }

    void otherContentShowsAsSizeAndDigest()
    {
        CPPUNIT_ASSERT_EQUAL("<3 bytes, sha256 " + hub::base::sha256Hex("abc") + ">",
                             bodyOf(mask("application/octet-stream", "abc")));
    }

    void headersAreMaskedByNameWithoutCase()
    {
        const std::string shown = hub::egress::maskMessage({{"x-token", "canary"},
                                                            {"Authorization", "canary"},
                                                            {"set-cookie", "canary"},
                                                            {"Cookie", "canary"},
                                                            {"X-Bad", "canary\xff"},
                                                            {"X-Seen", "yes"}},
                                                           "",
                                                           kNames);
        CPPUNIT_ASSERT_MESSAGE(shown, shown.find("canary") == std::string::npos);
        CPPUNIT_ASSERT(shown.find("X-Seen: yes\n") != std::string::npos);
    }

    void queriesAreMaskedLikeForms()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("a=1&sign=***"),
                             hub::egress::maskQuery("a=1&sign=canary", kNames));
        CPPUNIT_ASSERT_EQUAL(std::string(), hub::egress::maskQuery("", kNames));
    }

private:
    static std::string quoted(const std::string& text)
    {
        std::string quoted = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') {
                quoted += '\\';
            }
            quoted += c;
        }
        return quoted + "\"";
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MaskingTest, "masking");
