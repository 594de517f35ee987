// Goal: limits, quiet hours, codes, routing and variables are right at their edges. Method: tables,
// and a limit against counting by hand over a random history.

#include "domain/ids.hpp"
#include "domain/limits.hpp"
#include "domain/quiet_hours.hpp"
#include "domain/routing.hpp"
#include "domain/template_text.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <random>
#include <set>

namespace {

using namespace messaging; // NOLINT(google-build-using-namespace): the functions under test

constexpr std::int64_t kMinute = 60'000;
constexpr std::int64_t kHour = 60 * kMinute;
// 2026-11-05 00:00 in Shanghai.
constexpr std::int64_t kMidnight = 1'793'808'000'000;

Json account(const std::string& name, const std::string& state, const std::string& breaker)
{
    return {{"account", name},
            {"state", state},
            {"operations", {"send"}},
            {"traits", {{"prefixes", {"+86"}}}},
            {"breaker", breaker}};
}

std::vector<std::int64_t> newestFirst(const std::vector<std::int64_t>& times)
{
    return {times.rbegin(), times.rend()};
}

class DomainTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DomainTest);
    CPPUNIT_TEST(noSpanEverHoldsMoreThanItsLimit);
    CPPUNIT_TEST(whoWaitsAsLongAsSaidMayGoOn);
    CPPUNIT_TEST(quietHoursEndAtTheirTime);
    CPPUNIT_TEST(codesAreSixDigitsAndNoneIsPreferred);
    CPPUNIT_TEST(numbersAreWordsOfTheContract);
    CPPUNIT_TEST(sameMeansSame);
    CPPUNIT_TEST(accountsAreTriedInTheirOrder);
    CPPUNIT_TEST(variablesAreIdentifiersAndAmounts);
    CPPUNIT_TEST_SUITE_END();

    const std::vector<Limit> limits_ = {{kMinute, 1}, {kHour, 5}, {24 * kHour, 10}};

public:
    /// Somebody who asks at random moments, and what was granted, counted by hand.
    void noSpanEverHoldsMoreThanItsLimit()
    {
        for (unsigned seed = 1; seed <= 50; ++seed) {
            std::mt19937 random(seed);
            std::vector<std::int64_t> granted;
            std::int64_t now = kMidnight;
            for (int i = 0; i < 400; ++i) {
                now += static_cast<std::int64_t>(random() % (20 * kMinute));
                if (waitMs(newestFirst(granted), limits_, now) == 0) {
                    granted.push_back(now);
                }
            }
            CPPUNIT_ASSERT(granted.size() > 20);
            for (const Limit& limit : limits_) {
                for (const std::int64_t end : granted) {
                    const auto within =
                        std::count_if(granted.begin(), granted.end(), [&](std::int64_t time) {
                            return time <= end && time > end - limit.span_ms;
                        });
                    CPPUNIT_ASSERT(within <= limit.count_max);
                }
            }
        }
    }

    void whoWaitsAsLongAsSaidMayGoOn()
    {
        for (unsigned seed = 1; seed <= 50; ++seed) {
            std::mt19937 random(seed);
            std::vector<std::int64_t> granted;
            std::int64_t now = kMidnight;
            for (int i = 0; i < 60; ++i) {
                const std::int64_t wait = waitMs(newestFirst(granted), limits_, now);
                if (wait > 0) {
                    CPPUNIT_ASSERT(waitMs(newestFirst(granted), limits_, now + wait - 1) > 0);
                }
                now += wait;
                CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, waitMs(newestFirst(granted), limits_, now));
                granted.push_back(now);
                now += static_cast<std::int64_t>(random() % kHour);
            }
        }
        // A clock that was set back does not open a door.
        CPPUNIT_ASSERT_EQUAL(3 * kMinute,
                             waitMs({kMidnight + 2 * kMinute}, {{kMinute, 1}}, kMidnight));
    }

    void quietHoursEndAtTheirTime()
    {
        struct Row {
            const char* name;
            QuietHours hours;
            std::int64_t at_minute;
            std::int64_t until_minute; // -1: not quiet
        };
        const QuietHours night{21 * 60, 8 * 60};
        const QuietHours noon{12 * 60, 14 * 60};
        const Row rows[] = {{"before the evening", night, 21 * 60 - 1, -1},
                            {"the evening begins", night, 21 * 60, 32 * 60},
                            {"midnight", night, 0, 8 * 60},
                            {"the last minute", night, 8 * 60 - 1, 8 * 60},
                            {"the morning", night, 8 * 60, -1},
                            {"noon begins", noon, 12 * 60, 14 * 60},
                            {"noon is over", noon, 14 * 60, -1},
                            {"before noon", noon, 0, -1},
                            {"never", {0, 0}, 0, -1}};
        for (const Row& row : rows) {
            const auto until = quietUntil(row.hours, kMidnight + row.at_minute * kMinute);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name,
                row.until_minute < 0 ? std::int64_t{-1} : kMidnight + row.until_minute * kMinute,
                until.value_or(-1));
        }
    }

    void codesAreSixDigitsAndNoneIsPreferred()
    {
        const auto bytes = [](std::uint32_t value) {
            std::string text;
            for (int shift = 24; shift >= 0; shift -= 8) {
                text.push_back(static_cast<char>((value >> shift) & 0xFFU));
            }
            return text;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("000000"), *makeCode(bytes(0)));
        CPPUNIT_ASSERT_EQUAL(std::string("000007"), *makeCode(bytes(1'000'007)));
        CPPUNIT_ASSERT_EQUAL(std::string("999999"), *makeCode(bytes(4'293'999'999)));
        // What is left above the last whole million would make low codes likelier.
        CPPUNIT_ASSERT(!makeCode(bytes(4'294'000'000)));
        CPPUNIT_ASSERT(!makeCode(bytes(UINT32_MAX)));
        CPPUNIT_ASSERT_THROW((void)makeCode("abc"), std::invalid_argument);
    }

    void numbersAreWordsOfTheContract()
    {
        const std::string id = makeId(kMidnight, std::string(10, '\xff'));
        CPPUNIT_ASSERT_EQUAL(std::size_t{36}, id.size());
        CPPUNIT_ASSERT_EQUAL('7', id[14]);
        const std::string number = makeNumber(id, 3);
        CPPUNIT_ASSERT_EQUAL(std::size_t{34}, number.size());
        CPPUNIT_ASSERT_EQUAL(std::string("03"), number.substr(32));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, number.find('-'));
    }

    void sameMeansSame()
    {
        CPPUNIT_ASSERT(isSame("", "") && isSame("abc", "abc"));
        CPPUNIT_ASSERT(!isSame("abc", "abd") && !isSame("abc", "ab") && !isSame("", "a"));
        CPPUNIT_ASSERT(!isSame(std::string("\0", 1), ""));
    }

    void accountsAreTriedInTheirOrder()
    {
        const Json accounts = {account("a", "enabled", "closed"),
                               account("b", "enabled", "open"),
                               account("c", "enabled", "closed"),
                               account("d", "draining", "closed"),
                               account("e", "enabled", "probing")};
        const auto list = [&](const std::string& phone,
                              const std::vector<std::string>& preferred,
                              const std::set<std::string>& tried) {
            std::string names;
            for (const auto& name : candidatesFor(accounts, phone, preferred, tried)) {
                names += name;
            }
            return names;
        };
        CPPUNIT_ASSERT_EQUAL(std::string("aceb"), list("+8619900000001", {}, {}));
        CPPUNIT_ASSERT_EQUAL(std::string("ecab"), list("+8619900000001", {"e", "c"}, {}));
        CPPUNIT_ASSERT_EQUAL(std::string("ab"), list("+8619900000001", {"b"}, {"c", "e"}));
        CPPUNIT_ASSERT_EQUAL(std::string(), list("+85260000001", {}, {}));
        CPPUNIT_ASSERT(isServed(accounts, "+8619900000001"));
        CPPUNIT_ASSERT(!isServed(accounts, "+85260000001") && !isServed(Json::array(), "+86"));
    }

    void variablesAreIdentifiersAndAmounts()
    {
        const Json event = {{"order_ref", "sample-order-1"},
                            {"count", 3},
                            {"amount_minor", 20050},
                            {"currency", "CNY"},
                            {"address", "pay.example.com"},
                            {"link", "https://example.com"},
                            {"empty", ""},
                            {"list", {1}}};
        const auto filled = fillNotice({"order_ref", "amount", "count"}, event);
        CPPUNIT_ASSERT(filled);
        CPPUNIT_ASSERT_EQUAL(
            Json({{"order_ref", "sample-order-1"}, {"amount", "200.50"}, {"count", "3"}}).dump(),
            filled->dump());
        for (const char* bad : {"address", "link", "empty", "list", "missing"}) {
            CPPUNIT_ASSERT_MESSAGE(bad, !fillNotice({bad}, event));
        }
        CPPUNIT_ASSERT(!fillNotice({"amount"}, Json{{"amount_minor", 1}}));
        CPPUNIT_ASSERT((variablesIn("a ${b} ${c}${b} ${d") == std::set<std::string>{"b", "c"}));
    }
};

HUB_TEST_SUITE_REGISTRATION(DomainTest, "domain");

} // namespace
