// Goal: an attempt is given up only when its end is certain, stays watched afterwards, and every
// way out (expiry, a new code, a cancel) keeps to that. Method: scenarios with a moved clock.

#include "desk.hpp"
#include "support/suite.hpp"

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

const Json kWaiting = {{"state", "waiting"}};
const Json kNotFound = {{"state", "not_found"}};
const Json kClosed = {{"state", "closed"}};
const Json kPaid = {{"state", "paid"}, {"amount_minor", kAmount}, {"currency", "CNY"}};

class EndingsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(EndingsTest);
    CPPUNIT_TEST(nearItsEndAWaitingCodeIsAskedAboutOften);
    CPPUNIT_TEST(aLostNoticeIsFoundByTheQueryAtExpiry);
    CPPUNIT_TEST(anExpiredCodeIsQueriedThenClosedThenGivenUp);
    CPPUNIT_TEST(aCloseThatIsRefusedIsNoEnd);
    CPPUNIT_TEST(notFoundIsBelievedOnlyAfterTheMargin);
    CPPUNIT_TEST(anAnswerAskedForBeforeTheMarginIsNotBelievedAfterIt);
    CPPUNIT_TEST(anUnknownIsReleasedWhenItIsGivenUp);
    CPPUNIT_TEST(withoutAnyAnswerNothingIsGivenUp);
    CPPUNIT_TEST(anExpiredAttemptThatWasPaidAfterAllPaysTheOpenPayment);
    CPPUNIT_TEST(aNewCodeReplacesAnExpiredOne);
    CPPUNIT_TEST(aNewCodeWaitsThreeSecondsForTheCloseOfTheOld);
    CPPUNIT_TEST(aSecondWalletOpensAtOnceWhenTheFirstIsClosed);
    CPPUNIT_TEST(aSecondWalletIsNeverSentWhenTheFirstWasPaidMeanwhile);
    CPPUNIT_TEST(whatWaitedTooLongIsNotOpened);
    CPPUNIT_TEST(whatFailsTooLateDoesNotGoOnElsewhere);
    CPPUNIT_TEST(aQueuedOneIsNotOpenedWhenTheOrderIsPaid);
    CPPUNIT_TEST(theSameAccountGetsNoSecondCodeWhileOneIsOpen);
    CPPUNIT_TEST(aConfirmedCancelClosesThePayment);
    CPPUNIT_TEST(anUnconfirmedCancelKeepsWatching);
    CPPUNIT_TEST(aCancelWaitsForTheOutcomeOfTheCreate);
    CPPUNIT_TEST(aCancelOfAnUnknownThatRefundedIsBooked);
    CPPUNIT_TEST(aPaidPaymentCantBeCanceled);
    CPPUNIT_TEST(cancelingTwiceIsCancelingOnce);
    CPPUNIT_TEST(aPaymentExpiresOnlyWhenNobodyMayBePayingIt);
    CPPUNIT_TEST_SUITE_END();

public:
    void nearItsEndAWaitingCodeIsAskedAboutOften()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        desk.hub().passTime(7 * kMinute);
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("query"));
        desk.hub().passTime(kMinute);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("query"));
        desk.succeed(desk.hub().lastCall("query").id, kWaiting);
        desk.hub().passTime(30'000);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("query"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("close"));
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.stateOf(made.payment_id));
    }

    void aLostNoticeIsFoundByTheQueryAtExpiry()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        desk.hub().passTime(8 * kMinute);
        desk.succeed(desk.hub().lastCall("query").id, kPaid);

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void anExpiredCodeIsQueriedThenClosedThenGivenUp()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        expire(desk);

        desk.succeed(desk.hub().lastCall("query").id, kWaiting);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("close"));
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.attemptState(made.number));
        desk.succeed(desk.hub().lastCall("close").id, kClosed);

        CPPUNIT_ASSERT_EQUAL(std::string("expired"), desk.attemptState(made.number));
        CPPUNIT_ASSERT_EQUAL(std::string("unpaid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.expired"));
    }

    void aCloseThatIsRefusedIsNoEnd()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        expire(desk);
        desk.succeed(desk.hub().lastCall("query").id, kWaiting);
        const int queries = desk.hub().countCalls("query");

        desk.reject(desk.hub().lastCall("close").id, "already_paid");

        CPPUNIT_ASSERT_EQUAL(queries + 1, desk.hub().countCalls("query"));
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.attemptState(made.number));
        desk.succeed(desk.hub().lastCall("query").id, kPaid);
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
    }

    void notFoundIsBelievedOnlyAfterTheMargin()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        expire(desk);

        desk.succeed(desk.hub().lastCall("query").id, kNotFound);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.attemptState(made.number));
        answerQueriesFor(desk, 2 * kMinute, kNotFound);

        CPPUNIT_ASSERT_EQUAL(std::string("expired"), desk.attemptState(made.number));
    }

    void anAnswerAskedForBeforeTheMarginIsNotBelievedAfterIt()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        expire(desk);
        const auto early = desk.hub().lastCall("query").id;
        desk.hub().passTime(10 * kMinute);

        desk.succeed(early, kNotFound);

        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.attemptState(made.number));
    }

    void anUnknownIsReleasedWhenItIsGivenUp()
    {
        Desk desk;
        const Made made = desk.create();
        desk.unknown(made.create);
        expire(desk);

        desk.succeed(desk.hub().lastCall("query").id, kNotFound);
        CPPUNIT_ASSERT(!desk.hub().lastCall("create").is_released);
        answerQueriesFor(desk, 2 * kMinute, kNotFound);

        CPPUNIT_ASSERT(desk.hub().lastCall("create").is_released);
        CPPUNIT_ASSERT_EQUAL(std::string("expired"), desk.attemptState(made.number));
    }

    void withoutAnyAnswerNothingIsGivenUp()
    {
        Desk desk;
        const Made made = desk.create();
        desk.unknown(made.create);

        for (int i = 0; i < 200; ++i) {
            desk.hub().passTime(10 * kMinute);
            desk.notSent(desk.hub().lastCall("query").id);
        }

        CPPUNIT_ASSERT_EQUAL(std::string("checking"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT(desk.hub().countCalls("query") > 30);
        CPPUNIT_ASSERT(desk.hub().countCalls("query") < 250);
    }

    void anExpiredAttemptThatWasPaidAfterAllPaysTheOpenPayment()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        giveUp(desk);

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("refund"));
    }

    void aNewCodeReplacesAnExpiredOne()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        giveUp(desk);

        const Json answer = parse(desk.newAttempt(made.payment_id));

        const std::string number = answer["body"]["attempt"]["number"];
        CPPUNIT_ASSERT_EQUAL(201, answer["status"].get<int>());
        CPPUNIT_ASSERT(number != made.number);
        CPPUNIT_ASSERT_EQUAL(std::string("creating"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(number, desk.hub().lastCall("create").idempotency_key);
    }

    void aNewCodeWaitsThreeSecondsForTheCloseOfTheOld()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        expire(desk);

        const Json answer = parse(desk.newAttempt(made.payment_id));

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("close"));
        CPPUNIT_ASSERT_EQUAL(std::to_string(desk.hub().lastCall("close").id),
                             answer["wait"]["call"].get<std::string>());
        desk.hub().passTime(3'000);
        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("create"));
        // The first one is still watched: its money is not lost.
        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
    }

    void aSecondWalletOpensAtOnceWhenTheFirstIsClosed()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        desk.newAttempt(made.payment_id, kOther);
        desk.succeed(desk.hub().lastCall("close").id, kClosed);

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.attemptState(made.number));
        CPPUNIT_ASSERT_EQUAL(std::string(kOther), desk.hub().lastCall("create").account);
        CPPUNIT_ASSERT_EQUAL(std::string("creating"), desk.stateOf(made.payment_id));
    }

    void aSecondWalletIsNeverSentWhenTheFirstWasPaidMeanwhile()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.newAttempt(made.payment_id, kOther);

        desk.notice(made.number, "paid");
        desk.hub().passTime(kMinute);

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
    }

    void whatWaitedTooLongIsNotOpened()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        const std::string queued = numberOf(desk.newAttempt(made.payment_id, kOther));
        desk.hub().clock().set(desk.hub().clock().nowMs() + 11 * kMinute); // the hub was down

        desk.hub().passTime(kMinute);

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.attemptState(queued));
    }

    void whatFailsTooLateDoesNotGoOnElsewhere()
    {
        Desk desk;
        const Made made = desk.create();
        desk.hub().clock().set(desk.hub().clock().nowMs() + 11 * kMinute);

        desk.notSent(made.create);

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.failed"));
    }

    void aQueuedOneIsNotOpenedWhenTheOrderIsPaid()
    {
        Desk desk;
        const Made first = desk.createWaiting();
        const Made second = desk.createWaiting();
        const std::string queued = numberOf(desk.newAttempt(second.payment_id, kOther));

        desk.notice(first.number, "paid");
        desk.hub().passTime(3'000);

        CPPUNIT_ASSERT_EQUAL(2, desk.hub().countCalls("create"));
        CPPUNIT_ASSERT_EQUAL(std::string("failed"), desk.attemptState(queued));
    }

    void theSameAccountGetsNoSecondCodeWhileOneIsOpen()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        CPPUNIT_ASSERT_EQUAL(std::string("409 attempt_still_open"),
                             codeOf(desk.newAttempt(made.payment_id, kMain)));
        CPPUNIT_ASSERT_EQUAL(std::string("503 no_channel"),
                             codeOf(desk.newAttempt(made.payment_id, "nobody")));
        CPPUNIT_ASSERT_EQUAL(std::string("404 not_found"), codeOf(desk.newAttempt("nothing")));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("create"));
    }

    void aConfirmedCancelClosesThePayment()
    {
        Desk desk;
        const Made made = desk.createWaiting();

        const Json answer = parse(desk.cancel(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(202, answer["status"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("closing"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT(!desk.payment(made.payment_id)["attempt"].contains("qr_code"));
        desk.succeed(desk.hub().lastCall("close").id, kClosed);

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.closed"));
        CPPUNIT_ASSERT(desk.hub().timers().empty());
    }

    void anUnconfirmedCancelKeepsWatching()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.cancel(made.payment_id);

        desk.succeed(desk.hub().lastCall("close").id, kNotFound);
        CPPUNIT_ASSERT_EQUAL(std::string("closing"), desk.stateOf(made.payment_id));
        answerQueriesFor(desk, 12 * kMinute, kNotFound);

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
    }

    void aCancelWaitsForTheOutcomeOfTheCreate()
    {
        Desk desk;
        const Made made = desk.create();

        desk.cancel(made.payment_id);
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("close"));
        desk.showCode(made.create);
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("close"));
        desk.succeed(desk.hub().lastCall("close").id, kClosed);

        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
    }

    void aCancelOfAnUnknownThatRefundedIsBooked()
    {
        Desk desk;
        const Made made = desk.create();
        desk.unknown(made.create);
        desk.cancel(made.payment_id);

        desk.succeed(desk.hub().lastCall("cancel").id, {{"state", "refunded"}});

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.attemptState(made.number));
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("refund.succeeded"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("refund"));
        CPPUNIT_ASSERT(desk.hub().lastCall("create").is_released);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
    }

    void aPaidPaymentCantBeCanceled()
    {
        Desk desk;
        const Made made = desk.createPaid();

        const hub::Answer answer = desk.cancel(made.payment_id);

        CPPUNIT_ASSERT_EQUAL(std::string("409 payment_is_paid"), codeOf(answer));
        CPPUNIT_ASSERT(answer.message.find("/refunds") != std::string::npos);
    }

    void cancelingTwiceIsCancelingOnce()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.cancel(made.payment_id);
        desk.cancel(made.payment_id);
        desk.succeed(desk.hub().lastCall("close").id, kClosed);

        const Json answer = parse(desk.cancel(made.payment_id));

        CPPUNIT_ASSERT_EQUAL(200, answer["status"].get<int>());
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("close"));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.closed"));
    }

    void aPaymentExpiresOnlyWhenNobodyMayBePayingIt()
    {
        Desk desk(Json{{"payment_life_s", 300}});
        const Made made = desk.createWaiting();

        desk.hub().passTime(9 * kMinute);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.stateOf(made.payment_id));
        giveUp(desk);
        desk.hub().passTime(2 * kMinute);

        CPPUNIT_ASSERT_EQUAL(std::string("expired"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string("409 payment_not_open"),
                             codeOf(desk.newAttempt(made.payment_id)));
    }

private:
    static std::string numberOf(const hub::Answer& created)
    {
        return parse(created).at("body").at("attempt").at("number");
    }

    /// To the end of the code's life; what was asked before is answered with "waiting".
    static void expire(Desk& desk)
    {
        answerQueriesFor(desk, 10 * kMinute - 1, kWaiting);
        desk.hub().passTime(1);
    }

    static void giveUp(Desk& desk)
    {
        expire(desk);
        desk.succeed(desk.hub().lastCall("query").id, kClosed);
    }

    /// Every query is answered at once, as long as the time passes.
    static void answerQueriesFor(Desk& desk, std::int64_t span_ms, const Json& statement)
    {
        const std::int64_t end_ms = desk.hub().clock().nowMs() + span_ms;
        int answered = desk.hub().countCalls("query");
        while (desk.hub().fireNext(end_ms)) {
            if (desk.hub().countCalls("query") > answered) {
                desk.succeed(desk.hub().lastCall("query").id, statement);
                ++answered;
            }
        }
        desk.hub().clock().set(end_ms);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(EndingsTest, "endings");
