// Goal: the money rule. With the mark only confirmed, refused and pending are believed and all
// else is unknown; without it nothing is ever unknown. Method: the full table.
#include "journal/settlement.hpp"
#include "support/suite.hpp"

#include <string>
#include <vector>

namespace hub::journal {

namespace {

using Kind = Settlement::Kind;

std::string nameOf(std::uint32_t outcome)
{
    switch (outcome) {
    case HUB_OUTCOME_SUCCEEDED:
        return "succeeded";
    case HUB_OUTCOME_REJECTED:
        return "rejected";
    case HUB_OUTCOME_NOT_SENT:
        return "not sent";
    case HUB_OUTCOME_PENDING:
        return "pending";
    case HUB_OUTCOME_UNRESOLVED:
        return "unknown";
    default:
        return "none";
    }
}

std::string nameOf(Kind kind)
{
    static const std::vector<std::string> names = {"final", "redeliver", "begin", "keep"};
    return names.at(static_cast<std::size_t>(kind));
}

CallRow rowIn(CallState state)
{
    CallRow row;
    row.call.id = 1;
    row.call.delivery = 1;
    row.call.deadline_ms = 15000;
    row.call.carrier = kByHub;
    row.state = state;
    return row;
}

OperationSpec specWith(AfterUnknown after_unknown)
{
    OperationSpec spec;
    spec.after_unknown = after_unknown;
    spec.resolve = ResolveSpec{
        "query",
        {"number"},
        "/state",
        {{"paid", Verdict::Answer}, {"not_found", Verdict::Repeat}, {"processing", Verdict::Wait}}};
    return spec;
}

class SettlementTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(SettlementTest);
    CPPUNIT_TEST(statusMeansOneOutcomeByMarkAndCarrier);
    CPPUNIT_TEST(unknownAndPendingAreFoundOutAsTheContractSays);
    CPPUNIT_TEST(whatNeverLeftIsDeliveredAgainWhileTriesAndTimeAreLeft);
    CPPUNIT_TEST(anAttemptAfterAnUnknownOneProvesNothingByNotLeaving);
    CPPUNIT_TEST(aRefusalBeforeTheMarkSaysNothingAboutAnEarlierAttempt);
    CPPUNIT_TEST(verdictComesFromTheContractsTable);
    CPPUNIT_TEST(pausesGrowToTheirLimit);
    CPPUNIT_TEST_SUITE_END();

public:
    void statusMeansOneOutcomeByMarkAndCarrier()
    {
        struct Row {
            hub_status status;
            const char* marked;        // the request may have left
            const char* unmarked;      // it did not, and it should have
            const char* unmarked_safe; // an operation that needs no mark
        };
        for (const Row& row : std::vector<Row>{
                 {HUB_OK, "succeeded", "not sent", "succeeded"},
                 {HUB_ALREADY_DONE, "succeeded", "not sent", "succeeded"},
                 {HUB_PENDING, "pending", "not sent", "pending"},
                 {HUB_REJECTED, "rejected", "rejected", "rejected"},
                 {HUB_BAD_REQUEST, "rejected", "rejected", "rejected"},
                 {HUB_UNAUTHENTICATED, "rejected", "rejected", "rejected"},
                 {HUB_NOT_FOUND, "rejected", "rejected", "rejected"},
                 {HUB_UNSUPPORTED, "rejected", "rejected", "rejected"},
                 {HUB_THROTTLED, "unknown", "not sent", "not sent"},
                 {HUB_UNAVAILABLE, "unknown", "not sent", "not sent"},
                 {HUB_INTERNAL, "unknown", "not sent", "not sent"},
                 {HUB_OUTCOME_UNKNOWN, "unknown", "not sent", "not sent"},
                 {HUB_STATUS_INVALID_ZERO, "unknown", "not sent", "not sent"},
                 {static_cast<hub_status>(4711), "unknown", "not sent", "not sent"},
             }) {
            const std::string status = std::to_string(row.status);
            CallRow marked = rowIn(CallState::Sending);
            CallRow unmarked = rowIn(CallState::Dispatched);
            CallRow safe = unmarked;
            safe.call.safe = true;
            CallRow browser = unmarked;
            browser.call.carrier = kBrowser;

            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                status, std::string(row.marked), nameOf(classify(row.status, marked)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                status, std::string(row.unmarked), nameOf(classify(row.status, unmarked)));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                status, std::string(row.unmarked_safe), nameOf(classify(row.status, safe)));
            // Without a form there is nothing that could wait for the payer.
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                "the payer's browser carries it: " + status,
                std::string(row.status == HUB_PENDING ? "not sent" : row.unmarked_safe),
                nameOf(classify(row.status, browser)));
        }
    }

    void unknownAndPendingAreFoundOutAsTheContractSays()
    {
        struct Row {
            const char* name;
            AfterUnknown after;
            bool resolves;
            bool released;
            Kind kind;
            ResolveStep step;
        };
        for (const Row& row : std::vector<Row>{
                 {"by a query",
                  AfterUnknown::QueryFirst,
                  false,
                  false,
                  Kind::BeginResolving,
                  ResolveStep::Query},
                 {"by sending again",
                  AfterUnknown::ResendSameKey,
                  false,
                  false,
                  Kind::BeginResolving,
                  ResolveStep::Resend},
                 {"not at all",
                  AfterUnknown::NeverResend,
                  false,
                  false,
                  Kind::Final,
                  ResolveStep::Nothing},
                 {"the owner gave it up",
                  AfterUnknown::QueryFirst,
                  false,
                  true,
                  Kind::Final,
                  ResolveStep::Nothing},
                 {"a query is not resolved itself",
                  AfterUnknown::ResendSameKey,
                  true,
                  false,
                  Kind::Final,
                  ResolveStep::Nothing},
             }) {
            CallRow call = rowIn(CallState::Sending);
            call.resolves = row.resolves ? 7 : 0;
            call.released = row.released;
            const OperationSpec spec = specWith(row.after);

            for (const hub_status status : {HUB_OUTCOME_UNKNOWN, HUB_PENDING}) {
                const Settlement end = settle(call, spec, status, 0, 100);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, nameOf(row.kind), nameOf(end.kind));
                CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name,
                                             nameOf(status == HUB_PENDING
                                                        ? std::uint32_t{HUB_OUTCOME_PENDING}
                                                        : std::uint32_t{HUB_OUTCOME_UNRESOLVED}),
                                             nameOf(end.outcome));
            }
            CPPUNIT_ASSERT_MESSAGE(row.name, row.step == nextStep(call, spec));
        }
    }

    void whatNeverLeftIsDeliveredAgainWhileTriesAndTimeAreLeft()
    {
        struct Row {
            const char* name;
            std::uint32_t delivery;
            std::uint32_t retry_after_ms;
            std::int64_t now_ms;
            Kind kind;
            std::int64_t due_ms;
        };
        for (const Row& row : std::vector<Row>{
                 {"first", 1, 0, 1000, Kind::Redeliver, 1200},
                 {"second", 2, 0, 1000, Kind::Redeliver, 1400},
                 {"third and last", 3, 0, 1000, Kind::Final, 1800},
                 {"the provider names a pause", 1, 5000, 1000, Kind::Redeliver, 6000},
                 {"its pause is too long", 1, 14000, 1000, Kind::Final, 15000},
                 {"the deadline is near", 1, 0, 14900, Kind::Final, 15100},
             }) {
            CallRow call = rowIn(CallState::Dispatched);
            call.call.delivery = row.delivery;
            const Settlement end = settle(call,
                                          specWith(AfterUnknown::QueryFirst),
                                          HUB_UNAVAILABLE,
                                          row.retry_after_ms,
                                          row.now_ms);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, nameOf(row.kind), nameOf(end.kind));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string("not sent"), nameOf(end.outcome));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.due_ms, end.due_ms);
        }
    }

    void anAttemptAfterAnUnknownOneProvesNothingByNotLeaving()
    {
        CallRow call = rowIn(CallState::Dispatched);
        call.resolving = true;
        call.resolve_step = 2;
        call.outcome = HUB_OUTCOME_UNRESOLVED;
        const OperationSpec spec = specWith(AfterUnknown::ResendSameKey);

        const Settlement silent = settle(call, spec, HUB_UNAVAILABLE, 0, 100);
        CPPUNIT_ASSERT_EQUAL(nameOf(Kind::KeepResolving), nameOf(silent.kind));
        CPPUNIT_ASSERT_EQUAL(std::string("unknown"), nameOf(silent.outcome));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{10100}, silent.due_ms);
        call.state = CallState::Sending;
        const Settlement confirmed = settle(call, spec, HUB_ALREADY_DONE, 0, 100);
        CPPUNIT_ASSERT_EQUAL(nameOf(Kind::Final), nameOf(confirmed.kind));
        CPPUNIT_ASSERT_EQUAL(std::string("succeeded"), nameOf(confirmed.outcome));
    }

    void aRefusalBeforeTheMarkSaysNothingAboutAnEarlierAttempt()
    {
        CallRow call = rowIn(CallState::Dispatched);
        call.resolving = true;
        call.call.attempt = 2;
        call.outcome = HUB_OUTCOME_UNRESOLVED;
        const OperationSpec resend = specWith(AfterUnknown::ResendSameKey);

        const Settlement again = settle(call, resend, HUB_BAD_REQUEST, 0, 100);
        CPPUNIT_ASSERT_EQUAL(nameOf(Kind::KeepResolving), nameOf(again.kind));
        // A query has said that the provider knows nothing of the first.
        const Settlement asked =
            settle(call, specWith(AfterUnknown::QueryFirst), HUB_BAD_REQUEST, 0, 100);
        CPPUNIT_ASSERT_EQUAL(std::string("rejected"), nameOf(asked.outcome));
        // Its owner released it: nothing is found out any more, and nothing is made up.
        call.resolving = false;
        call.released = true;
        for (const hub_status status : {HUB_BAD_REQUEST, HUB_UNAVAILABLE}) {
            const Settlement released = settle(call, resend, status, 0, 100);
            CPPUNIT_ASSERT_EQUAL(nameOf(Kind::Final), nameOf(released.kind));
            CPPUNIT_ASSERT_EQUAL(std::string("unknown"), nameOf(released.outcome));
        }
    }

    void verdictComesFromTheContractsTable()
    {
        const ResolveSpec resolve = specWith(AfterUnknown::QueryFirst).resolve.value();

        CPPUNIT_ASSERT(verdictOf(resolve, R"({"state":"paid"})") == Verdict::Answer);
        CPPUNIT_ASSERT(verdictOf(resolve, R"({"state":"not_found"})") == Verdict::Repeat);
        CPPUNIT_ASSERT(verdictOf(resolve, R"({"state":"processing"})") == Verdict::Wait);
        for (const char* unclear :
             {R"({"state":"strange"})", R"({"state":1})", "{}", "[]", "", "not JSON"}) {
            CPPUNIT_ASSERT_MESSAGE(unclear, !verdictOf(resolve, unclear));
        }
    }

    void pausesGrowToTheirLimit()
    {
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1000}, resolveDelayMs(0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{300000}, resolveDelayMs(7));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{300000}, resolveDelayMs(4'000'000'000));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{200}, redeliverDelayMs(0));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{200}, redeliverDelayMs(1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{51200}, redeliverDelayMs(4'000'000'000));
        for (std::uint32_t step = 0; step < 20; ++step) {
            CPPUNIT_ASSERT(resolveDelayMs(step) <= resolveDelayMs(step + 1));
            CPPUNIT_ASSERT(redeliverDelayMs(step) <= redeliverDelayMs(step + 1));
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(SettlementTest, "settlement");

} // namespace

} // namespace hub::journal
