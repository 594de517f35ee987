// Goal: the pure rules hold by themselves. Method: properties of the transition tables, known
// answers for numbers and times, balance of every booking.

#include "domain/evidence.hpp"
#include "domain/ledger.hpp"
#include "domain/number.hpp"
#include "domain/schedule.hpp"
#include "domain/states.hpp"
#include "support/suite.hpp"

#include <hub/ids.hpp>

#include <set>

namespace {

using namespace payments; // NOLINT(google-build-using-namespace): the subject of this file

template <typename Enum>
std::vector<Enum> all(int count)
{
    std::vector<Enum> values;
    for (int i = 0; i < count; ++i) {
        values.push_back(static_cast<Enum>(i));
    }
    return values;
}

/// No way leads back to a state that was left.
template <typename State, typename Cause>
void assertNoWayBack(int states, int causes)
{
    for (const State from : all<State>(states)) {
        std::set<State> reached;
        std::vector<State> open = {from};
        while (!open.empty()) {
            const State at = open.back();
            open.pop_back();
            for (const Cause cause : all<Cause>(causes)) {
                const auto to = next(at, cause);
                if (to && reached.insert(*to).second) {
                    open.push_back(*to);
                }
            }
        }
        CPPUNIT_ASSERT_MESSAGE(std::string{toText(from)}, !reached.contains(from));
    }
}

class DomainTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DomainTest);
    CPPUNIT_TEST(noStateIsEverReachedAgain);
    CPPUNIT_TEST(moneyThatCameIsAFactFromEveryStateThatWasSent);
    CPPUNIT_TEST(everyStateHasAName);
    CPPUNIT_TEST(aNumberHasTwentyEightDigitsInShanghaiTime);
    CPPUNIT_TEST(timesAreWrittenInUtc);
    CPPUNIT_TEST(anIdCarriesItsTimeAndVersion);
    CPPUNIT_TEST(everyBookingIsBalanced);
    CPPUNIT_TEST(aRefundEndsWhereItsCaptureBegan);
    CPPUNIT_TEST(checksComeMoreOftenNearTheEnd);
    CPPUNIT_TEST(backOffHasBounds);
    CPPUNIT_TEST(evidenceIgnoresForeignTypes);
    CPPUNIT_TEST_SUITE_END();

public:
    void noStateIsEverReachedAgain()
    {
        assertNoWayBack<PaymentState, PaymentCause>(5, 6);
        assertNoWayBack<AttemptState, AttemptCause>(8, 10);
        assertNoWayBack<RefundState, RefundCause>(5, 4);
    }

    void moneyThatCameIsAFactFromEveryStateThatWasSent()
    {
        for (const AttemptState state : all<AttemptState>(8)) {
            const bool sent = state != AttemptState::Queued && state != AttemptState::Paid;
            CPPUNIT_ASSERT_EQUAL(sent, next(state, AttemptCause::PaidReported).has_value());
        }
    }

    void everyStateHasAName()
    {
        for (const AttemptState state : all<AttemptState>(8)) {
            CPPUNIT_ASSERT(state == parseAttemptState(toText(state)));
        }
        for (const PaymentState state : all<PaymentState>(5)) {
            CPPUNIT_ASSERT(state == parsePaymentState(toText(state)));
        }
        for (const RefundState state : all<RefundState>(5)) {
            CPPUNIT_ASSERT(state == parseRefundState(toText(state)));
        }
        CPPUNIT_ASSERT_THROW(parseAttemptState("paying"), std::invalid_argument);
        CPPUNIT_ASSERT_THROW(parseApplication("gone"), std::invalid_argument);
    }

    void aNumberHasTwentyEightDigitsInShanghaiTime()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("1400000120261121104000000001"),
                             makeNumber("14000", 1, 1795228800000, 1));
        // Four hours before midnight in UTC it is the next day in Shanghai; the serial wraps.
        CPPUNIT_ASSERT_EQUAL(std::string("0000799920270101040000000007"),
                             makeNumber("00007", 999, 1798747200000, 1'000'007));
    }

    void timesAreWrittenInUtc()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-21T02:40:00.005Z"), toRfc3339(1795228800005));
        CPPUNIT_ASSERT_EQUAL(std::string("2028-02-29T00:00:00.000Z"), toRfc3339(1835395200000));
        CPPUNIT_ASSERT_EQUAL(std::string(), toRfc3339(0));
    }

    void anIdCarriesItsTimeAndVersion()
    {
        const std::string id = hub::makeUuidV7(0x0123456789AB, std::string(10, '\xFF'));

        CPPUNIT_ASSERT_EQUAL(std::string("01234567-89ab-7fff-bfff-ffffffffffff"), id);
        CPPUNIT_ASSERT_THROW(hub::makeUuidV7(1, "short"), std::invalid_argument);
    }

    void everyBookingIsBalanced()
    {
        for (const Application application : {Application::Fees, Application::Unapplied}) {
            CPPUNIT_ASSERT(isBalanced(bookCapture("main", application, 100, "CNY")));
            CPPUNIT_ASSERT(isBalanced(bookRefundRequested(application, 100, "CNY")));
            CPPUNIT_ASSERT(isBalanced(bookRefundFailed(application, 100, "CNY")));
        }
        CPPUNIT_ASSERT(isBalanced(bookRefundSucceeded("main", 100, "CNY")));
        CPPUNIT_ASSERT(!isBalanced(Booking{"crooked", "CNY", {{"a", 1}, {"b", -2}}}));
        CPPUNIT_ASSERT(!isBalanced(Booking{"empty", "CNY", {}}));
        CPPUNIT_ASSERT_THROW(bookCapture("main", Application::None, 1, "CNY"), std::logic_error);
    }

    void aRefundEndsWhereItsCaptureBegan()
    {
        std::map<std::string, std::int64_t> balances;
        for (const Booking& booking : {bookCapture("main", Application::Fees, 100, "CNY"),
                                       bookRefundRequested(Application::Fees, 100, "CNY"),
                                       bookRefundSucceeded("main", 100, "CNY")}) {
            for (const Line& line : booking.lines) {
                balances[line.account] += line.amount_minor;
            }
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{3}, balances.size());
        for (const auto& [account, amount] : balances) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(account, std::int64_t{0}, amount);
        }
    }

    void checksComeMoreOftenNearTheEnd()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{450'000}, firstCheckAt(0, 600'000, 30'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{600'000}, firstCheckAt(0, 600'000, 3'600'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{480'000}, nextCheckAt(450'000, 600'000, 30'000, 120'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{600'000}, nextCheckAt(590'000, 600'000, 30'000, 120'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{720'000}, nextCheckAt(700'000, 600'000, 30'000, 120'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{780'000}, nextCheckAt(720'000, 600'000, 30'000, 120'000));
    }

    void backOffHasBounds()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10'000}, retryAt(0, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{150'000}, retryAt(100'000, 0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{100'000'000 + 3'600'000}, retryAt(100'000'000, 0));
    }

    void evidenceIgnoresForeignTypes()
    {
        const Evidence evidence =
            readEvidence({{"state", 1}, {"amount_minor", 1.0}, {"currency", nullptr}});

        CPPUNIT_ASSERT(evidence.state.empty());
        CPPUNIT_ASSERT(!evidence.amount_minor);
        CPPUNIT_ASSERT(evidence.currency.empty());
        CPPUNIT_ASSERT(readEvidence(Json::array()).state.empty());
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(DomainTest, "domain");
