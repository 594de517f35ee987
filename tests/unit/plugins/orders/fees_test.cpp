// Goal: a person's fee is what the rules of the edition name, and nothing else. Method: a table of
// persons and of changes to the rules of a real edition.

#include "desk.hpp"
#include "domain/fees.hpp"
#include "support/suite.hpp"

namespace {

using namespace orders; // NOLINT(google-build-using-namespace): the words of the table

struct Row {
    std::string name;
    std::string category;
    std::string period;
    bool reuse;
    bool upgraded;
    Json change; // a merge patch of the pack
    std::string expected;
};

std::string feeText(const Row& row)
{
    Json pack = test::shippedPack();
    if (row.change.is_object()) { // a patch that is null replaces all
        pack.merge_patch(row.change);
    }
    Payable person;
    person.category = row.category;
    person.admission_period = row.period;
    person.reuse = row.reuse;
    person.upgraded = row.upgraded;
    const auto fee = feeOf(pack, person);
    const auto* amount = std::get_if<std::int64_t>(&fee);
    return amount != nullptr ? std::to_string(*amount) : std::get<Objection>(fee).reason;
}

Json fees(const Json& amounts)
{
    Json list = Json::array();
    for (const Json& amount : amounts) {
        list.push_back(
            {{"category", "visitor"}, {"admission_period", "all_days"}, {"amount_minor", amount}});
    }
    return {{"fees", list}};
}

Json percent(const Json& value)
{
    return {{"reuse", {{"fee_percent", value}}}};
}

class FeesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FeesTest);
    CPPUNIT_TEST(theRulesNameTheFee);
    CPPUNIT_TEST(halfAFenCountsAsOne);
    CPPUNIT_TEST(whatTheRulesDoNotSayIsNotGuessed);
    CPPUNIT_TEST_SUITE_END();

    static void check(const std::vector<Row>& rows)
    {
        for (const Row& row : rows) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.expected, feeText(row));
        }
    }

public:
    void theRulesNameTheFee()
    {
        check({{"all days", "visitor", "all_days", false, false, {}, "20000"},
               {"last days", "visitor", "last_days", false, false, {}, "10000"},
               {"reuse", "visitor", "all_days", true, false, {}, "10000"},
               {"reuse, upgraded", "visitor", "all_days", true, true, {}, "20000"},
               {"reuse, all of it", "visitor", "all_days", true, false, percent(100), "20000"},
               {"staff", "staff", "all_days", false, false, {}, "category_free"},
               {"staff by upgrade", "staff", "all_days", true, true, {}, "category_free"}});
    }

    void halfAFenCountsAsOne()
    {
        check({{"7.5", "visitor", "all_days", true, false, fees({15}), "8"},
               {"7.0", "visitor", "all_days", true, false, fees({14}), "7"},
               {"0.5", "visitor", "all_days", true, false, fees({1}), "1"}});
    }

    void whatTheRulesDoNotSayIsNotGuessed()
    {
        const std::string missing = "fee_missing";
        check({{"no category", "", "all_days", false, false, {}, "category_missing"},
               {"unknown category", "guest", "all_days", false, false, {}, "category_missing"},
               {"unknown period", "visitor", "one_day", false, false, {}, missing},
               {"no period", "visitor", "", false, false, {}, missing},
               {"no fees", "visitor", "all_days", false, false, {{"fees", nullptr}}, missing},
               {"two fees", "visitor", "all_days", false, false, fees({1, 1}), missing},
               {"zero", "visitor", "all_days", false, false, fees({0}), missing},
               {"negative", "visitor", "all_days", false, false, fees({-5}), missing},
               {"a fraction", "visitor", "all_days", false, false, fees({1.5}), missing},
               {"a text", "visitor", "all_days", false, false, fees({"200"}), missing},
               {"too high", "visitor", "all_days", false, false, fees({1'000'000'001}), missing},
               {"reuse of last days", "visitor", "last_days", true, false, {}, "reuse_not_allowed"},
               {"no percent", "visitor", "all_days", true, false, percent({}), "reuse_fee_missing"},
               {"0 %", "visitor", "all_days", true, false, percent(0), "reuse_fee_missing"},
               {"101 %", "visitor", "all_days", true, false, percent(101), "reuse_fee_missing"}});
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(FeesTest, "fees");
