#include "flow/sending.hpp"

#include "domain/ids.hpp"
#include "flow/codes.hpp"

#include <set>
#include <utility>

#include <requests/answers.hpp>

namespace messaging {

namespace {

using requests::textOf;

constexpr std::string_view kNoAccount = "no_account";
constexpr std::string_view kErased = "recipient_erased";
constexpr std::string_view kOver = "verification_over";

Json readPayload(const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    return payload.is_object() ? payload : Json::object();
}

/// Nothing when a code is not wanted any more.
std::optional<Json> variablesOf(const Work& work, const Message& message)
{
    if (message.kind != kCodeKind) {
        return Json::parse(message.variables);
    }
    auto verification = work.verifications().ofMessage(message.message_id);
    if (!verification || verification->state != VerificationState::Open ||
        verification->expires_ms <= work.nowMs()) {
        return std::nullopt;
    }
    const std::string code = drawCode(work.unit(), *verification);
    work.verifications().save(*verification);
    return Json{{"code", code}};
}

std::set<std::string> triedBy(const Work& work, const Message& message)
{
    std::set<std::string> tried;
    for (const Attempt& attempt : work.messages().attempts(message.message_id)) {
        tried.insert(attempt.account);
    }
    return tried;
}

/// False when the account takes nothing now.
bool hand(const Work& work,
          Message& message,
          const std::string& account,
          const std::string& phone,
          const Json& variables)
{
    Attempt attempt;
    attempt.ordinal = message.attempts + 1;
    attempt.number = makeNumber(message.message_id, attempt.ordinal);
    attempt.message_id = message.message_id;
    attempt.account = account;
    attempt.created_ms = work.nowMs();
    hub::CallRequest request;
    request.contract = kSms;
    request.operation = "send";
    request.key = message.message_id;
    request.account = account;
    request.idempotency_key = attempt.number;
    request.edition = message.edition;
    request.payload = Json{{"number", attempt.number},
                           {"phone", phone},
                           {"purpose", message.kind},
                           {"template", message.template_name},
                           {"language", message.language},
                           {"variables", variables},
                           {"created_at_ms", attempt.created_ms}}
                          .dump();
    const auto call = work.unit().call(request);
    if (!call.ok()) {
        return false;
    }
    attempt.call_id = static_cast<std::int64_t>(call.value());
    work.messages().insert(attempt);
    message.account = account;
    message.attempts = attempt.ordinal;
    work.messages().save(message);
    return true;
}

void end(const Work& work, Attempt& attempt, std::string_view outcome, std::string_view reason)
{
    attempt.outcome = outcome;
    attempt.reason = reason;
    work.messages().save(attempt);
}

/// What the provider says of a message, in its answer or in the hub's query.
void takeStatement(const Work& work, Message& message, Attempt& attempt, const Json& result)
{
    const std::string state = textOf(result, "state");
    const std::string provider_number = textOf(result, "provider_number");
    if (!provider_number.empty()) {
        attempt.provider_number = provider_number;
    }
    end(work, attempt, "accepted", textOf(result, "reason"));
    if (state == "delivered") {
        work.advance(message, MessageCause::ReportedDelivered);
    } else if (state == "failed") {
        work.advance(message, MessageCause::ReportedFailed, attempt.reason);
    } else {
        work.advance(message, MessageCause::ProviderAccepted);
    }
}

void takeRefusal(const Work& work, Message& message, Attempt& attempt, const Json& payload)
{
    const Json refusal = payload.value("refusal", Json::object());
    const std::string said = textOf(refusal, "reason");
    end(work, attempt, "refused", said.empty() ? "other" : said);
    if (refusal.value("retriable", false) && message.state == MessageState::Sending) {
        sendOn(work, message);
        return;
    }
    work.advance(message, MessageCause::ProviderRefused, attempt.reason);
}

} // namespace

void sendOn(const Work& work, Message& message)
{
    const auto phone = work.phoneOf(message);
    if (!phone) {
        work.advance(message, MessageCause::Unsendable, kErased);
        return;
    }
    const auto accounts =
        candidatesFor(work.accounts(), *phone, work.settings().accounts, triedBy(work, message));
    const auto variables = variablesOf(work, message);
    if (!variables) {
        work.advance(message, MessageCause::Unsendable, kOver);
        return;
    }
    for (const std::string& account : accounts) {
        if (hand(work, message, account, *phone, *variables)) {
            return;
        }
    }
    work.advance(message, MessageCause::Unsendable, kNoAccount);
}

hub::Answer takeOutcome(const Work& work, const hub::Event& event)
{
    auto attempt = work.messages().attemptOfCall(static_cast<std::int64_t>(event.subject()));
    auto message = attempt ? work.messages().find(attempt->message_id) : std::nullopt;
    if (!message) {
        return {HUB_NOT_FOUND,
                "call " + std::to_string(event.subject()) + " was not made by messaging",
                "",
                0};
    }
    switch (event.outcome()) {
    case HUB_OUTCOME_SUCCEEDED:
        takeStatement(work, *message, *attempt, readPayload(event));
        break;
    case HUB_OUTCOME_REJECTED:
        takeRefusal(work, *message, *attempt, readPayload(event));
        break;
    case HUB_OUTCOME_NOT_SENT:
        end(work, *attempt, "not_sent", "");
        if (message->state == MessageState::Sending) {
            sendOn(work, *message);
        }
        break;
    default:
        end(work, *attempt, "unknown", "");
        work.advance(*message, MessageCause::OutcomeUnknown);
        break;
    }
    return {};
}

void onQuietTimer(const Work& work, const std::string& message_id)
{
    auto message = work.messages().find(message_id);
    if (message && work.advance(*message, MessageCause::QuietHoursOver)) {
        sendOn(work, *message);
    }
}

} // namespace messaging
