// Goal: a notice takes effect once, only where it fits our own record, and in whatever order it
// comes. Method: scenarios; tables of mismatches; all orders of what may arrive.

#include "desk.hpp"
#include "support/suite.hpp"

#include <algorithm>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

struct Mismatch {
    std::string name;
    Json change;
    std::string account = kMain;
};

std::ostream& operator<<(std::ostream& out, const Mismatch& row)
{
    return out << row.name;
}

std::vector<Mismatch> mismatches()
{
    return {
        {"one cent less", {{"amount_minor", kAmount - 1}}},
        {"one cent more", {{"amount_minor", kAmount + 1}}},
        {"an amount as text", {{"amount_minor", "20000"}}},
        {"without an amount", {{"amount_minor", nullptr}}},
        {"another currency", {{"currency", "USD"}}},
        {"without a currency", {{"currency", nullptr}}},
        {"another merchant", {{"merchant", "2088000000000002"}}},
        {"an unknown number", {{"number", "1400000120261121104000999999"}}},
        {"another subject", {{"subject", "coupon"}}},
        {"another state", {{"state", "frozen"}}},
        {"a foreign account", Json::object(), kOther},
        {"no account", Json::object(), ""},
        {"an unknown refund", {{"subject", "refund"}, {"refund_number", "1"}}},
    };
}

class NoticesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(NoticesTest);
    CPPUNIT_TEST(aHundredNoticesAreOnePayment);
    CPPUNIT_TEST_PARAMETERIZED(aMismatchIsRefusedWithoutEffect, mismatches());
    CPPUNIT_TEST(aNoticeMayComeBeforeTheAnswer);
    CPPUNIT_TEST(whatIsNoJsonIsRefused);
    CPPUNIT_TEST(aLateWaitingOrClosedChangesNothing);
    CPPUNIT_TEST(aQueryOfAnotherAmountIsNotBelieved);
    CPPUNIT_TEST(aboveTheLimitPaidIsConfirmedByQuery);
    CPPUNIT_TEST(aConfirmationIsAskedForUntilItComes);
    CPPUNIT_TEST(aConfirmationThatWasDeniedMayBeAskedForAgain);
    CPPUNIT_TEST(upToTheLimitTheNoticeCounts);
    CPPUNIT_TEST(everyOrderOfPaidRefundedClosedAndCodeEndsTheSame);
    CPPUNIT_TEST(everyOrderWithAnUnknownEndsTheSame);
    CPPUNIT_TEST(everyOrderAfterACancelEndsTheSame);
    CPPUNIT_TEST_SUITE_END();

public:
    void aHundredNoticesAreOnePayment()
    {
        Desk desk;
        desk.hub().rehearse(true);
        const Made made = desk.createWaiting();

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        for (int i = 0; i < 99; ++i) {
            assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "paid"));
        }

        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
        CPPUNIT_ASSERT_EQUAL(std::string(), desk.fault());
        const Json payload = Json::parse(desk.hub().publications().back().payload);
        CPPUNIT_ASSERT_EQUAL(made.number, payload["attempt_number"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("order-1"), payload["order_ref"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(kAmount, payload["amount_minor"].get<std::int64_t>());
        CPPUNIT_ASSERT_EQUAL(made.payment_id, desk.hub().publications().back().key);
    }

    void aMismatchIsRefusedWithoutEffect(Mismatch row)
    {
        Desk desk;
        const Made made = desk.createWaiting();
        const auto revision = desk.payment(made.payment_id)["revision"];

        const hub::Answer answer = desk.notice(made.number, "paid", row.change, row.account);

        assertStatus(HUB_REJECTED, answer);
        CPPUNIT_ASSERT(!answer.message.empty());
        CPPUNIT_ASSERT_EQUAL(revision, desk.payment(made.payment_id)["revision"]);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.stateOf(made.payment_id));
    }

    void aNoticeMayComeBeforeTheAnswer()
    {
        Desk desk;
        const Made made = desk.create();

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        const auto revision = desk.payment(made.payment_id)["revision"];
        desk.showCode(made.create);

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(revision, desk.payment(made.payment_id)["revision"]);
    }

    void whatIsNoJsonIsRefused()
    {
        Desk desk;

        assertStatus(HUB_REJECTED, desk.hub().callback(kMain, "paid"));
        assertStatus(HUB_REJECTED, desk.hub().callback(kMain, "[]"));
        assertStatus(HUB_REJECTED, desk.hub().callback(kMain, "{}"));
    }

    void aLateWaitingOrClosedChangesNothing()
    {
        Desk desk;
        const Made made = desk.createPaid();

        assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "waiting"));
        assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "closed"));

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.attemptState(made.number));
    }

    void aQueryOfAnotherAmountIsNotBelieved()
    {
        Desk desk;
        const Made made = desk.createWaiting();
        desk.hub().passTime(8 * kMinute);

        desk.succeed(desk.hub().lastCall("query").id,
                     {{"state", "paid"}, {"amount_minor", 1}, {"currency", "CNY"}});

        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(std::string("mismatch"),
                             desk.steps(made.payment_id).back()["cause"].get<std::string>());
        CPPUNIT_ASSERT(!desk.hub().logs().empty());
    }

    void aboveTheLimitPaidIsConfirmedByQuery()
    {
        Desk desk(Json{{"confirm_by_query_above_minor", kAmount - 1}});
        const Made made = desk.createWaiting();

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        assertStatus(HUB_ALREADY_DONE, desk.notice(made.number, "paid"));
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countCalls("query"));
        desk.succeed(desk.hub().lastCall("query").id, kPaid);

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(1, desk.hub().countPublished("payment.paid"));
    }

    void aConfirmationIsAskedForUntilItComes()
    {
        Desk desk(Json{{"confirm_by_query_above_minor", 0}});
        const Made made = desk.create();
        desk.reject(made.create); // even where we believed that it had failed
        desk.notice(made.number, "paid");

        for (int i = 0; i < 5; ++i) {
            desk.notSent(desk.hub().lastCall("query").id);
            desk.hub().passTime(5 * kMinute);
        }
        desk.succeed(desk.hub().lastCall("query").id, kPaid);

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT(!desk.hub().timers().contains({"attempt", made.number}));
    }

    void aConfirmationThatWasDeniedMayBeAskedForAgain()
    {
        Desk desk(Json{{"confirm_by_query_above_minor", 0}});
        const Made made = desk.createWaiting();
        desk.notice(made.number, "paid");
        desk.succeed(desk.hub().lastCall("query").id, {{"state", "closed"}});
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), desk.attemptState(made.number));

        assertStatus(HUB_OK, desk.notice(made.number, "paid"));
        desk.succeed(desk.hub().lastCall("query").id, kPaid);

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
    }

    void upToTheLimitTheNoticeCounts()
    {
        Desk desk(Json{{"confirm_by_query_above_minor", kAmount}});

        const Made made = desk.createPaid();

        CPPUNIT_ASSERT_EQUAL(std::string("paid"), desk.stateOf(made.payment_id));
        CPPUNIT_ASSERT_EQUAL(0, desk.hub().countCalls("query"));
    }

    void everyOrderOfPaidRefundedClosedAndCodeEndsTheSame()
    {
        everyOrderEndsTheSame({"paid", "refunded", "closed", "code"}, false, "paid", kAmount);
        everyOrderEndsTheSame({"paid", "partly", "closed", "code"}, false, "paid", 5'000);
        everyOrderEndsTheSame({"paid", "partly", "refunded", "code"}, false, "paid", kAmount);
    }

    void everyOrderWithAnUnknownEndsTheSame()
    {
        everyOrderEndsTheSame({"paid", "refunded", "closed", "unknown"}, false, "paid", kAmount);
        everyOrderEndsTheSame({"paid", "closed", "unknown", "queried"}, false, "paid", 0);
        everyOrderEndsTheSame({"paid", "closed", "rejected", "queried"}, false, "paid", 0);
    }

    void everyOrderAfterACancelEndsTheSame()
    {
        // The money of a canceled payment goes back, whoever sends it back.
        everyOrderEndsTheSame({"paid", "closed", "code", "refunded"}, true, "closed", kAmount);
        everyOrderEndsTheSame({"paid", "closed", "unknown"}, true, "closed", kAmount);
    }

private:
    static inline const Json kPaid = {
        {"state", "paid"}, {"amount_minor", kAmount}, {"currency", "CNY"}};

    static void apply(Desk& desk, const Made& made, const std::string& what)
    {
        if (what == "code") {
            desk.showCode(made.create);
        } else if (what == "unknown") {
            desk.unknown(made.create);
        } else if (what == "rejected") {
            desk.reject(made.create);
        } else if (what == "queried") {
            desk.resolve(made.create, kPaid);
        } else if (what == "partly") {
            desk.notice(made.number, "refunded", {{"refunded_minor", 5'000}});
        } else if (what == "refunded") {
            desk.notice(made.number, "refunded", {{"refunded_minor", kAmount}});
        } else {
            desk.notice(made.number, what);
        }
    }

    static void everyOrderEndsTheSame(std::vector<std::string> arrivals,
                                      bool is_canceled,
                                      const std::string& state,
                                      std::int64_t refunded_minor)
    {
        std::sort(arrivals.begin(), arrivals.end());
        do {
            std::string order;
            Desk desk;
            desk.hub().rehearse(true);
            const Made made = desk.create();
            if (is_canceled) {
                desk.cancel(made.payment_id);
            }
            for (const std::string& arrival : arrivals) {
                order += " " + arrival;
                apply(desk, made, arrival);
            }
            settleRefunds(desk);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(order, state, desk.stateOf(made.payment_id));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                order, std::string("paid"), desk.attemptState(made.number));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                order,
                refunded_minor,
                desk.hub().store().integer("SELECT COALESCE(SUM(amount_minor), 0)"
                                           " FROM payments_refund WHERE state = 'succeeded'"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(order, refunded_minor - kAmount, -receivable(desk));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(order, std::string(), desk.fault());
        } while (std::next_permutation(arrivals.begin(), arrivals.end()));
    }

    /// The provider answers: what went back already is refused, everything else succeeds.
    static void settleRefunds(Desk& desk)
    {
        if (desk.hub().countCalls("refund") == 0) {
            return;
        }
        const auto call = desk.hub().lastCall("refund");
        const bool went_back = desk.hub().store().integer("SELECT MAX(provider_refunded_minor) FROM"
                                                          " payments_attempt") == kAmount;
        if (went_back) {
            desk.reject(call.id, "the trade was refunded in full");
        } else {
            desk.succeed(call.id, {{"state", "succeeded"}, {"amount_minor", kAmount}});
        }
    }

    static std::int64_t receivable(Desk& desk)
    {
        return desk.hub().store().integer("SELECT COALESCE(SUM(amount_minor), 0) FROM"
                                          " payments_booking_line WHERE account ="
                                          " 'receivable:alipay-main'");
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(NoticesTest, "notices");
