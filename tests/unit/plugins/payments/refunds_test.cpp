// Goal: what is refunded never exceeds what was captured, a refund keeps its number, and an unknown
// refund is never taken for a failed one. Method: scenarios.

#include "desk.hpp"
#include "support/suite.hpp"

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

struct Refused {
    std::string name;
    std::int64_t amount_minor;
    std::string currency;
    std::string expected;
};

std::ostream& operator<<(std::ostream& out, const Refused& row)
{
    return out << row.name;
}

std::vector<Refused> refusedAmounts()
{
    return {
        {"zero", 0, "CNY", "422 amount_not_positive"},
        {"negative", -5, "CNY", "422 amount_not_positive"},
        {"more than was paid", kAmount + 1, "CNY", "422 amount_over_limit"},
        {"another currency", 100, "HKD", "422 currency_not_supported"},
        {"more than is left", 15'001, "CNY", "422 refund_over_captured"},
    };
}

class RefundsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RefundsTest);
    CPPUNIT_TEST(aPartialRefundIsBookedWhenItSucceeds);
    CPPUNIT_TEST_PARAMETERIZED(refusesAWrongAmount, refusedAmounts());
    CPPUNIT_TEST(whatIsUnderWayCountsAsRefunded);
    CPPUNIT_TEST(aFailedRefundMakesRoomAgain);
    CPPUNIT_TEST(whatWasNotPaidCantBeRefunded);
    CPPUNIT_TEST(aRefundThatWasNotSentIsSentAgainUnchanged);
    CPPUNIT_TEST(whatNeverLeftIsSentLaterWithTheTimeOfThen);
    CPPUNIT_TEST(whatMayHaveLeftKeepsItsTime);
    CPPUNIT_TEST(aProcessingRefundIsQueriedWithBackOff);
    CPPUNIT_TEST(anUnknownRefundIsResolvedByTheHub);
    CPPUNIT_TEST(aRefusedRepetitionProvesNothing);
    CPPUNIT_TEST(anUnknownRefundThatIsNotThereIsRepeatedUnchanged);
    CPPUNIT_TEST(aRefundOfAnotherAmountIsNotBelieved);
    CPPUNIT_TEST(aNoticeMayComeBeforeTheAnswer);
    CPPUNIT_TEST(aRefundThatFailedAndThenSucceedsIsBooked);
    CPPUNIT_TEST(aRefundAtTheProviderIsBookedOnce);
    CPPUNIT_TEST(noticesOfOwnRefundsDisturbNothing);
    CPPUNIT_TEST(withoutAConnectorARefundIsRefused);
    CPPUNIT_TEST(eventsCarryIdentifiersOnly);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPartialRefundIsBookedWhenItSucceeds()
    {
        Desk desk;
        const Made made = desk.createPaid();

        const Json answer = parse(desk.refund(made.payment_id, 5'000));
        CPPUNIT_ASSERT_EQUAL(201, answer["status"].get<int>());
        const Json refund = answer["body"];
        CPPUNIT_ASSERT_EQUAL(std::string("requested"), refund["state"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{28}, refund["refund_id"].get<std::string>().size());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000}, sum(desk, made, "refunding_minor"));
        succeed(desk, 5'000);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000}, sum(desk, made, "refunded_minor"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, sum(desk, made, "refunding_minor"));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.requested"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void refusesAWrongAmount(Refused row)
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);

        const hub::Answer answer = desk.refund(made.payment_id, row.amount_minor, row.currency);

        CPPUNIT_ASSERT_EQUAL(row.expected, codeOf(answer));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
    }

    void whatIsUnderWayCountsAsRefunded()
    {
        Desk desk;
        const Made made = desk.createPaid();

        int accepted = 0;
        for (int i = 0; i < 10; ++i) {
            accepted += desk.refund(made.payment_id, 7'000).status == HUB_OK ? 1 : 0;
        }

        CPPUNIT_ASSERT_EQUAL(2, accepted);
        CPPUNIT_ASSERT_EQUAL(std::string("422 refund_over_captured"),
                             codeOf(desk.refund(made.payment_id, 6'001)));
        assertStatus(HUB_OK, desk.refund(made.payment_id, 6'000));
    }

    void aFailedRefundMakesRoomAgain()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, kAmount);

        desk.reject(desk.hub().lastCall("refund").id, "the refund window has passed");

        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.refundState(desk.lastRefundNumber()));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.failed"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        assertStatus(HUB_OK, desk.refund(made.payment_id, kAmount));
    }

    void whatWasNotPaidCantBeRefunded()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        CPPUNIT_ASSERT_EQUAL(std::string("409 payment_not_paid"),
                             codeOf(desk.refund(made.payment_id, 100)));
        CPPUNIT_ASSERT_EQUAL(std::string("404 not_found"), codeOf(desk.refund("nothing", 100)));
    }

    void aRefundThatWasNotSentIsSentAgainUnchanged()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        const auto first = desk.hub().lastCall("refund");

        desk.notSent(first.id);
        CPPUNIT_ASSERT_EQUAL(std::string("requested"), desk.refundState(first.idempotency_key));
        desk.hub().passTime(kMinute);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(first.payload, desk.hub().lastCall("refund").payload);
    }

    void whatNeverLeftIsSentLaterWithTheTimeOfThen()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        const auto first = desk.hub().lastCall("refund");
        desk.hub().withdraw(kMain, "refund");
        desk.notSent(first.id);
        desk.hub().passTime(60 * kMinute);

        desk.hub().offerAll();
        desk.hub().passTime(60 * kMinute);

        const auto second = desk.hub().lastCall("refund");
        CPPUNIT_ASSERT_EQUAL(first.idempotency_key, second.idempotency_key);
        CPPUNIT_ASSERT(timeOf(desk, second) > timeOf(desk, first) + 60 * kMinute);
        desk.unknown(second.id);
        desk.hub().passTime(60 * kMinute);
        CPPUNIT_ASSERT_EQUAL(timeOf(desk, second),
                             timeOf(desk, desk.hub().lastCall("refund_query")));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void whatMayHaveLeftKeepsItsTime()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        const auto first = desk.hub().lastCall("refund");
        succeed(desk, 4'999); // booked, whatever it was
        desk.hub().withdraw(kMain, "refund");
        desk.hub().passTime(60 * kMinute);

        desk.hub().offerAll();
        desk.hub().passTime(60 * kMinute);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(first.payload, desk.hub().lastCall("refund").payload);
    }

    void aProcessingRefundIsQueriedWithBackOff()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        desk.succeed(desk.hub().lastCall("refund").id, {{"state", "processing"}});
        CPPUNIT_ASSERT_EQUAL(std::string("processing"), desk.refundState(desk.lastRefundNumber()));

        for (int i = 0; i < 24 * 60; ++i) {
            desk.hub().passTime(kMinute);
            if (desk.hub().countCalls("refund_query") > 0) {
                desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", "processing"}});
            }
        }
        CPPUNIT_ASSERT(desk.hub().countCalls("refund_query") > 20);
        CPPUNIT_ASSERT(desk.hub().countCalls("refund_query") < 50);
        desk.succeed(desk.hub().lastCall("refund_query").id,
                     {{"state", "succeeded"}, {"amount_minor", 5'000}});

        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), desk.refundState(desk.lastRefundNumber()));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void anUnknownRefundIsResolvedByTheHub()
    {
        for (const std::string state : {"succeeded", "failed"}) {
            Desk desk;
            const Made made = desk.createPaid();
            desk.refund(made.payment_id, 5'000);
            const auto call = desk.hub().lastCall("refund");

            desk.unknown(call.id);
            CPPUNIT_ASSERT_EQUAL(std::string("unknown"), desk.refundState(call.idempotency_key));
            desk.resolve(call.id, {{"state", state}, {"amount_minor", 5'000}});

            CPPUNIT_ASSERT_EQUAL(state, desk.refundState(call.idempotency_key));
            CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        }
    }

    void aRefusedRepetitionProvesNothing()
    {
        for (const std::string state : {"succeeded", "not_found"}) {
            Desk desk;
            const Made made = desk.createPaid();
            desk.refund(made.payment_id, 5'000);
            const auto call = desk.hub().lastCall("refund");
            desk.unknown(call.id);

            desk.reject(call.id, "another amount under the same number");
            CPPUNIT_ASSERT_EQUAL(std::string("unknown"), desk.refundState(call.idempotency_key));
            CPPUNIT_ASSERT_EQUAL(std::string("422 refund_over_captured"),
                                 codeOf(desk.refund(made.payment_id, kAmount)));
            desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", state}});

            CPPUNIT_ASSERT_EQUAL(std::string(state == "succeeded" ? "succeeded" : "failed"),
                                 desk.refundState(call.idempotency_key));
            CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        }
    }

    void anUnknownRefundThatIsNotThereIsRepeatedUnchanged()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        const auto call = desk.hub().lastCall("refund");
        desk.unknown(call.id);
        desk.hub().passTime(kMinute);
        desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", "not_found"}});
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("refund")); // the hub still finds out

        desk.notSent(call.id);
        desk.hub().passTime(kMinute);
        desk.succeed(desk.hub().lastCall("refund_query").id, {{"state", "not_found"}});

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(call.payload, desk.hub().lastCall("refund").payload);
    }

    void aRefundOfAnotherAmountIsNotBelieved()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);

        succeed(desk, 4'999);

        CPPUNIT_ASSERT_EQUAL(std::string("requested"), desk.refundState(desk.lastRefundNumber()));
        CPPUNIT_ASSERT_EQUAL(std::string("mismatch"),
                             desk.steps(made.payment_id).back()["cause"].get<std::string>());
    }

    void aNoticeMayComeBeforeTheAnswer()
    {
        Desk desk;
        const Made made = desk.createPaid();
        const Json refund = parse(desk.refund(made.payment_id, 5'000))["body"];

        assertStatus(HUB_OK, desk.refundNotice(refund, "succeeded"));
        assertStatus(HUB_ALREADY_DONE, desk.refundNotice(refund, "succeeded"));
        assertStatus(HUB_ALREADY_DONE, desk.refundNotice(refund, "failed"));
        Json wrong = refund;
        wrong["amount_minor"] = 5'001;
        assertStatus(HUB_REJECTED, desk.refundNotice(wrong, "succeeded"));
        succeed(desk, 5'000);

        CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000}, sum(desk, made, "refunded_minor"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRefundThatFailedAndThenSucceedsIsBooked()
    {
        Desk desk;
        const Made made = desk.createPaid();
        const Json first = parse(desk.refund(made.payment_id, 12'000))["body"];
        desk.refundNotice(first, "failed");

        assertStatus(HUB_OK, desk.refundNotice(first, "succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{12'000}, sum(desk, made, "refunded_minor"));

        const Json second = parse(desk.refund(made.payment_id, 8'000))["body"];
        desk.refundNotice(second, "failed");
        desk.refund(made.payment_id, 8'000);
        // Both can't be true: 12'000 + 8'000 + 8'000 was never captured.
        assertStatus(HUB_ALREADY_DONE, desk.refundNotice(second, "succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aRefundAtTheProviderIsBookedOnce()
    {
        Desk desk;
        const Made made = desk.createPaid();

        for (int i = 0; i < 3; ++i) {
            desk.notice(made.number, "refunded", {{"refunded_minor", 3'000}});
        }
        CPPUNIT_ASSERT_EQUAL(std::int64_t{3'000}, sum(desk, made, "refunded_minor"));
        desk.notice(made.number, "refunded", {{"refunded_minor", 4'500}});
        desk.notice(made.number, "refunded", {{"refunded_minor", 3'000}});

        CPPUNIT_ASSERT_EQUAL(std::int64_t{4'500}, sum(desk, made, "refunded_minor"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void noticesOfOwnRefundsDisturbNothing()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);

        assertStatus(HUB_ALREADY_DONE,
                     desk.notice(made.number, "refunded", {{"refunded_minor", 5'000}}));
        succeed(desk, 5'000);
        assertStatus(HUB_ALREADY_DONE,
                     desk.notice(made.number, "refunded", {{"refunded_minor", 5'000}}));
        assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "refunded"));
        assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "paid"));

        CPPUNIT_ASSERT_EQUAL(std::int64_t{5'000}, sum(desk, made, "refunded_minor"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void withoutAConnectorARefundIsRefused()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.hub().withdraw(kMain, "refund");

        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"),
                             codeOf(desk.refund(made.payment_id, 100)));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, sum(desk, made, "refunding_minor"));
    }

    void eventsCarryIdentifiersOnly()
    {
        Desk desk;
        const Made made = desk.createPaid();
        desk.refund(made.payment_id, 5'000);
        succeed(desk, 5'000);

        for (const auto& publication : desk.hub().publications()) {
            CPPUNIT_ASSERT_EQUAL(made.payment_id, publication.key);
            CPPUNIT_ASSERT_EQUAL(std::string("7"), publication.edition);
            CPPUNIT_ASSERT(publication.payload.find("Badge") == std::string::npos);
            CPPUNIT_ASSERT(publication.payload.find("withdrawn") == std::string::npos);
        }
    }

private:
    static void succeed(Desk& desk, std::int64_t amount_minor)
    {
        desk.succeed(desk.hub().lastCall("refund").id,
                     {{"state", "succeeded"}, {"amount_minor", amount_minor}});
    }

    static std::int64_t timeOf(Desk& desk, const hub::testing::MadeCall& call)
    {
        return desk.payloadOf(call).at("refund_created_at_ms").get<std::int64_t>();
    }

    static std::int64_t sum(Desk& desk, const Made& made, const char* name)
    {
        return desk.payment(made.payment_id).at(name).get<std::int64_t>();
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(RefundsTest, "refunds");
