// Goal: the suite is worth its name: every rule bites, and bites nobody else. Method: small
// libraries that are sound, and break one rule when their configuration says so; real runs of
// expohub-conform. The table is the test plan.

#include "conformance/judged.hpp"
#include "support/suite.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace {

using Rules = std::set<std::string>;

struct Row {
    const char* library;
    const char* defect;
    Rules failed; // the rule that it breaks, and those that can't be kept then either
    const char* only = "";
};

constexpr const char* kConnector = HUB_CONFORM_FIXTURE;
constexpr const char* kLicence = HUB_CONFORM_LICENCE;
constexpr const char* kLine = HUB_CONFORM_LINE;
constexpr const char* kMessage = HUB_CONFORM_MESSAGE;
constexpr const char* kSubscriber = HUB_CONFORM_SUBSCRIBER;
// The runs wait for deadlines most of the time.
constexpr unsigned kAtOnce = 4;

const std::vector<Row>& table()
{
    static const std::vector<Row> kRows = {
        // Sound.
        {kConnector, "none", {}},
        {kLicence, "none", {}},
        {kLine, "none", {}},
        {kMessage, "none", {}},
        {kSubscriber, "none", {}},
        // Start and stop.
        {kConnector, "never_starts", {"start.ready"}, "start.ready"},
        {kConnector, "takes_bad_configuration", {"start.names_bad_configuration"}},
        {kConnector, "refuses_without_a_name", {"start.names_bad_configuration"}},
        {kConnector, "hangs_in_stop", {"stop.in_time"}},
        {kConnector, "leaks_thread", {"stop.no_thread_left"}},
        // Calls.
        {kConnector, "does_everything", {"call.unknown_operation"}},
        {kConnector, "crashes_on_empty_payload", {"call.empty_payload"}},
        {kConnector, "crashes_on_large_payload", {"call.large_payload"}},
        {kConnector, "refuses_unknown_members", {"call.unknown_members"}},
        {kConnector, "answers_twice", {"call.answers_once"}},
        // Exchanges. What an exchange that ends unknown at its deadline means is the same question
        // as after a cut.
        {kConnector, "unknown_when_not_sent", {"exchange.not_sent"}},
        {kConnector,
         "refused_after_cut",
         {"exchange.cut", "exchange.deadline", "payment.refunds_once"}},
        {kConnector, "retries", {"exchange.once", "exchange.deadline"}},
        {kConnector, "believes_status_500", {"exchange.server_error"}},
        {kConnector, "refuses_unreadable", {"exchange.unreadable"}},
        {kConnector, "waits_past_the_deadline", {"exchange.deadline"}},
        {kConnector, "crashes_on_late_answer", {"exchange.late_answer"}},
        {kConnector, "refuses_without_keys", {"exchange.keys_down"}},
        // Streams and sessions. A session that never ends keeps stop() waiting, too.
        {kLine, "forgets_the_mark", {"stream.marked", "stream.mark_refused"}},
        {kLine, "ignores_a_refused_mark", {"stream.mark_refused"}},
        {kLine, "refused_after_loss", {"stream.cut"}},
        {kLine, "unknown_without_connection", {"stream.not_connected"}},
        {kLine, "keeps_lost_sessions", {"session.returned", "stop.in_time"}},
        {kLine, "acknowledges_early", {"session.acknowledges"}},
        {kLine, "new_ids", {"session.repeated"}},
        // Payments. Who believes any signature believes every forgery.
        {kConnector, "other_product", {"payment.accepted"}},
        {kConnector, "new_number_on_retry", {"payment.same_number"}},
        {kConnector, "refusals_are_unknown", {"payment.refusal_is_final"}},
        {kConnector, "believes_forged_refusals", {"payment.forged_refusal"}},
        {kConnector,
         "believes_any_signature",
         {"payment.bad_signature", "payment.forged_refusal", "payment.tampered_answer"}},
        {kConnector, "believes_unsigned", {"payment.unsigned"}},
        {kConnector, "verifies_create_only", {"payment.tampered_answer"}},
        {kConnector, "ignores_amount", {"payment.wrong_amount"}},
        {kConnector, "ignores_number", {"payment.other_number"}},
        {kConnector, "refuses_answer_members", {"payment.answer_members"}},
        {kConnector, "refunds_twice", {"payment.refunds_once"}},
        // Callbacks. Other rules need a callback that is read at all.
        {kConnector, "forgets_ack", {"callback.genuine", "callback.members", "callback.tampered"}},
        {kConnector, "refuses_repeated_callbacks", {"callback.repeated"}},
        {kConnector, "believes_any_callback", {"callback.forged", "callback.tampered"}},
        {kConnector, "ignores_the_merchant", {"callback.foreign"}},
        {kConnector, "ignores_the_time", {"callback.stale"}},
        {kConnector, "reads_its_own_amount", {"callback.amount"}},
        {kConnector, "refuses_callback_members", {"callback.members"}},
        {kConnector, "rejects_callbacks_without_keys", {"callback.keys_down"}},
        // Messages. A query that finds nothing does not find what was cut off either.
        {kMessage, "takes_success_for_failure", {"sms.accepted"}},
        {kMessage, "new_number_on_retry", {"sms.same_number"}},
        {kMessage, "sends_again", {"exchange.deadline", "exchange.once", "sms.never_doubled"}},
        {kMessage, "refuses_without_a_reason", {"sms.refusal_is_final"}},
        {kMessage, "unsure_is_refused", {"sms.unsure_is_unknown"}},
        {kMessage, "refuses_answer_members", {"sms.answer_members"}},
        {kMessage, "finds_nothing", {"sms.query_finds", "sms.never_doubled"}},
        {kMessage, "finds_everything", {"sms.query_not_found"}},
        {kMessage, "unreadable_is_not_found", {"sms.query_unsure"}},
        {kMessage, "logs_phone", {"sms.privacy"}},
        {kMessage, "reads_failure", {"report.read"}},
        {kMessage, "refuses_repeated_reports", {"report.repeated"}},
        {kMessage, "takes_any_report", {"report.malformed"}},
        // Licences. A picture of several ranges must be read like any other.
        {kLicence, "swaps_fields", {"licence.read", "licence.whole_picture"}},
        {kLicence, "reads_once", {"licence.same_again"}},
        {kLicence, "nothing_is_a_failure", {"licence.unreadable"}},
        {kLicence, "sends_the_first_range", {"licence.whole_picture"}},
        {kLicence, "takes_any_size", {"licence.too_large"}},
        {kLicence, "sends_without_the_picture", {"licence.blob_missing"}},
        {kLicence, "refusals_are_unknown", {"licence.refusal_is_final"}},
        {kLicence, "unsure_is_refused", {"licence.unsure_is_unknown"}},
        {kLicence, "believes_any_signature", {"licence.bad_signature"}},
        {kLicence, "believes_unsigned", {"licence.unsigned"}},
        {kLicence, "refuses_answer_members", {"licence.answer_members"}},
        {kLicence, "logs_what_it_read", {"licence.privacy"}},
        // Judged at the end.
        {kConnector, "results_break_the_schema", {"results.fit_schema"}},
        {kConnector, "logs_secret", {"privacy.no_secret"}},
        {kConnector, "logs_payer", {"privacy.no_secret"}},
        {kConnector, "asks_elsewhere", {"manifest.asks_for_what_it_lists"}},
        // Subscribers. A sound event after a broken one must be settled.
        {kSubscriber,
         "settles_nothing",
         {"event.settled", "event.any_payload", "event.unknown_members"}},
        {kSubscriber, "new_ids", {"event.repeated"}},
        {kSubscriber, "settles_early", {"event.waits_for_the_commit"}},
        {kSubscriber, "crashes_on_empty_payload", {"event.any_payload"}},
        {kSubscriber, "refuses_unknown_members", {"event.unknown_members"}},
        {kSubscriber, "publishes_what_it_does_not_list", {"manifest.asks_for_what_it_lists"}},
    };
    return kRows;
}

std::string toText(const Rules& rules)
{
    std::string text;
    for (const std::string& rule : rules) {
        text += " " + rule;
    }
    return text;
}

/// Empty when the row is as expected.
std::string compare(const Row& row)
{
    const std::string only = row.only;
    const auto judged = hub::test::judge(row.library,
                                         row.defect,
                                         only.empty() ? std::vector<std::string>{}
                                                      : std::vector<std::string>{"--rule", only});
    const bool is_as_expected = judged.failed() == row.failed &&
                                judged.exit_code == (row.failed.empty() ? 0 : 1) &&
                                !judged.report.empty();
    return is_as_expected ? ""
                          : std::string(row.defect) + ": expected" + toText(row.failed) + ", got" +
                                toText(judged.failed()) + "\n" + judged.output;
}

class DefectsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(DefectsTest);
    CPPUNIT_TEST(everyDefectBreaksItsRule);
    CPPUNIT_TEST(everyRuleHasADefect);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyDefectBreaksItsRule()
    {
        std::atomic<std::size_t> next = 0;
        std::mutex mutex;
        std::string wrong;
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < kAtOnce; ++i) {
            threads.emplace_back([&] {
                for (std::size_t at = next++; at < table().size(); at = next++) {
                    const std::string found = compare(table()[at]);
                    const std::lock_guard lock(mutex);
                    wrong += found;
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        CPPUNIT_ASSERT_MESSAGE(wrong, wrong.empty());
    }

    void everyRuleHasADefect()
    {
        Rules broken;
        for (const Row& row : table()) {
            broken.insert(row.failed.begin(), row.failed.end());
        }
        for (const char* library : {kConnector, kLicence, kLine, kSubscriber}) {
            const auto judged = hub::test::judge(library);
            CPPUNIT_ASSERT(!judged.report.empty());
            for (const auto& rule : judged.report["rules"]) {
                const auto name = rule["rule"].get<std::string>();
                CPPUNIT_ASSERT_MESSAGE(name, broken.contains(name));
            }
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(DefectsTest, "defects");

} // namespace
