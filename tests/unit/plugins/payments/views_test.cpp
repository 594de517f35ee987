// Goal: what is read is true, paged, and the same for routes, asks and commands. Method: scenarios.

#include "desk.hpp"
#include "support/suite.hpp"

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

class ViewsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ViewsTest);
    CPPUNIT_TEST(theEtagChangesWithEveryStep);
    CPPUNIT_TEST(theTimelineTellsWhoAndWhy);
    CPPUNIT_TEST(listsArePagedNewestFirst);
    CPPUNIT_TEST(listsAreFilteredByWhatIsShown);
    CPPUNIT_TEST(wrongQueriesAreRefused);
    CPPUNIT_TEST(whatIsNotThereIsNotFound);
    CPPUNIT_TEST(aPaymentIsFoundByAnyOfItsNumbers);
    CPPUNIT_TEST(theLedgerCheckFindsDamage);
    CPPUNIT_TEST(otherPluginsAskByOrder);
    CPPUNIT_TEST(strangersAreRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void theEtagChangesWithEveryStep()
    {
        Desk desk;
        const Made made = desk.create();
        const std::string before = etag(desk, made);

        CPPUNIT_ASSERT_EQUAL(before, etag(desk, made));
        desk.showCode(made.create);

        CPPUNIT_ASSERT(before != etag(desk, made));
    }

    void theTimelineTellsWhoAndWhy()
    {
        Desk desk;
        const Made made = desk.createPaid();

        const auto steps = desk.steps(made.payment_id);

        const std::vector<std::string> expected = {"payment  created open",
                                                   "attempt  created creating",
                                                   "attempt creating create_succeeded waiting",
                                                   "attempt waiting paid_reported paid",
                                                   "payment open attempt_paid paid"};
        std::vector<std::string> told;
        for (const Json& step : steps) {
            told.push_back(step["subject"].get<std::string>() + " " +
                           step["from"].get<std::string>() + " " +
                           step["cause"].get<std::string>() + " " + step["to"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(3, step["configuration_version"].get<int>());
            CPPUNIT_ASSERT_EQUAL(std::size_t{32}, step["trace"].get<std::string>().size());
        }
        CPPUNIT_ASSERT(expected == told);
        CPPUNIT_ASSERT_EQUAL(std::string("key:test"), steps[0]["principal"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string(kMain), steps[1]["account"].get<std::string>());
    }

    void listsArePagedNewestFirst()
    {
        Desk desk;
        std::vector<std::string> expected;
        for (int i = 0; i < 5; ++i) {
            expected.insert(expected.begin(), desk.create("order-" + std::to_string(i)).payment_id);
        }

        std::vector<std::string> found;
        Json query = {{"limit", "2"}};
        int pages = 0;
        while (true) {
            const Json page = list(desk, query);
            ++pages;
            for (const Json& item : page["items"]) {
                found.push_back(item["payment_id"]);
            }
            if (page["next_cursor"].is_null()) {
                break;
            }
            query["cursor"] = page["next_cursor"];
        }

        CPPUNIT_ASSERT_EQUAL(3, pages);
        CPPUNIT_ASSERT(expected == found);
    }

    void listsAreFilteredByWhatIsShown()
    {
        Desk desk;
        desk.create("order-creating");
        desk.createWaiting("order-waiting");
        desk.createPaid("order-paid");
        desk.unknown(desk.create("order-checking").create);
        desk.reject(desk.create("order-unpaid").create);

        for (const std::string state : {"creating", "waiting", "paid", "checking", "unpaid"}) {
            const Json items = list(desk, {{"state", state}})["items"];
            CPPUNIT_ASSERT_EQUAL_MESSAGE(state, std::size_t{1}, items.size());
            CPPUNIT_ASSERT_EQUAL("order-" + state, items[0]["order_ref"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(state, items[0]["state"].get<std::string>());
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             list(desk, {{"order_ref", "order-paid"}})["items"].size());
        CPPUNIT_ASSERT(list(desk, {{"order_ref", "order"}})["items"].empty());
    }

    void wrongQueriesAreRefused()
    {
        Desk desk;
        for (const Json& query : {Json{{"state", "sleeping"}},
                                  Json{{"limit", "0"}},
                                  Json{{"limit", "201"}},
                                  Json{{"limit", "2x"}},
                                  Json{{"cursor", "next"}},
                                  Json{{"cursor", "-1"}}}) {
            const Json answer =
                parse(desk.hub().get("payment.list", Json{{"query", query}}.dump()));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(query.dump(), 400, answer["status"].get<int>());
        }
    }

    void whatIsNotThereIsNotFound()
    {
        Desk desk;
        const Json path = {{"path", {{"payment_id", "x"}, {"refund_id", "y"}}}};
        for (const std::string operation : {"payment.get", "payment.timeline", "refund.get"}) {
            assertStatus(HUB_NOT_FOUND, desk.hub().get(operation, path.dump()));
        }
        assertStatus(HUB_NOT_FOUND, desk.hub().command("payment.show", R"(["x"])"));
        assertStatus(HUB_NOT_FOUND, desk.hub().command("payment.show", "[]"));
    }

    void aPaymentIsFoundByAnyOfItsNumbers()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        for (const std::string& name : {made.payment_id, made.number, desk.lastRefundNumber()}) {
            const Json shown =
                parse(desk.hub().command("payment.show", Json::array({name}).dump()));
            CPPUNIT_ASSERT_EQUAL(made.payment_id, shown["data"]["payment_id"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::size_t{4}, shown["sections"].size());
            for (const Json& section : shown["sections"]) {
                for (const Json& row : section["rows"]) {
                    CPPUNIT_ASSERT_EQUAL(section["columns"].size(), row.size());
                }
            }
        }
        const Json listed = parse(desk.hub().command("payment.list"));
        CPPUNIT_ASSERT_EQUAL(std::string("200.00 CNY"),
                             listed["sections"][0]["rows"][0][3].get<std::string>());
    }

    void theLedgerCheckFindsDamage()
    {
        const std::vector<std::string> damage = {
            "UPDATE payments_booking_line SET amount_minor = amount_minor + 1 WHERE line = 1",
            "DELETE FROM payments_booking_line",
            "DELETE FROM payments_booking_line WHERE line = 2",
            "UPDATE payments_booking_line SET account = 'income:others' WHERE line = 2",
            "UPDATE payments_booking_line SET currency = 'USD' WHERE line = 2",
            "UPDATE payments_attempt SET amount_minor = 1",
            "UPDATE payments_attempt SET state = 'waiting'"};
        for (const std::string& sql : damage) {
            Desk desk;
            desk.createPaid();
            CPPUNIT_ASSERT_EQUAL(0, parse(desk.hub().command("ledger.check"))["exit"].get<int>());
            desk.hub().store().asHub(sql);

            const Json check = parse(desk.hub().command("ledger.check"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, 1, check["exit"].get<int>());
            CPPUNIT_ASSERT(!check["data"]["balanced"].get<bool>());
        }
    }

    void otherPluginsAskByOrder()
    {
        Desk desk;
        desk.create();
        Json status = parse(desk.hub().ask("status", "order-1"));
        CPPUNIT_ASSERT(status["undecided"].get<bool>());
        CPPUNIT_ASSERT(!status["paid"].get<bool>());
        desk.createPaid("order-2");

        status = parse(desk.hub().ask("status", "order-2"));

        CPPUNIT_ASSERT(status["paid"].get<bool>());
        CPPUNIT_ASSERT(!status["undecided"].get<bool>());
        CPPUNIT_ASSERT(parse(desk.hub().ask("status", "order-3"))["payments"].empty());
    }

    void strangersAreRefused()
    {
        Desk desk;
        assertStatus(HUB_UNSUPPORTED, desk.hub().request("payment.destroy", "{}"));
        assertStatus(HUB_UNSUPPORTED, desk.hub().get("payment.destroy", "{}"));
        hub::testing::PluginEvent event;
        event.source = HUB_SOURCE_OUTCOME;
        event.subject = 999;
        event.outcome = HUB_OUTCOME_SUCCEEDED;
        assertStatus(HUB_NOT_FOUND, desk.hub().deliver(event));
    }

private:
    static std::string etag(Desk& desk, const Made& made)
    {
        const Json path = {{"path", {{"payment_id", made.payment_id}}}};
        return parse(desk.hub().get("payment.get", path.dump())).at("etag").get<std::string>();
    }

    static Json list(Desk& desk, const Json& query)
    {
        return parse(desk.hub().get("payment.list", Json{{"query", query}}.dump())).at("body");
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ViewsTest, "views");
