// Goal: an order ends by its organization, by a person's cancellation or by the clock, but never
// while money may come, and then its persons are free. Method: the plugin on the fake hub, with
// payments as events and as answers.
#include "desk.hpp"
#include "support/suite.hpp"

namespace orders::test {

namespace {

class EndingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EndingsTest);
    CPPUNIT_TEST(aCanceledOrderFreesItsPersons);
    CPPUNIT_TEST(cancelingTwiceIsCancelingOnce);
    CPPUNIT_TEST(aPaidOrderIsNotCanceled);
    CPPUNIT_TEST(anOpenPaymentBlocksTheCancel);
    CPPUNIT_TEST(onlyTheEndOfAPaymentEndsTheBlock);
    CPPUNIT_TEST(whatPaymentsSaysCountsBeforeItsEvents);
    CPPUNIT_TEST(moneyOnItsWayBlocksTheCancel);
    CPPUNIT_TEST(inDoubtNothingEnds);
    CPPUNIT_TEST(anUnpaidOrderExpiresAfterItsLife);
    CPPUNIT_TEST(anOrderDoesNotOutliveTheDeadline);
    CPPUNIT_TEST(anOpenPaymentPostponesTheExpiry);
    CPPUNIT_TEST(aSlipAtFinancePostponesTheExpiry);
    CPPUNIT_TEST(aPaidOrderNeverExpires);
    CPPUNIT_TEST(aDueOrderIsToldOnce);
    CPPUNIT_TEST(nobodyIsRemindedWhileAPaymentIsUndecided);
    CPPUNIT_TEST(aCanceledPersonCancelsAnUnpaidOrder);
    CPPUNIT_TEST(aCanceledPersonWaitsForAnOpenPayment);
    CPPUNIT_TEST(aCanceledPersonChangesNoPaidOrder);
    CPPUNIT_TEST_SUITE_END();

    Desk desk_;

    std::string orderOfOne() { return desk_.ordered(desk_.addPersons(1)); }

    static Json status(const std::string& state, bool is_undecided = false)
    {
        return {{"paid", state == "paid"},
                {"undecided", is_undecided},
                {"payments", {{{"payment_id", "payment-1"}, {"state", state}}}}};
    }

    void assertState(const std::string& state, const std::string& number)
    {
        CPPUNIT_ASSERT_EQUAL(state, desk_.stateOf(number));
    }

public:
    void tearDown() override { CPPUNIT_ASSERT_EQUAL(std::string(), desk_.fault()); }

    void aCanceledOrderFreesItsPersons()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        const Heard heard = desk_.cancel(number);
        assertStatus(200, heard);
        CPPUNIT_ASSERT(heard.body.at("state") == "canceled");
        CPPUNIT_ASSERT(heard.body.at("end_reason") == "cancel_requested");
        const Json told = desk_.lastPublished("order.canceled");
        CPPUNIT_ASSERT((told.at("person_ids") == Json{"person-1", "person-2"}));
        CPPUNIT_ASSERT(told.at("reason") == "cancel_requested");
        CPPUNIT_ASSERT(desk_.fake.timers().empty());
        desk_.fake.clock().advance(1);
        CPPUNIT_ASSERT(desk_.ordered({"person-2"}) != number);
    }

    void cancelingTwiceIsCancelingOnce()
    {
        const std::string number = orderOfOne();
        desk_.cancel(number);
        const std::string next = desk_.ordered({"person-1"});
        assertStatus(200, desk_.cancel(number));
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.canceled"));
        // What was freed and ordered again stays in the new order.
        const Json question = {{"person_ids", {"person-1"}}};
        CPPUNIT_ASSERT(desk_.ask("of_persons", question).at("persons").at(0).at("order_ref") ==
                       next);
    }

    void aPaidOrderIsNotCanceled()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.paid", "payment-1", number);
        assertRefused(409, "order_is_paid", desk_.cancel(number));
        desk_.fake.store().asHub("UPDATE orders_order SET state = 'payment_pending'");
        assertRefused(409, "order_payment_pending", desk_.cancel(number));
    }

    void anOpenPaymentBlocksTheCancel()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.created", "payment-1", number);
        const Heard heard = desk_.cancel(number);
        assertRefused(409, "order_payment_open", heard);
        CPPUNIT_ASSERT((heard.body.at("parameters").at("payment_ids") == Json{"payment-1"}));
        assertState("unpaid", number);
    }

    void onlyTheEndOfAPaymentEndsTheBlock()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.created", "payment-1", number);
        desk_.tell("payment.failed", "payment-1", number, {{"payment_open", true}});
        desk_.tell("payment.expired", "payment-1", number, {{"payment_open", true}});
        assertRefused(409, "order_payment_open", desk_.cancel(number));
        desk_.tell("payment.created", "payment-2", number);
        desk_.tell("payment.expired", "payment-1", number, {{"payment_open", false}});
        assertRefused(409, "order_payment_open", desk_.cancel(number));
        desk_.tell("payment.closed", "payment-2", number);
        // An event that comes late or twice opens nothing again.
        desk_.tell("payment.created", "payment-2", number);
        assertStatus(200, desk_.cancel(number));
    }

    void whatPaymentsSaysCountsBeforeItsEvents()
    {
        const std::string number = orderOfOne();
        for (const char* state : {"creating", "checking", "waiting", "unpaid", "closing"}) {
            desk_.paymentsSay(status(state)); // payment.created is on its way still
            assertRefused(409, "order_payment_open", desk_.cancel(number));
        }
        desk_.paymentsSay(status("closed", true)); // an attempt nobody knows the fate of
        assertRefused(409, "order_payment_open", desk_.cancel(number));
        desk_.tell("payment.created", "payment-1", number);
        desk_.paymentsSay(status("closed")); // payment.closed is on its way
        assertStatus(200, desk_.cancel(number));
    }

    void moneyOnItsWayBlocksTheCancel()
    {
        const std::string number = orderOfOne();
        desk_.paymentsSay(status("paid"));
        assertRefused(409, "order_payment_open", desk_.cancel(number));
        // It was another amount: finance has it, and the order may go.
        desk_.tell("payment.paid", "payment-1", number, {{"amount_minor", 1}});
        assertStatus(200, desk_.cancel(number));
    }

    void inDoubtNothingEnds()
    {
        const std::string number = orderOfOne();
        for (const hub_status failure : {HUB_UNAVAILABLE, HUB_INTERNAL, HUB_UNAUTHENTICATED}) {
            desk_.paymentsFail(failure);
            assertRefused(409, "order_payment_open", desk_.cancel(number));
        }
        desk_.passTime(8 * kDay);
        assertState("unpaid", number);
        desk_.paymentsFail(HUB_NOT_FOUND); // nobody owns payments: nothing is paid here
        desk_.passTime(kHour);
        assertState("canceled", number);
    }

    void anUnpaidOrderExpiresAfterItsLife()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        desk_.passTime(7 * kDay - 1);
        assertState("unpaid", number);
        desk_.passTime(1);
        assertState("canceled", number);
        CPPUNIT_ASSERT(desk_.show(number).body.at("end_reason") == "life_over");
        const Json told = desk_.lastPublished("order.expired");
        CPPUNIT_ASSERT((told.at("person_ids") == Json{"person-1", "person-2"}));
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.canceled"));
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-1"}).status);
    }

    void anOrderDoesNotOutliveTheDeadline()
    {
        desk_.fake.clock().set(kDeadlineMs - kHour);
        const std::string number = orderOfOne();
        desk_.passTime(kHour - 1);
        assertState("unpaid", number);
        desk_.passTime(1);
        assertState("canceled", number);
    }

    void anOpenPaymentPostponesTheExpiry()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.created", "payment-1", number);
        desk_.passTime(8 * kDay);
        assertState("unpaid", number);
        desk_.tell("payment.expired", "payment-1", number);
        assertState("unpaid", number); // the clock does it, not the event
        desk_.passTime(10 * kMinute);
        assertState("canceled", number);
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.expired"));
    }

    void aSlipAtFinancePostponesTheExpiry()
    {
        const std::string number = orderOfOne();
        desk_.fake.store().asHub("UPDATE orders_order SET state = 'payment_pending'");
        desk_.passTime(9 * kDay);
        assertState("payment_pending", number);
        desk_.cancelPerson("person-1");
        assertState("payment_pending", number);
        desk_.passTime(kDay);
        desk_.fake.store().asHub("UPDATE orders_order SET state = 'unpaid'");
        desk_.passTime(10 * kMinute);
        assertState("canceled", number);
        CPPUNIT_ASSERT(desk_.lastPublished("order.canceled").at("reason") == "person_canceled");
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.expired"));
    }

    void aPaidOrderNeverExpires()
    {
        const std::string number = orderOfOne();
        desk_.tell("payment.paid", "payment-1", number);
        desk_.passTime(30 * kDay);
        assertState("paid", number);
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.expired"));
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.payment_due"));
    }

    void aDueOrderIsToldOnce()
    {
        const std::string number = orderOfOne();
        desk_.passTime(6 * kDay - 1);
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.payment_due"));
        desk_.passTime(1);
        const Json expected = {{"order_ref", number},
                               {"organization_id", kOrganization},
                               {"amount_minor", kFee},
                               {"currency", "CNY"}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), desk_.lastPublished("order.payment_due").dump());
        desk_.passTime(kDay);
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.payment_due"));
        Desk quiet(Json{{"reminder_hours", 0}});
        quiet.ordered(quiet.addPersons(1));
        quiet.passTime(8 * kDay);
        CPPUNIT_ASSERT_EQUAL(0, quiet.published("order.payment_due"));
        CPPUNIT_ASSERT_EQUAL(1, quiet.published("order.expired"));
    }

    void nobodyIsRemindedWhileAPaymentIsUndecided()
    {
        orderOfOne();
        desk_.paymentsSay(status("checking", true));
        desk_.passTime(6 * kDay + kHour);
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.payment_due"));
    }

    void aCanceledPersonCancelsAnUnpaidOrder()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        desk_.cancelPerson("person-9"); // of no order
        assertState("unpaid", number);
        desk_.cancelPerson("person-2");
        assertState("canceled", number);
        CPPUNIT_ASSERT(desk_.lastPublished("order.canceled").at("reason") == "person_canceled");
        CPPUNIT_ASSERT_EQUAL(201, desk_.create({"person-1"}).status);
        desk_.cancelPerson("person-2"); // told twice
        CPPUNIT_ASSERT_EQUAL(1, desk_.published("order.canceled"));
    }

    void aCanceledPersonWaitsForAnOpenPayment()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        desk_.tell("payment.created", "payment-1", number);
        desk_.cancelPerson("person-2");
        assertState("unpaid", number);
        CPPUNIT_ASSERT(desk_.show(number).body.at("cancel_wanted") == "person_canceled");
        desk_.tell("payment.closed", "payment-1", number);
        assertState("canceled", number);
        // Without an event of payments, the clock looks again.
        desk_.fake.clock().advance(1);
        desk_.setState("person-2", "to_be_paid");
        const std::string next = desk_.ordered({"person-2"});
        desk_.paymentsFail(HUB_UNAVAILABLE);
        desk_.cancelPerson("person-2");
        assertState("unpaid", next);
        desk_.paymentsFail(HUB_NOT_FOUND);
        desk_.passTime(10 * kMinute);
        assertState("canceled", next);
    }

    void aCanceledPersonChangesNoPaidOrder()
    {
        const std::string number = desk_.ordered(desk_.addPersons(2));
        desk_.tell("payment.created", "payment-1", number);
        desk_.cancelPerson("person-2");
        desk_.tell("payment.paid", "payment-1", number, {{"amount_minor", 2 * kFee}});
        assertState("paid", number);
        CPPUNIT_ASSERT(!desk_.show(number).body.contains("cancel_wanted"));
        desk_.cancelPerson("person-1");
        desk_.passTime(9 * kDay);
        assertState("paid", number);
        CPPUNIT_ASSERT_EQUAL(0, desk_.published("order.canceled"));
    }
};

HUB_TEST_SUITE_REGISTRATION(EndingsTest, "endings");

} // namespace

} // namespace orders::test
