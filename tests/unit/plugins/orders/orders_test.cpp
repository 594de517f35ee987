// Goal: an order is what was chosen, at the fees of that moment, under a number of its own, and is
// seen by its organization and by finance only. Method: the plugin on the fake hub.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

#include <set>

namespace orders::test {

namespace {

class OrdersTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrdersTest);
    CPPUNIT_TEST(anOrderHasALineForEachPerson);
    CPPUNIT_TEST(whatIsOrderedIsTold);
    CPPUNIT_TEST(theFeeOfThatMomentStays);
    CPPUNIT_TEST(aQuoteSaysTheSameAndOrdersNothing);
    CPPUNIT_TEST(aNumberThatIsTakenIsDrawnAgain);
    CPPUNIT_TEST(aMillisecondWithoutNumbersIsRefused);
    CPPUNIT_TEST(namesAreShownToTheOrganizationAndKeptNowhere);
    CPPUNIT_TEST(anOrderIsShownWhileNobodyCanSayTheNames);
    CPPUNIT_TEST(ordersOfOthersDoNotExist);
    CPPUNIT_TEST(theListIsReadInPages);
    CPPUNIT_TEST(financeSeesAllOrdersAndFilters);
    CPPUNIT_TEST(othersMayAskAboutPersons);
    CPPUNIT_TEST(commandsShowWhatThereIs);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

public:
    void tearDown() override { CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault()); }

    void anOrderHasALineForEachPerson()
    {
        desk_.addPersons(1);
        desk_.addPerson("person-2", {{"reuse", true}});
        desk_.addPerson("person-3", {{"admission_period", "last_days"}});
        desk_.addPerson("person-4", {{"reuse", true}, {"upgraded", true}});
        const Heard heard = desk_.create({"person-3", "person-1", "person-2", "person-4"});
        assertStatus(201, heard);
        CPPUNIT_ASSERT(heard.body.at("state") == "unpaid");
        CPPUNIT_ASSERT(heard.body.at("amount_minor") == 10000 + 20000 + 10000 + 20000);
        CPPUNIT_ASSERT(heard.body.at("currency") == "CNY");
        CPPUNIT_ASSERT(heard.body.at("pack_revision") == 3);
        CPPUNIT_ASSERT(heard.body.at("expires_at") == "2026-10-15T02:40:00.123Z");
        CPPUNIT_ASSERT(heard.body.at("deadline_at") == "2026-10-20T16:00:00.000Z");
        const Json& lines = heard.body.at("lines");
        CPPUNIT_ASSERT_EQUAL(std::size_t{4}, lines.size());
        CPPUNIT_ASSERT(lines.at(0).at("person_id") == "person-3");
        CPPUNIT_ASSERT(lines.at(0).at("line") == 1);
        CPPUNIT_ASSERT(lines.at(0).at("amount_minor") == 10000);
        CPPUNIT_ASSERT(lines.at(2).at("amount_minor") == 10000);
        CPPUNIT_ASSERT(lines.at(3).at("amount_minor") == 20000);
    }

    void whatIsOrderedIsTold()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        CPPUNIT_ASSERT_EQUAL(std::string("V20261008104000123"), number.substr(0, 18));
        CPPUNIT_ASSERT_EQUAL(std::string("001"), number.substr(21));
        const Json expected = {{"order_ref", number},
                               {"organization_id", kOrganization},
                               {"amount_minor", 2 * kFee},
                               {"currency", "CNY"},
                               {"person_ids", {"person-1", "person-2"}}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), desk_.lastPublished("order.created").dump());
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.created"));
        CPPUNIT_ASSERT_EQUAL(kEdition, desk_.fake.publications().front().edition);
    }

    void theFeeOfThatMomentStays()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        desk_.pack["fees"][0]["amount_minor"] = 99999;
        desk_.revision = 4;
        desk_.addPerson("person-1", {{"admission_period", "last_days"}});
        const Heard heard = desk_.show(number);
        CPPUNIT_ASSERT(heard.body.at("amount_minor") == kFee);
        CPPUNIT_ASSERT(heard.body.at("pack_revision") == 3);
        CPPUNIT_ASSERT(heard.body.at("lines").at(0).at("amount_minor") == kFee);
        CPPUNIT_ASSERT(heard.body.at("lines").at(0).at("admission_period") == "all_days");
    }

    void aQuoteSaysTheSameAndOrdersNothing()
    {
        const auto ids = desk_.addPersons(2);
        const Heard quoted = desk_.quote(ids);
        assertStatus(200, quoted);
        CPPUNIT_ASSERT(!quoted.body.contains("number"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, desk_.fake.publications().size());
        Json ordered = desk_.create(ids).body; // the persons are free still
        ordered.erase("number");
        Json priced = quoted.body;
        for (Json& line : priced.at("lines")) { // the order itself names them
            for (const char* shown : {"name", "document_masked", "delivery_method", "state"}) {
                line.erase(shown);
            }
        }
        CPPUNIT_ASSERT_EQUAL(ordered.dump(), priced.dump());
        assertRefused(422, "persons_not_orderable", desk_.quote(ids));
    }

    void aNumberThatIsTakenIsDrawnAgain()
    {
        // The same hub once more draws the same digits; there the number is taken.
        const std::string number = desk_.ordered(desk_.addPersons(1));
        Desk other;
        other.fake.store().asHub(
            "INSERT INTO orders_order VALUES (0, '" + number +
            "', 'ciie-7', 'organization-9', 'paid', '', '', 1, 'CNY', 1, 1, '', '', 1, 1, 0, 0)");
        const std::string another = other.ordered(other.addPersons(1));
        CPPUNIT_ASSERT(another != number);
        CPPUNIT_ASSERT_EQUAL(number.substr(0, 18), another.substr(0, 18));
        CPPUNIT_ASSERT(other.show(number, "organization-9").body.at("amount_minor") == 1);
    }

    void aMillisecondWithoutNumbersIsRefused()
    {
        desk_.addPersons(1);
        for (int i = 1000; i < 2000; ++i) {
            desk_.fake.store().asHub("INSERT INTO orders_order VALUES (0, 'V20261008104000123" +
                                     std::to_string(i).substr(1) +
                                     "001', 'ciie-7', 'organization-9', 'paid', '', '', 1, 'CNY',"
                                     " 1, 1, '', '', 1, 1, 0, 0)");
        }
        const Heard heard = desk_.create({"person-1"});
        assertRefused(503, "order_number_unavailable", heard);
        CPPUNIT_ASSERT(heard.body.at("retry_after_s") == 1);
        desk_.fake.clock().advance(1);
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-1"}).status);
    }

    void namesAreShownToTheOrganizationAndKeptNowhere()
    {
        const Heard created = desk_.create(desk_.addPersons(1));
        // The hub keeps this answer, for whoever asks again with the same key.
        CPPUNIT_ASSERT_EQUAL(std::string::npos, created.body.dump().find("样本甲"));
        CPPUNIT_ASSERT_EQUAL(std::string::npos, created.body.dump().find("110***"));
        const std::string number = created.body.at("number");
        const Json line = desk_.show(number).body.at("lines").at(0);
        CPPUNIT_ASSERT(line.at("name") == "样本甲");
        CPPUNIT_ASSERT(line.at("document_masked") == "110***********0020");
        CPPUNIT_ASSERT(line.at("delivery_method") == "courier");
        const Heard finance =
            desk_.finance("finance.order_get", {{"number", number}}, Json::object());
        CPPUNIT_ASSERT_EQUAL(std::string::npos, finance.body.dump().find("样本甲"));
        const std::string bytes = desk_.fake.storeBytes();
        CPPUNIT_ASSERT(bytes.find("person-1") != std::string::npos);
        for (const char* personal : {"样本甲", "110***"}) {
            CPPUNIT_ASSERT_EQUAL(std::string::npos, bytes.find(personal));
            for (const auto& publication : desk_.fake.publications()) {
                CPPUNIT_ASSERT_EQUAL(std::string::npos, publication.payload.find(personal));
            }
        }
    }

    void anOrderIsShownWhileNobodyCanSayTheNames()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        desk_.registration_answers = false;
        const Heard heard = desk_.show(number);
        assertStatus(200, heard);
        CPPUNIT_ASSERT(!heard.body.at("lines").at(0).contains("name"));
        CPPUNIT_ASSERT(heard.body.at("lines").at(0).at("amount_minor") == kFee);
    }

    void ordersOfOthersDoNotExist()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        const std::string none = "V20261008104000999999001";
        assertRefused(404, "not_found", desk_.show(number, kOther));
        CPPUNIT_ASSERT(desk_.show(number, kOther).body == desk_.show(none, kOther).body);
        CPPUNIT_ASSERT(desk_.cancel(number, kOther).body == desk_.cancel(none, kOther).body);
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk_.stateOf(number));
        CPPUNIT_ASSERT(desk_.list({}, kOther).body.at("items").empty());
    }

    void theListIsReadInPages()
    {
        std::vector<std::string> numbers;
        for (const std::string& id : desk_.addPersons(5)) {
            numbers.push_back(desk_.ordered({id}));
            desk_.fake.clock().advance(1);
        }
        std::vector<std::string> seen;
        Json query = {{"limit", "2"}};
        for (int page = 0; page < 3; ++page) {
            const Heard heard = desk_.list(query);
            for (const Json& item : heard.body.at("items")) {
                seen.push_back(textOf(item, "number"));
            }
            query["cursor"] = heard.body.at("next_cursor");
        }
        CPPUNIT_ASSERT(query.at("cursor").is_null());
        CPPUNIT_ASSERT(std::vector<std::string>(numbers.rbegin(), numbers.rend()) == seen);
        // A page that is exactly full is the last one.
        CPPUNIT_ASSERT(desk_.list({{"limit", "5"}}).body.at("next_cursor").is_null());
    }

    void financeSeesAllOrdersAndFilters()
    {
        desk_.addPersons(2);
        desk_.addPerson("person-3", {{"organization_id", kOther}});
        const std::string first = desk_.ordered({"person-1"});
        desk_.passTime(kDay);
        const std::string second = desk_.ordered({"person-2"});
        const std::string third = textOf(desk_.create({"person-3"}, kOther).body, "number");
        desk_.cancel(second);
        const auto count = [&](const Json& query) {
            return desk_.finance("finance.order_list", Json::object(), query)
                .body.at("items")
                .size();
        };
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, count(Json::object()));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count({{"organization_id", kOther}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count({{"state", "unpaid"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             count({{"state", "unpaid"}, {"organization_id", kOrganization}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, count({{"from", "2026-10-09"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count({{"until", "2026-10-08"}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count({{"until", "2026-10-09"}, {"cursor", second}}));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, count({{"until", "2026-10-08"}, {"cursor", third}}));
        assertRefused(422,
                      "state_not_known",
                      desk_.finance("finance.order_list", Json::object(), {{"state", "open"}}));
        assertRefused(422, "state_not_known", desk_.list({{"state", "open"}}));
        assertRefused(404,
                      "not_found",
                      desk_.finance("finance.order_get", {{"number", "V1"}}, Json::object()));
    }

    void othersMayAskAboutPersons()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        const Json question = {{"person_ids", {"person-2", "person-9"}}};
        const Json held = desk_.ask("of_persons", question).at("persons");
        CPPUNIT_ASSERT(held.at(0).at("order_ref") == number);
        CPPUNIT_ASSERT(held.at(1).at("order_ref") == "");
        desk_.cancel(number);
        CPPUNIT_ASSERT(desk_.ask("of_persons", question).at("persons").at(0).at("order_ref") == "");
        // The right of access is about all that is kept, also of what has ended.
        const Json data = desk_.ask("person_data", {{"person_id", "person-2"}});
        CPPUNIT_ASSERT(data.at("orders").at(0).at("order_ref") == number);
        CPPUNIT_ASSERT(data.at("orders").at(0).at("state") == "canceled");
        CPPUNIT_ASSERT(desk_.ask("person_data", {{"person_id", "person-9"}}) == Json::object());
    }

    void commandsShowWhatThereIs()
    {
        const std::string number = desk_.ordered(desk_.addPersons(1));
        desk_.tell("payment.created", "payment-1", number);
        const Json shown = desk_.command("order.show", {number});
        CPPUNIT_ASSERT(shown.at("data").at("number") == number);
        std::set<std::string> titles;
        for (const Json& section : shown.at("sections")) {
            titles.insert(textOf(section, "title"));
            for (const Json& row : section.at("rows")) {
                CPPUNIT_ASSERT_EQUAL(section.at("columns").size(), row.size());
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{7}, titles.size());
        CPPUNIT_ASSERT(shown.dump().find("200.00 CNY") != std::string::npos);
        CPPUNIT_ASSERT(shown.dump().find("payment-1") != std::string::npos);
        const Json list = desk_.command("order.list");
        CPPUNIT_ASSERT(list.at("data").at("items").at(0).at("number") == number);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_NOT_FOUND},
                             desk_.fake.command("order.show", R"(["V1"])").status);
    }
};

HUB_TEST_SUITE_REGISTRATION(OrdersTest, "orders");

} // namespace

} // namespace orders::test
