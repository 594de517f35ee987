// Goal: only the very amount in time pays an order, once; all other money is kept for finance and
// changes nothing. Method: events of payments in any order and repeated.
#include "desk.hpp"
#include "domain/json.hpp"
#include "support/suite.hpp"

namespace orders::test {

namespace {

class MoneyTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MoneyTest);
    CPPUNIT_TEST(theVeryAmountPaysTheOrder);
    CPPUNIT_TEST(thePaymentMayBeToldBeforeItsCreation);
    CPPUNIT_TEST(anEventToldTwiceCountsOnce);
    CPPUNIT_TEST(otherMoneyIsKeptAndChangesNothing);
    CPPUNIT_TEST(theRightMoneyAfterTheWrongPaysTheOrder);
    CPPUNIT_TEST(lateMoneyOpensNoCanceledOrder);
    CPPUNIT_TEST(aSecondPaymentIsKept);
    CPPUNIT_TEST(moneyForANumberThatWasNeverGivenIsKept);
    CPPUNIT_TEST(paymentsForSomethingElseAreNotOurs);
    CPPUNIT_TEST(moneyAfterTheDeadlineIsKept);
    CPPUNIT_TEST(anExceptionMakesMoneyTimely);
    CPPUNIT_TEST(moneyThatWasClosedBeforePaysAfterAll);
    CPPUNIT_TEST(keptMoneyIsShownWithItsAge);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    std::string orderOfOne() { return desk_.ordered(desk_.addPersons(1)); }

    Json unapplied() { return desk_.command("order.unapplied").at("data").at("items"); }

    /// Of the newest.
    std::string reason() { return textOf(unapplied().at(0), "reason"); }

public:
    void tearDown() override { CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault()); }

    void theVeryAmountPaysTheOrder()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        desk_.tell("payment.created", "payment-1", number, {{"amount_minor", 2 * kFee}});
        desk_.passTime(kMinute);
        desk_.tell("payment.paid", "payment-1", number, {{"amount_minor", 2 * kFee}});
        const Heard heard = desk_.show(number);
        CPPUNIT_ASSERT(heard.body.at("state") == "paid");
        CPPUNIT_ASSERT(heard.body.at("payment_id") == "payment-1");
        CPPUNIT_ASSERT(heard.body.at("paid_at") == "2026-10-08T02:41:00.123Z");
        const Json expected = {{"order_ref", number},
                               {"organization_id", kOrganization},
                               {"amount_minor", 2 * kFee},
                               {"currency", "CNY"},
                               {"payment_id", "payment-1"},
                               {"person_ids", {"person-1", "person-2"}}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), desk_.lastPublished("order.paid").dump());
        CPPUNIT_ASSERT(desk_.fake.timers().empty());
        CPPUNIT_ASSERT(unapplied().empty());
    }

    void thePaymentMayBeToldBeforeItsCreation()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.paid", "payment-1", number);
        desk_.tell("payment.created", "payment-1", number);
        desk_.tell("payment.expired", "payment-1", number);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_.stateOf(number));
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.paid"));
    }

    void anEventToldTwiceCountsOnce()
    {
        const std::string number = orderOfOne();
        for (int i = 0; i < 2; ++i) {
            desk_.tell("payment.paid", "payment-1", number);
            desk_.tell("payment.paid", "payment-2", number);
        }
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.paid"));
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.payment_unapplied"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, unapplied().size());
    }

    void otherMoneyIsKeptAndChangesNothing()
    {
        struct Row {
            std::string name;
            Json change;
            std::string reason;
        };
        for (const Row& row :
             std::vector<Row>{{"a fen short", {{"amount_minor", kFee - 1}}, "other_amount"},
                              {"a fen over", {{"amount_minor", kFee + 1}}, "other_amount"},
                              {"other currency", {{"currency", "HKD"}}, "other_currency"},
                              {"nothing", {{"amount_minor", 0}}, "other_amount"}}) {
            Desk desk;
            const std::string number = desk.ordered(desk.addPersons(1));
            desk.tell("payment.paid", "payment-1", number, row.change);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string("unpaid"), desk.stateOf(number));
            CPPUNIT_ASSERT_EQUAL(0, desk.published("order.paid"));
            const Json told = desk.lastPublished("order.payment_unapplied");
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.reason, textOf(told, "reason"));
            CPPUNIT_ASSERT(told.at("organization_id") == kOrganization);
            CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        }
    }

    void theRightMoneyAfterTheWrongPaysTheOrder()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.paid", "payment-1", number, {{"amount_minor", 1}});
        desk_.tell("payment.paid", "payment-2", number);
        CPPUNIT_ASSERT(desk_.show(number).body.at("payment_id") == "payment-2");
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, unapplied().size());
        const Json told =
            desk_.finance("finance.order_get", {{"number", number}}, Json::object()).body;
        CPPUNIT_ASSERT(told.at("unapplied").at(0).at("payment_id") == "payment-1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, told.at("payments").size());
    }

    void lateMoneyOpensNoCanceledOrder()
    {
        const std::string number = orderOfOne();
        desk_.cancel(number);
        desk_.tell("payment.created", "payment-1", number);
        desk_.tell("payment.paid", "payment-1", number);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), desk_.stateOf(number));
        CPPUNIT_ASSERT_EQUAL(std::string("order_canceled"), reason());
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.paid"));
        desk_.passTime(9 * kDay);
        const std::string expired = desk_.ordered({"person-1"});
        desk_.passTime(9 * kDay);
        desk_.tell("payment.paid", "payment-2", expired);
        CPPUNIT_ASSERT_EQUAL(std::string("order_canceled"), reason());
    }

    void aSecondPaymentIsKept()
    {
        const std::string number = orderOfOne();
        for (const char* state : {"paid", "partly_refunded", "refunded"}) {
            desk_.fake.store().asHub("UPDATE orders_order SET state = '" + std::string{state} +
                                     "'");
            desk_.fake.clock().advance(1);
            desk_.tell("payment.paid", std::string{"payment-"} + state, number);
            CPPUNIT_ASSERT_EQUAL(std::string("order_already_paid"), reason());
            CPPUNIT_ASSERT_EQUAL(std::string{state}, desk_.stateOf(number));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, unapplied().size());
    }

    void moneyForANumberThatWasNeverGivenIsKept()
    {
        desk_.tell("payment.paid", "payment-1", "V20261008104000999999001");
        CPPUNIT_ASSERT_EQUAL(std::string("order_unknown"), reason());
        CPPUNIT_ASSERT(!desk_.lastPublished("order.payment_unapplied").contains("organization_id"));
    }

    void paymentsForSomethingElseAreNotOurs()
    {
        desk_.tell("payment.created", "payment-1", "sample-order-1");
        desk_.tell("payment.paid", "payment-1", "sample-order-1");
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, desk_.fake.publications().size());
        CPPUNIT_ASSERT(unapplied().empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0},
                             desk_.fake.store().integer("SELECT COUNT(*) FROM orders_payment"));
    }

    void moneyAfterTheDeadlineIsKept()
    {
        desk_.fake.clock().set(kDeadlineMs - kMinute);
        const auto ids = desk_.addPersons(2);
        const std::string in_time = desk_.ordered({"person-1"});
        const std::string late = desk_.ordered({"person-2"});
        desk_.tell("payment.created", "payment-1", in_time);
        desk_.tell("payment.created", "payment-2", late);
        // What was paid in time may be confirmed a little later.
        desk_.passTime(31 * kMinute);
        desk_.tell("payment.paid", "payment-1", in_time);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_.stateOf(in_time));
        desk_.passTime(1);
        desk_.tell("payment.paid", "payment-2", late);
        CPPUNIT_ASSERT_EQUAL(std::string("after_deadline"), reason());
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk_.stateOf(late));
        desk_.passTime(10 * kMinute);
        CPPUNIT_ASSERT_EQUAL(std::string("canceled"), desk_.stateOf(late));
    }

    void anExceptionMakesMoneyTimely()
    {
        desk_.fake.clock().set(kDeadlineMs - kMinute);
        const std::string number = orderOfOne();
        desk_.grantException(kOrganization,
                             {{"until", "2026-10-25T24:00:00+08:00"}, {"reason", "a sample"}});
        desk_.passTime(2 * kDay);
        desk_.tell("payment.paid", "payment-1", number);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_.stateOf(number));
    }

    void moneyThatWasClosedBeforePaysAfterAll()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.created", "payment-1", number);
        desk_.tell("payment.closed", "payment-1", number);
        desk_.tell("payment.paid", "payment-1", number);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk_.stateOf(number));
    }

    void keptMoneyIsShownWithItsAge()
    {
        desk_.tell("payment.paid", "payment-1", "V20261008104000999999001");
        desk_.passTime(3 * kDay + kHour);
        const Json row = desk_.command("order.unapplied").at("sections").at(0).at("rows").at(0);
        CPPUNIT_ASSERT(row.at(0) == "payment-1");
        CPPUNIT_ASSERT(row.at(3) == "200.00 CNY");
        CPPUNIT_ASSERT(row.at(6) == "3");
    }
};

HUB_TEST_SUITE_REGISTRATION(MoneyTest, "money");

} // namespace

} // namespace orders::test
