// The money rule: what a connector may say when the exchange with its provider goes wrong. Judged
// with an operation that changes something at the provider.
#include "bench.hpp"

#include <array>

namespace hub::conformance {

namespace {

constexpr std::int64_t kShortMs = 1200;
constexpr std::int64_t kSlackMs = 1000;

bool isUnknown(const Answer& answer)
{
    return answer.status == HUB_OUTCOME_UNKNOWN;
}

/// The rules about broken exchanges mean something only when a sound one is made at all.
void mustExchange(Bench& bench)
{
    const auto stage = bench.start();
    (void)bench.ask(*stage, bench.probe());
    if (stage->desk.sent().empty()) {
        throw DoesNotApply("the operation makes no exchange");
    }
}

/// The answer to a fresh probe whose exchange ends so.
Answer askWith(Bench& bench, Fate fate, const std::function<void(hubp::HttpAnswer&)>& bend = {})
{
    const auto stage = bench.start();
    stage->desk.setFate(fate);
    stage->desk.setBend(bend);
    const Answer answer = bench.ask(*stage, bench.probe());
    require(!stage->desk.sent().empty(), "it made no exchange and answered " + describe(answer));
    return answer;
}

void cutBeforeSend(Bench& bench)
{
    mustExchange(bench);
    const Answer answer = askWith(bench, Fate::NotSent);
    require(answer.status == HUB_UNAVAILABLE,
            "hub.http said that nothing was sent; it answered " + describe(answer));
}

void cutAfterSend(Bench& bench)
{
    mustExchange(bench);
    const Answer answer = askWith(bench, Fate::CutAfterSend);
    require(isUnknown(answer),
            "the request had left and no answer came; it answered " + describe(answer));
}

void oneExchange(Bench& bench)
{
    mustExchange(bench);
    for (const Fate fate : {Fate::Deliver, Fate::CutAfterSend}) {
        const auto stage = bench.start();
        stage->desk.setFate(fate);
        (void)bench.ask(*stage, bench.probe());
        require(stage->desk.sent().size() == 1,
                "one call made " + std::to_string(stage->desk.sent().size()) + " exchanges");
    }
}

void serverError(Bench& bench)
{
    mustExchange(bench);
    const Answer answer = askWith(bench, Fate::Deliver, [](hubp::HttpAnswer& http) {
        http.http_status = 500;
        http.headers.clear();
        http.body = "<html><body>Internal Server Error</body></html>";
    });
    require(isUnknown(answer), "to a page with HTTP status 500 it answered " + describe(answer));
}

void unreadable(Bench& bench)
{
    mustExchange(bench);
    const std::array<std::pair<const char*, std::function<void(hubp::HttpAnswer&)>>, 3> kBends = {{
        {"an empty answer",
         [](hubp::HttpAnswer& http) {
             http.body.clear();
         }},
        {"half an answer",
         [](hubp::HttpAnswer& http) {
             http.body.resize(http.body.size() / 2);
         }},
        {"bytes that are no text",
         [](hubp::HttpAnswer& http) {
             http.body.assign("\xff\xfe\x00\x01{\"", 6).append(300000, '[');
         }},
    }};
    for (const auto& [what, bend] : kBends) {
        const Answer answer = askWith(bench, Fate::Deliver, bend);
        require(isUnknown(answer), std::string("to ") + what + " it answered " + describe(answer));
    }
}

void respectsTheDeadline(Bench& bench)
{
    mustExchange(bench);
    const auto stage = bench.start();
    const Request request = bench.probe();
    Manner manner;
    manner.deadline_in_ms = kShortMs;
    stage->desk.setFate(Fate::Hold);
    stage->desk.setHoldEnd(unixNowMs() + kShortMs);
    const Answer answer = stage->session.await(bench.send(*stage, request, manner),
                                               Milliseconds(kShortMs + kSlackMs));
    require(answer.arrived,
            "a second after the deadline, when hub.http had given up, there was no answer");
    require(isUnknown(answer), "at the deadline it answered " + describe(answer));
    require(stage->desk.sent().size() == 1, "after the deadline it sent once more");
}

void lateAnswer(Bench& bench)
{
    mustExchange(bench);
    const auto stage = bench.start();
    const Request request = bench.probe();
    Manner manner;
    manner.deadline_in_ms = kShortMs / 2;
    stage->desk.setFate(Fate::Hold);
    stage->desk.setHoldEnd(unixNowMs() + 20 * kShortMs);
    const hub_call_id id = bench.send(*stage, request, manner);
    (void)stage->session.await(id, Milliseconds(kShortMs)); // the deadline passes
    stage->desk.release();
    const Answer answer = stage->session.await(id, Milliseconds(4 * kShortMs));
    require(answer.arrived, "the provider's answer came late; it gave none");
    const bool may_be = answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE ||
                        answer.status == HUB_PENDING || isUnknown(answer);
    require(may_be, "to a late answer that accepts it answered " + describe(answer));
    // A second answer to the same exchange finds nobody.
    stage->session.strayServed(stage->session.lastService());
    stage->desk.setFate(Fate::Deliver);
    require(bench.ask(*stage, bench.probe()).status != HUB_OUTCOME_UNKNOWN,
            "after a late and a second answer it did not serve as before");
}

void keysDown(Bench& bench)
{
    mustExchange(bench);
    const auto stage = bench.start();
    stage->desk.setKeysDown(true);
    const Answer answer = bench.ask(*stage, bench.probe());
    if (!stage->desk.sent().empty()) {
        // It signs nothing that it sends; what it can't verify is not known.
        require(isUnknown(answer) || answer.status == HUB_OK || answer.status == HUB_PENDING,
                "without hub.keys it answered " + describe(answer));
        return;
    }
    const bool is_unsent = answer.status == HUB_UNAVAILABLE || answer.status == HUB_INTERNAL ||
                           answer.status == HUB_THROTTLED;
    require(is_unsent,
            "hub.keys was not available and nothing was sent; it answered " + describe(answer));
}

constexpr std::array<Rule, 8> kRules = {{
    {"exchange.not_sent",
     "When hub.http says that nothing was sent, the answer is HUB_UNAVAILABLE: safe to repeat.",
     "Hand HUB_UNAVAILABLE of exchange() on.",
     cutBeforeSend},
    {"exchange.cut",
     "When the request has left and no answer came, the outcome is unknown, never refused or done.",
     "Answer HUB_OUTCOME_UNKNOWN for every failure of exchange() but HUB_UNAVAILABLE.",
     cutAfterSend},
    {"exchange.once",
     "One call that changes something makes one exchange; repeating is the hub's decision.",
     "Don't retry in the connector.",
     oneExchange},
    {"exchange.server_error",
     "A page with HTTP status 500 tells nothing: the outcome is unknown.",
     "Believe a genuine answer only, whatever its status says.",
     serverError},
    {"exchange.unreadable",
     "An empty, cut or unreadable answer tells nothing: the outcome is unknown.",
     "Parse answers without exceptions; what can't be read is HUB_OUTCOME_UNKNOWN.",
     unreadable},
    {"exchange.deadline",
     "When the deadline passes during an exchange, the answer comes at once and is unknown.",
     "Don't wait or repeat after exchange() returned.",
     respectsTheDeadline},
    {"exchange.late_answer",
     "A late and a second answer of the provider do no harm.",
     "Keep no state between calls that an answer out of time could meet.",
     lateAnswer},
    {"exchange.keys_down",
     "When hub.keys is not available before anything was sent, the call is not sent, not refused.",
     "Answer HUB_UNAVAILABLE or HUB_INTERNAL when signing fails.",
     keysDown},
}};

} // namespace

std::span<const Rule> exchangeRules()
{
    return kRules;
}

} // namespace hub::conformance
