// Goal: what leaves and enters as text is exact. Method: known answers and refusals by table.

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"
#include "support/suite.hpp"

#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

class EncodingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EncodingTest);
    CPPUNIT_TEST(base64RoundTripsAndRefusesStrangers);
    CPPUNIT_TEST(hexRefusesOddAndForeignDigits);
    CPPUNIT_TEST(utf8RefusesOverlongAndSurrogates);
    CPPUNIT_TEST(jsonRefusesDuplicatesAndDepth);
    CPPUNIT_TEST(uuidCarriesItsTime);
    CPPUNIT_TEST(uuidsOfManyThreadsDiffer);
    CPPUNIT_TEST_SUITE_END();

public:
    void base64RoundTripsAndRefusesStrangers()
    {
        for (const std::string text : {"", "a", "ab", "abc", "abcd"}) {
            CPPUNIT_ASSERT_EQUAL(text, hub::base::fromBase64(hub::base::toBase64(text)).value());
        }
        for (const char* text : {"a", "ab==c", "YQ= =", " YQ==", "YQ==\n", "Y-_="}) {
            CPPUNIT_ASSERT_MESSAGE(text, !hub::base::fromBase64(text).ok());
        }
    }

    void hexRefusesOddAndForeignDigits()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("00ff"),
                             hub::base::toHex(hub::base::fromHex("00FF").value()));
        CPPUNIT_ASSERT(!hub::base::fromHex("0").ok());
        CPPUNIT_ASSERT(!hub::base::fromHex("0g").ok());
    }

    void utf8RefusesOverlongAndSurrogates()
    {
        CPPUNIT_ASSERT(hub::base::isUtf8("发票 é 😀"));
        for (const char* text :
             {"\xC0\x80", "\xED\xA0\x80", "\xF8\x88\x80\x80", "\x80", "\xE5\x8F"}) {
            CPPUNIT_ASSERT(!hub::base::isUtf8(text));
        }
    }

    void jsonRefusesDuplicatesAndDepth()
    {
        CPPUNIT_ASSERT(hub::base::parseJson(R"({"a":{"b":1},"c":{"b":2}})").ok());
        CPPUNIT_ASSERT(!hub::base::parseJson(R"({"a":1,"a":2})").ok());
        CPPUNIT_ASSERT(!hub::base::parseJson(std::string(100000, '[')).ok());
        const auto nested = [](std::size_t levels) {
            return hub::base::parseJson(std::string(levels, '[') + std::string(levels, ']')).ok();
        };
        CPPUNIT_ASSERT(nested(64));
        CPPUNIT_ASSERT(!nested(65));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "quotes nothing of the text",
            std::string("this is no JSON: it breaks off or goes wrong at byte 7"),
            hub::base::parseJson("{\"a\": \xff}").error().message);
        CPPUNIT_ASSERT(!hub::base::parseJson("[1e999]").ok());
        CPPUNIT_ASSERT(!hub::base::parseJson("{\"a\":\"\xFF\"}").ok());
        CPPUNIT_ASSERT(!hub::base::parseJson("").ok());
        CPPUNIT_ASSERT(!hub::base::parseJson("1e400").ok());
    }

    void uuidsOfManyThreadsDiffer()
    {
        constexpr std::size_t kEach = 2000; // more than is drawn at once
        std::array<std::vector<std::string>, 4> made;
        std::vector<std::thread> threads;
        for (auto& ids : made) {
            threads.emplace_back([&ids] {
                for (std::size_t i = 0; i < kEach; ++i) {
                    ids.push_back(hub::base::makeUuidV7(0));
                }
            });
        }
        std::set<std::string> all;
        for (std::size_t i = 0; i < made.size(); ++i) {
            threads[i].join();
            all.insert(made[i].begin(), made[i].end());
        }
        CPPUNIT_ASSERT_EQUAL(made.size() * kEach, all.size());
    }

    void uuidCarriesItsTime()
    {
        const std::string id = hub::base::makeUuidV7(0x0123456789AB);

        CPPUNIT_ASSERT(hub::base::isUuid(id));
        CPPUNIT_ASSERT_EQUAL(std::string("01234567-89ab-7"), id.substr(0, 15));
        CPPUNIT_ASSERT(id != hub::base::makeUuidV7(0x0123456789AB));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(EncodingTest, "encoding");
