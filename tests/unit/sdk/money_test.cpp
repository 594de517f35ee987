// Goal: amounts are exact, and nothing that is no amount is read as one. Method: known answers and
// refusals by table.

#include "support/suite.hpp"

#include <hub/money.hpp>

#include <cstdint>
#include <limits>
#include <string>

namespace {

using hub::Money;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();

class MoneyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MoneyTest);
    CPPUNIT_TEST(readsDecimalsExactly);
    CPPUNIT_TEST(refusesWhatIsNoAmount);
    CPPUNIT_TEST(writesTwoDecimals);
    CPPUNIT_TEST(everyAmountSurvivesTheText);
    CPPUNIT_TEST(addsWithinOneCurrencyAndRange);
    CPPUNIT_TEST_SUITE_END();

public:
    void readsDecimalsExactly()
    {
        struct Row {
            const char* text;
            std::int64_t minor;
        };
        for (const Row& row : {Row{"0", 0},
                               Row{"0.00", 0},
                               Row{"0.01", 1},
                               Row{"0.1", 10},
                               Row{"12", 1200},
                               Row{"12.3", 1230},
                               Row{"12.34", 1234},
                               // A double would make 1109 and 1999 of these.
                               Row{"11.10", 1110},
                               Row{"20.00", 2000},
                               Row{"0.29", 29},
                               Row{"4.35", 435},
                               Row{"007.50", 750},
                               Row{"9999999999999999.99", 999999999999999999}}) {
            const auto money = hub::parseDecimal(row.text);
            CPPUNIT_ASSERT_MESSAGE(row.text, money.ok());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.text, row.minor, money.value().amountMinor());
            CPPUNIT_ASSERT_EQUAL(std::string("CNY"), money.value().currency());
        }
    }

    void refusesWhatIsNoAmount()
    {
        for (const char* text : {"",
                                 ".",
                                 "1.",
                                 ".5",
                                 "1.234",
                                 "-1",
                                 "+1",
                                 " 1",
                                 "1 ",
                                 "1e2",
                                 "1,00",
                                 "1.2.3",
                                 "0x10",
                                 "NaN",
                                 "１",
                                 "1.0a",
                                 "a.00",
                                 "10000000000000000",
                                 "12345678901234567.00"}) {
            CPPUNIT_ASSERT_MESSAGE(text, !hub::parseDecimal(text).ok());
        }
    }

    void writesTwoDecimals()
    {
        struct Row {
            std::int64_t minor;
            const char* text;
        };
        for (const Row& row : {Row{0, "0.00"},
                               Row{1, "0.01"},
                               Row{10, "0.10"},
                               Row{100, "1.00"},
                               Row{-5, "-0.05"},
                               Row{-1234, "-12.34"},
                               Row{kMax, "92233720368547758.07"},
                               Row{kMin, "-92233720368547758.08"}}) {
            CPPUNIT_ASSERT_EQUAL(std::string(row.text), hub::toDecimal(Money{row.minor, "CNY"}));
        }
    }

    void everyAmountSurvivesTheText()
    {
        for (std::int64_t minor = 0; minor < 100000; minor += 7) {
            const Money money{minor, "CNY"};
            CPPUNIT_ASSERT(money == hub::parseDecimal(hub::toDecimal(money)).value());
        }
    }

    void addsWithinOneCurrencyAndRange()
    {
        CPPUNIT_ASSERT(Money(3, "CNY") == hub::add(Money{1, "CNY"}, Money{2, "CNY"}).value());
        CPPUNIT_ASSERT(!hub::add(Money{1, "CNY"}, Money{2, "USD"}).ok());
        CPPUNIT_ASSERT(!hub::add(Money{kMax, "CNY"}, Money{1, "CNY"}).ok());
        CPPUNIT_ASSERT(!hub::add(Money{kMin, "CNY"}, Money{-1, "CNY"}).ok());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MoneyTest, "money");
