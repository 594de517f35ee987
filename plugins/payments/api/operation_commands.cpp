#include "api/operation_commands.hpp"

#include "api/answers.hpp"
#include "domain/number.hpp"
#include "flow/go_live.hpp"
#include "pages/terminal_code.hpp"
#include "store/operation_rows.hpp"

#include <algorithm>
#include <vector>

namespace payments {

namespace {

constexpr std::size_t kNoticeMax = 400;

/// Of a command by its place, of a route by its name.
std::string given(const hub::Event& event, std::size_t place, const char* name)
{
    if (event.source() != HUB_SOURCE_COMMAND) {
        const RequestParts request = readRequest(event.payload());
        return textOf(request.path.contains(name) ? request.path : request.body, name);
    }
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const Json arguments = payload.value("arguments", Json::array());
    return place < arguments.size() ? arguments[place].get<std::string>() : "";
}

/// As a command's answer or as a route's.
hub::Answer answer(const hub::Event& event, Json data, Json sections, int exit = 0)
{
    if (event.source() != HUB_SOURCE_COMMAND) {
        return ok({{"status", 200}, {"body", std::move(data)}});
    }
    return ok({{"data", std::move(data)}, {"sections", std::move(sections)}, {"exit", exit}});
}

Json methodsOf(const hub::Snapshot& snapshot, const Settings& settings)
{
    const OperationRows rows{snapshot};
    Json methods = Json::array();
    for (const Method& method : settings.methods) {
        Json accounts = Json::array();
        for (const RouteRule& rule : method.rules) {
            accounts.push_back(rule.account);
        }
        Json view = {{"method", method.name}, {"accounts", accounts}, {"stopped", false}};
        if (const auto stop = rows.stopOf(method.name)) {
            view["stopped"] = true;
            view["notice"] = {{"zh", stop->notice_zh}, {"en", stop->notice_en}};
            view["stopped_at"] = toRfc3339(stop->stopped_ms);
            view["stopped_by"] = stop->principal;
        }
        methods.push_back(std::move(view));
    }
    return methods;
}

hub::Answer
answerMethods(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Json methods = methodsOf(snapshot, settings);
    Json lines = Json::array();
    for (const Json& method : methods) {
        const Json notice = method.value("notice", Json::object());
        lines.push_back({method.at("method"),
                         method.at("stopped").get<bool>() ? "stopped" : "open",
                         textOf(method, "stopped_at"),
                         textOf(method, "stopped_by"),
                         textOf(notice, "zh"),
                         textOf(notice, "en")});
    }
    return answer(event,
                  {{"items", methods}},
                  {{{"title", "Methods"},
                    {"columns", {"method", "state", "since", "by", "notice (zh)", "notice (en)"}},
                    {"rows", lines}}});
}

hub::Answer refuseMethod(const Settings& settings, const std::string& method)
{
    std::string names;
    for (const Method& each : settings.methods) {
        names += (names.empty() ? "" : ", ") + each.name;
    }
    return refuse({404, "not_found", "", "no method \"" + method + "\"; there are: " + names});
}

/// The four steps of a check, each with what it waits for.
struct Steps {
    Json view;
    Json lines = Json::array();
    bool is_done = true;

    void add(const char* step, bool done, const std::string& waits_for)
    {
        view[step] = done;
        lines.push_back({step, done ? "yes" : "not yet", done ? "" : waits_for});
        is_done = is_done && done;
    }
};

Steps stepsOf(const hub::Snapshot& snapshot, const GoLive& check)
{
    const Rows rows{snapshot};
    const auto payment = rows.payment(check.payment_id);
    const auto attempts = rows.attempts(check.payment_id);
    const auto refunds = rows.refunds(check.payment_id);
    const bool paid = payment && payment->state == PaymentState::Paid;
    const bool refunded = std::any_of(refunds.begin(), refunds.end(), [](const Refund& refund) {
        return refund.state == RefundState::Succeeded;
    });
    Steps steps;
    steps.view = {{"account", check.account},
                  {"payment_id", check.payment_id},
                  {"state", rows.shownState(check.payment_id)},
                  {"started_at", toRfc3339(check.started_ms)},
                  {"started_by", check.principal}};
    const std::string code = attempts.empty() ? "" : attempts.back().qr_code;
    const std::string message = attempts.empty() ? "" : attempts.back().message;
    steps.add("code", paid || !code.empty(), message.empty() ? "the provider's answer" : message);
    steps.add("paid", paid, "one fen, paid with the code by your own phone");
    steps.add("refunded", refunded, "the provider's answer");
    steps.add("payment_in_bill", check.payment_found, "the bill of the day, tomorrow after 11:00");
    steps.add("refund_in_bill", check.refund_found, "the bill of the day, tomorrow after 11:00");
    steps.view["done"] = steps.is_done;
    if (!paid && !code.empty()) {
        steps.view["qr_code"] = code;
    }
    return steps;
}

hub::Answer
answerGoLive(const hub::Snapshot& snapshot, const hub::Event& event, const GoLive& check)
{
    Steps steps = stepsOf(snapshot, check);
    Json sections = Json::array();
    sections.push_back({{"title", "Go-live check of " + check.account},
                        {"columns", {"step", "done", "waits for"}},
                        {"rows", steps.lines}});
    const std::string code = textOf(steps.view, "qr_code");
    if (!code.empty()) {
        Json lines = Json::array();
        for (const std::string& line : drawQr(code)) {
            lines.push_back({line});
        }
        sections.push_back(
            {{"title", "Pay one fen with " + code}, {"columns", {""}}, {"rows", lines}});
    }
    return answer(event, std::move(steps.view), std::move(sections));
}

} // namespace

hub::Answer
showMethods(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    return answerMethods(snapshot, event, settings);
}

hub::Answer stopMethod(const Work& work, const hub::Event& event)
{
    const std::string name = given(event, 0, "method");
    if (work.settings().findMethod(name) == nullptr) {
        return refuseMethod(work.settings(), name);
    }
    const MethodStop stop = {name,
                             given(event, 1, "notice_zh"),
                             given(event, 2, "notice_en"),
                             work.nowMs(),
                             work.principal()};
    const bool fits = !stop.notice_zh.empty() && !stop.notice_en.empty() &&
                      stop.notice_zh.size() <= kNoticeMax && stop.notice_en.size() <= kNoticeMax;
    if (!fits) {
        return refuse({422,
                       "notice_missing",
                       "",
                       "say in both languages what people shall read: payment-method stop " + name +
                           " NOTICE_ZH NOTICE_EN, each of at most 400 bytes"});
    }
    OperationRows{work.unit()}.put(stop);
    return answerMethods(work.unit(), event, work.settings());
}

hub::Answer startMethod(const Work& work, const hub::Event& event)
{
    const std::string name = given(event, 0, "method");
    if (work.settings().findMethod(name) == nullptr) {
        return refuseMethod(work.settings(), name);
    }
    OperationRows{work.unit()}.removeStop(name);
    return answerMethods(work.unit(), event, work.settings());
}

hub::Answer
showGoLive(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& /*settings*/)
{
    const std::string account = given(event, 0, "account");
    const auto check = OperationRows{snapshot}.goLiveAt(account);
    if (!check) {
        return refuse({404,
                       "not_found",
                       "",
                       "no check was begun for account \"" + account +
                           "\"; begin one with `expohub go-live start " + account + "`"});
    }
    return answerGoLive(snapshot, event, *check);
}

hub::Answer startGoLiveCheck(const Work& work, const hub::Event& event)
{
    const std::string account = given(event, 0, "account");
    const auto check = startGoLive(work, account);
    if (!check) {
        return refuse({409,
                       "no_channel",
                       "",
                       "account \"" + account +
                           "\" offers no code now; enable it (visitors reach it only through a "
                           "method's table) and see `expohub provider-account test " +
                           account + "`"});
    }
    return answerGoLive(work.unit(), event, *check);
}

} // namespace payments
