// Goal: the judge sees every kind of damage, and none where none is; the comparison of ledger and
// books likewise. Method: one sound run, and rows that each damage one thing of it.

#include "oracle.hpp"
#include "support/suite.hpp"

#include <functional>
#include <string>

namespace {

using namespace chaos;

struct Run {
    Memory memory;
    Evidence evidence;
};

void record(Evidence& evidence, std::int64_t seq, const std::string& type)
{
    evidence.record.events.push_back({seq, "event-" + std::to_string(seq), type, "payment-1"});
    ++evidence.record.counts[{"payment-1", type}];
}

/// One order of 500, paid, 200 of it refunded.
void fill(Run& run)
{
    run.memory.sendsPayment("order-1", 500);
    run.memory.acknowledgePayment("order-1", "payment-1");
    run.memory.sendsRefund("order-1", {"order-1-refund", 200, ""});
    run.memory.acknowledgeRefund("order-1", "order-1-refund", "refund-1");
    const Json refund = {{"refund_id", "refund-1"},
                         {"state", "succeeded"},
                         {"origin", "requested"},
                         {"amount_minor", 200},
                         {"reason", "order-1-refund"}};
    run.evidence.payments["payment-1"] = {{"payment_id", "payment-1"},
                                          {"order_ref", "order-1"},
                                          {"subject", "order-1"},
                                          {"state", "paid"},
                                          {"amount_minor", 500},
                                          {"captured_minor", 500},
                                          {"refunded_minor", 200},
                                          {"refunds", Json::array({refund})}};
    run.evidence.books.charges["order-1"] = {{"number-1", "code-1", 500, 200}};
    run.evidence.books.refunds["order-1-refund"] = {200};
    run.evidence.books.numbered_refunds["refund-1"] = {200, "done"};
    run.evidence.books.kept_minor["provider"] = 300;
    record(run.evidence, 10, "payment.created");
    record(run.evidence, 20, "payment.paid");
    record(run.evidence, 30, "refund.requested");
    record(run.evidence, 40, "refund.succeeded");
}

struct Damage {
    const char* name;
    std::function<void(Run&)> apply;
    bool lost;
    bool doubled;
    bool out_of_order;
    bool forged = false;
};

Json& payment(Run& run)
{
    return run.evidence.payments.at("payment-1");
}

const std::vector<Damage>& damages()
{
    static const std::vector<Damage> kRows = {
        {"none", [](Run&) {}, false, false, false},
        {"payment gone", [](Run& run) { run.evidence.payments.clear(); }, true, false, false},
        {"another amount",
         [](Run& run) { payment(run)["amount_minor"] = 501; },
         true,
         false,
         false},
        {"refund gone",
         [](Run& run) { payment(run)["refunds"] = Json::array(); },
         true,
         true, // its events have no cause any more
         false},
        {"charge not noticed",
         [](Run& run) {
             payment(run)["state"] = "waiting";
             payment(run)["captured_minor"] = 0;
         },
         true,
         true, // payment.paid without a paid payment
         false},
        {"refund not decided",
         [](Run& run) { payment(run)["refunds"][0]["state"] = "unknown"; },
         true,
         true,
         false},
        {"refund not booked",
         [](Run& run) { run.evidence.books.charges["order-1"][0].refunded_minor = 0; },
         true,
         false,
         false},
        {"event not delivered",
         [](Run& run) {
             run.evidence.record.counts[{"payment-1", "payment.paid"}] = 0;
         },
         true,
         false,
         false},
        {"event published twice",
         [](Run& run) {
             run.evidence.record.counts[{"payment-1", "payment.paid"}] = 2;
         },
         false,
         true,
         false},
        {"one key, two payments",
         [](Run& run) { run.memory.acknowledgePayment("order-1", "payment-2"); },
         true,
         true,
         false},
        {"one order, two payments",
         [](Run& run) {
             Json other = payment(run);
             other["payment_id"] = "payment-2";
             run.evidence.payments["payment-2"] = other;
         },
         true, // no event tells of it
         true,
         false},
        {"charged twice",
         [](Run& run) {
             run.evidence.books.charges["order-1"].push_back({"number-2", "code-2", 500, 500});
         },
         false,
         true,
         false},
        {"refunded twice under one key",
         [](Run& run) { run.evidence.books.refunds["order-1-refund"].push_back(200); },
         false,
         true,
         false},
        {"charge of nobody",
         [](Run& run) {
             run.evidence.books.charges["order-9"] = {{"number-9", "code-9", 100, 0}};
         },
         true,
         false,
         false},
        {"paid without a charge",
         [](Run& run) {
             run.evidence.books.charges.clear();
             run.evidence.books.refunds.clear();
         },
         false,
         false,
         false,
         true},
        {"captured more than was charged",
         [](Run& run) { payment(run)["captured_minor"] = 501; },
         false,
         false,
         false,
         true},
        {"two events swapped",
         [](Run& run) { std::swap(run.evidence.record.events[1], run.evidence.record.events[2]); },
         false,
         false,
         true},
        {"paid before created",
         [](Run& run) {
             std::swap(run.evidence.record.events[0].type, run.evidence.record.events[1].type);
         },
         false,
         false,
         true},
        {"refunded before requested",
         [](Run& run) {
             std::swap(run.evidence.record.events[2].type, run.evidence.record.events[3].type);
         },
         false,
         false,
         true},
    };
    return kRows;
}

/// As `ledger check --json` says it.
Json ledger(std::int64_t owed_minor)
{
    return {{"accounts",
             {{{"account", "receivable:provider-main"}, {"booked_minor", owed_minor - 100}},
              {{"account", "receivable:provider-second"}, {"booked_minor", 100}},
              {{"account", "income:fees"}, {"booked_minor", -500}}}}};
}

struct Difference {
    const char* name;
    std::function<void(Run&, Json& ledger)> apply;
    std::size_t found;
};

const std::vector<Difference>& differenceRows()
{
    static const std::vector<Difference> kRows = {
        {"none", [](Run&, Json&) {}, 0},
        {"the ledger owes less", [](Run&, Json& books) { books = ledger(299); }, 1},
        {"the provider kept more",
         [](Run& run, Json&) { run.evidence.books.kept_minor["provider"] = 301; },
         1},
        {"a provider that the ledger does not know",
         [](Run& run, Json&) { run.evidence.books.kept_minor["other"] = 5; },
         1},
        {"a provider without books",
         [](Run& run, Json&) { run.evidence.books.kept_minor.clear(); },
         1},
        {"a refund that was not booked",
         [](Run& run, Json&) { run.evidence.books.numbered_refunds.clear(); },
         1},
        {"a refund that is not done there",
         [](Run& run, Json&) {
             run.evidence.books.numbered_refunds["refund-1"].state = "processing";
         },
         1},
        {"a refund of another amount",
         [](Run& run, Json&) {
             run.evidence.books.numbered_refunds["refund-1"].amount_minor = 199;
         },
         1},
        {"a refund that is done there alone",
         [](Run& run, Json&) { payment(run)["refunds"][0]["state"] = "failed"; },
         1},
        {"a refund of the provider's own",
         [](Run& run, Json&) {
             payment(run)["refunds"][0]["origin"] = "provider";
             run.evidence.books.numbered_refunds = {{"theirs-1", {200, "done"}}};
         },
         0},
    };
    return kRows;
}

class OracleTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OracleTest);
    CPPUNIT_TEST(everyDamageIsSeen);
    CPPUNIT_TEST(everyDifferenceIsSeen);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyDifferenceIsSeen()
    {
        for (const Difference& row : differenceRows()) {
            Run run;
            fill(run);
            Json books = ledger(300);
            row.apply(run, books);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, row.found, differences(books, run.evidence).size());
        }
    }

    void everyDamageIsSeen()
    {
        for (const Damage& damage : damages()) {
            Run run;
            fill(run);
            damage.apply(run);
            const Findings findings = judge(run.memory, run.evidence);
            const std::string name = damage.name;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name + ": lost", damage.lost, !findings.lost.empty());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name + ": doubled", damage.doubled, !findings.doubled.empty());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name + ": out of order", damage.out_of_order, !findings.out_of_order.empty());
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                name + ": forged", damage.forged, !findings.forged.empty());
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(OracleTest, "oracle");

} // namespace
