#include "api/recovery_commands.hpp"

#include "api/answers.hpp"
#include "domain/number.hpp"
#include "store/recovery_rows.hpp"

#include <hub/money.hpp>

namespace payments {

namespace {

constexpr std::int64_t kShownMax = 200;

Json questionsOf(const std::vector<Question>& questions)
{
    Json items = Json::array();
    for (const Question& question : questions) {
        items.push_back({{"subject", question.subject},
                         {"number", question.number},
                         {"account", question.account},
                         {"state", question.state},
                         {"answer", question.answer}});
    }
    return items;
}

} // namespace

hub::Answer showRecovery(const hub::Snapshot& snapshot,
                         const hub::Event& /*event*/,
                         const Settings& /*settings*/)
{
    const RecoveryRows rows{snapshot};
    const std::int64_t attempts = rows.openQuestions("attempt");
    const std::int64_t refunds = rows.openQuestions("refund");
    const std::int64_t open_bills = rows.openBills();
    const auto open = rows.questions(true, kShownMax);
    Json lines = Json::array();
    for (const Question& question : open) {
        lines.push_back({question.subject, question.number, question.account, question.state});
    }
    Json bills = Json::array();
    for (const BillDay& bill : rows.bills()) {
        if (bill.state != "compared") {
            lines.push_back({"bill", bill.day, bill.account, bill.state + " " + bill.message});
        }
        bills.push_back({{"account", bill.account},
                         {"day", bill.day},
                         {"state", bill.state},
                         {"lines", bill.read_lines},
                         {"message", bill.message}});
    }
    const Json section = {{"title", "Payments: not known yet"},
                          {"columns", {"what", "number or day", "account", "state"}},
                          {"rows", std::move(lines)}};
    return ok({{"data",
                {{"open", attempts + refunds + open_bills},
                 {"attempts", attempts},
                 {"refunds", refunds},
                 {"open_bills", open_bills},
                 {"items", questionsOf(open)},
                 {"bills", std::move(bills)}}},
               {"sections", Json::array({section})},
               {"exit", 0}});
}

hub::Answer showExceptions(const hub::Snapshot& snapshot,
                           const hub::Event& /*event*/,
                           const Settings& /*settings*/)
{
    Json items = Json::array();
    Json lines = Json::array();
    for (const Exception& one : RecoveryRows{snapshot}.exceptions(kShownMax)) {
        const std::string amount =
            hub::toDecimal(hub::Money{one.amount_minor, one.currency}) + " " + one.currency;
        lines.push_back({one.day,
                         one.kind,
                         one.account,
                         one.number,
                         one.refund_number,
                         amount,
                         one.booked ? "suspense" : "-",
                         one.state,
                         one.message});
        items.push_back({{"kind", one.kind},
                         {"account", one.account},
                         {"number", one.number},
                         {"refund_number", one.refund_number},
                         {"provider_number", one.provider_number},
                         {"amount_minor", one.amount_minor},
                         {"currency", one.currency},
                         {"day", one.day},
                         {"booked", one.booked},
                         {"state", one.state},
                         {"message", one.message}});
    }
    const Json section = {{"title", "Exceptions, newest first"},
                          {"columns",
                           {"bill of",
                            "kind",
                            "account",
                            "number",
                            "refund",
                            "amount",
                            "booked",
                            "state",
                            "message"}},
                          {"rows", std::move(lines)}};
    return ok({{"data", {{"items", std::move(items)}}},
               {"sections", Json::array({section})},
               {"exit", 0}});
}

} // namespace payments
