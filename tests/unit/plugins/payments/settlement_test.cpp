// Goal: one charge per order, and money that came too late is treated by the rule. Method:
// scenarios.

#include "desk.hpp"
#include "support/suite.hpp"

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

const Json kClosed = {{"state", "closed"}};

class SettlementTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettlementTest);
    CPPUNIT_TEST(aSecondAttemptOfAPaymentIsRefunded);
    CPPUNIT_TEST(aSecondPaymentOfAnOrderIsRefundedAndClosed);
    CPPUNIT_TEST(anOrderOfAnotherEditionIsAnotherOrder);
    CPPUNIT_TEST(afterAFullRefundTheOrderMayBePaidAgain);
    CPPUNIT_TEST(aRefundUnderWayStillHoldsTheOrder);
    CPPUNIT_TEST(moneyForACanceledPaymentGoesBack);
    CPPUNIT_TEST(moneyThatComesWhileClosingGoesBack);
    CPPUNIT_TEST(aLateSuccessIsHonoredWhereThatIsTheRule);
    CPPUNIT_TEST(aLateSuccessOfAPaidOrderIsNeverHonored);
    CPPUNIT_TEST(anAutomaticRefundIsTriedUntilItSucceeds);
    CPPUNIT_TEST(anAutomaticRefundThatFailedIsMadeAnew);
    CPPUNIT_TEST(aProviderThatFailsAtOnceIsAskedEverSlower);
    CPPUNIT_TEST(nothingIsMadeAnewWhileARequestMayBeUnderWay);
    CPPUNIT_TEST(aLateSuccessOfAFailedRefundTakesItsFollowerBack);
    CPPUNIT_TEST(aLateSuccessIsCountedOnceWhileItsFollowerIsUnderWay);
    CPPUNIT_TEST(aRefusalOfLongAgoIsMadeAnewWhenNothingIsThere);
    CPPUNIT_TEST(anAutomaticRefundWaitsForASwitchedOffConnector);
    CPPUNIT_TEST(whatTheProviderSentBackIsNotSentBackTwice);
    CPPUNIT_TEST(payingEndsTheOtherCodes);
    CPPUNIT_TEST_SUITE_END();

public:
    void aSecondAttemptOfAPaymentIsRefunded()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.newAttempt(made.payment_id, kOther);
        desk.hub().passTime(3'000);
        const std::string second = desk.hub().lastCall("create").idempotency_key;
        desk.showCode(desk.hub().lastCall("create").id);

        desk.notice(made.number, "paid");
        assertStatus(HUB_OK, desk.notice(second, "paid", Json::object(), kOther));

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
        const Json refund = desk.payloadOf(desk.hub().lastCall("refund"));
        CPPUNIT_ASSERT_EQUAL(second, refund["number"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("second_payment"), refund["reason"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(kAmount, refund["amount_minor"].get<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(-kAmount, balance(desk, "income:fees"));
        CPPUNIT_ASSERT_EQUAL(-kAmount, balance(desk, "liability:refunds_payable"));
        succeedRefund(desk);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "receivable:wallet-other"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "liability:unapplied"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aSecondPaymentOfAnOrderIsRefundedAndClosed()
    {
        Desk desk;
        const Made first = desk.createWaiting();
        const Made second = desk.createWaiting();
        desk.notice(first.number, "paid");

        desk.notice(second.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(first.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(second.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.closed"));
        succeedRefund(desk);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void anOrderOfAnotherEditionIsAnotherOrder()
    {
        Desk desk;
        desk.createPaid();
        const Made archived = desk.createWaiting("order-2");
        desk.hub().store().asHub("UPDATE payments_payment SET edition = '4',"
                                 " order_ref = 'order-1' WHERE payment_id = '" +
                                 archived.payment_id + "'");

        desk.notice(archived.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(archived.payment_id));
    }

    void afterAFullRefundTheOrderMayBePaidAgain()
    {
        Desk desk;
        const Made first = desk.createPaid();
        desk.refund(first.payment_id, kAmount);
        succeedRefund(desk);

        const Made second = desk.createPaid();

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(second.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
    }

    void aRefundUnderWayStillHoldsTheOrder()
    {
        Desk desk;
        const Made first = desk.createWaiting();
        const Made second = desk.createWaiting();
        desk.notice(first.number, "paid");
        desk.refund(first.payment_id, kAmount);

        desk.notice(second.number, "paid");

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(second.payment_id));
    }

    void moneyForACanceledPaymentGoesBack()
    {
        Desk desk;
        const Made made = canceled(desk);

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countPublished("payment.paid"));
        const Json refund = desk.payloadOf(desk.hub().lastCall("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string("late_payment"), refund["reason"].get<std::string>());
        succeedRefund(desk);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void moneyThatComesWhileClosingGoesBack()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.cancel(made.payment_id);

        desk.notice(made.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
    }

    void aLateSuccessIsHonoredWhereThatIsTheRule()
    {
        Desk desk(Json{{"late_success", "honor"}});
        const Made made = canceled(desk);

        desk.notice(made.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aLateSuccessOfAPaidOrderIsNeverHonored()
    {
        Desk desk(Json{{"late_success", "honor"}});
        const Made late = canceled(desk);
        desk.createPaid();

        desk.notice(late.number, "paid");

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(late.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
    }

    void anAutomaticRefundIsTriedUntilItSucceeds()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const auto first = desk.hub().lastCall("refund");

        desk.reject(first.id, "the seller's balance is too low");
        CPPUNIT_ASSERT_EQUAL(std::string("requested"), desk.refundState(first.idempotency_key));
        CPPUNIT_ASSERT(!desk.hub().logs().empty());
        desk.hub().passTime(kMinute);
        const auto second = desk.hub().lastCall("refund");
        CPPUNIT_ASSERT(first.id != second.id);
        CPPUNIT_ASSERT_EQUAL(first.payload, second.payload);
        succeedRefund(desk);

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), desk.refundState(first.idempotency_key));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countPublished("refund.failed"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void anAutomaticRefundThatFailedIsMadeAnew()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const auto first = desk.hub().lastCall("refund");
        desk.succeed(first.id, {{"state", "processing"}});
        desk.hub().passTime(kMinute);

        desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", "failed"}});
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.refundState(first.idempotency_key));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund")); // not at once
        CPPUNIT_ASSERT_EQUAL(-kAmount, balance(desk, "liability:refunds_payable"));
        desk.hub().passTime(kMinute);

        const auto second = desk.hub().lastCall("refund");
        CPPUNIT_ASSERT(first.idempotency_key != second.idempotency_key);
        CPPUNIT_ASSERT(timeOf(desk, first) < timeOf(desk, second));
        CPPUNIT_ASSERT_EQUAL(kAmount, desk.payloadOf(second)["amount_minor"].get<std::int64_t>());
        succeedRefund(desk);
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "liability:unapplied"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aProviderThatFailsAtOnceIsAskedEverSlower()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");

        int failed = 0;
        for (int i = 0; i < 24 * 60; ++i) {
            while (desk.hub().countCalls("refund") > failed) {
                ++failed;
                desk.succeed(desk.hub().lastCall("refund").id, {{"state", "failed"}});
            }
            desk.hub().passTime(kMinute);
        }

        CPPUNIT_ASSERT(desk.hub().countCalls("refund") > 24);
        CPPUNIT_ASSERT(desk.hub().countCalls("refund") < 50);
        CPPUNIT_ASSERT_EQUAL(-kAmount, balance(desk, "liability:refunds_payable"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void nothingIsMadeAnewWhileARequestMayBeUnderWay()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const auto first = desk.hub().lastCall("refund");
        desk.unknown(first.id);

        assertStatus(HUB_OK, desk.refundNotice(onlyRefund(desk, made), "failed"));
        assertStatus(HUB_ALREADY_DONE, desk.refundNotice(onlyRefund(desk, made), "failed"));
        desk.hub().passTime(60 * kMinute);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
        desk.resolve(first.id, {{"state", "failed"}, {"amount_minor", kAmount}});
        desk.hub().passTime(60 * kMinute);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.refundState(first.idempotency_key));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aLateSuccessOfAFailedRefundTakesItsFollowerBack()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const Json refund = onlyRefund(desk, made);
        desk.succeed(desk.hub().lastCall("refund").id, {{"state", "failed"}});

        assertStatus(HUB_OK, desk.refundNotice(refund, "succeeded"));
        desk.hub().passTime(60 * kMinute);

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), desk.refundState(refund.at("refund_id")));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "liability:refunds_payable"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aLateSuccessIsCountedOnceWhileItsFollowerIsUnderWay()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const Json refund = onlyRefund(desk, made);
        desk.succeed(desk.hub().lastCall("refund").id, {{"state", "failed"}});
        desk.hub().passTime(kMinute);
        const auto second = desk.hub().lastCall("refund");

        assertStatus(HUB_ALREADY_DONE, desk.refundNotice(refund, "succeeded"));
        desk.reject(second.id, "the trade was refunded in full");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), desk.refundState(second.idempotency_key));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "liability:refunds_payable"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRefusalOfLongAgoIsMadeAnewWhenNothingIsThere()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        const auto first = desk.hub().lastCall("refund");
        int refused = 0;
        for (int i = 0; i < 60; ++i) {
            if (desk.hub().countCalls("refund") > refused) {
                ++refused;
                CPPUNIT_ASSERT_EQUAL(first.payload, desk.hub().lastCall("refund").payload);
                desk.reject(desk.hub().lastCall("refund").id, "the seller's balance is too low");
            }
            desk.hub().passTime(kMinute);
        }
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund_query"));

        desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", "not_found"}});
        desk.hub().passTime(60 * kMinute);

        const auto last = desk.hub().lastCall("refund");
        CPPUNIT_ASSERT(first.idempotency_key != last.idempotency_key);
        CPPUNIT_ASSERT(timeOf(desk, first) < timeOf(desk, last));
        succeedRefund(desk);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void anAutomaticRefundWaitsForASwitchedOffConnector()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.hub().withdraw(kMain, "refund");
        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("refund"));

        desk.hub().offerAll();
        desk.hub().passTime(kMinute);

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
    }

    void whatTheProviderSentBackIsNotSentBackTwice()
    {
        Desk desk;
        const Made made = canceled(desk);
        desk.notice(made.number, "paid");
        desk.notice(made.number, "refunded", {{"refunded_minor", kAmount}});

        desk.reject(desk.hub().lastCall("refund").id, "the trade was refunded in full");

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), desk.refundState(desk.lastRefundNumber()));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, balance(desk, "receivable:alipay-main"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void payingEndsTheOtherCodes()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.newAttempt(made.payment_id, kOther);
        desk.succeed(desk.hub().lastCall("close").id, {{"state", "not_found"}});
        const std::string second = desk.hub().lastCall("create").idempotency_key;
        desk.showCode(desk.hub().lastCall("create").id);

        desk.notice(made.number, "paid");

        const auto close = desk.hub().lastCall("close");
        CPPUNIT_ASSERT_EQUAL(second, close.idempotency_key);
        desk.succeed(close.id, kClosed);
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.attemptState(second));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
    }

private:
    static Made canceled(Desk& desk)
    {
        const Made made = desk.createWaiting();
        desk.cancel(made.payment_id);
        desk.succeed(desk.hub().lastCall("close").id, kClosed);
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
        return made;
    }

    static void succeedRefund(Desk& desk)
    {
        const auto call = desk.hub().lastCall("refund");
        desk.succeed(
            call.id,
            {{"state", "succeeded"}, {"amount_minor", desk.payloadOf(call)["amount_minor"]}});
    }

    static Json onlyRefund(Desk& desk, const Made& made)
    {
        return desk.payment(made.payment_id).at("refunds").at(0);
    }

    static std::int64_t timeOf(Desk& desk, const hub::testing::MadeCall& call)
    {
        return desk.payloadOf(call).at("refund_created_at_ms").get<std::int64_t>();
    }

    static std::int64_t balance(Desk& desk, const std::string& account)
    {
        return desk.hub().store().integer("SELECT COALESCE(SUM(amount_minor), 0) FROM"
                                          " payments_booking_line WHERE account = '" +
                                          account + "'");
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(SettlementTest, "settlement");
