#include "flow/work.hpp"

#include "domain/ids.hpp"

#include <hub/person.hpp>

namespace messaging {

namespace {

constexpr std::size_t kTailDigits = 4;
constexpr std::size_t kIdRandomBytes = 10;

/// Of a state that others are told about.
std::string eventOf(MessageState state)
{
    switch (state) {
    case MessageState::Accepted:
    case MessageState::Delivered:
    case MessageState::Failed:
    case MessageState::InDoubt:
        return "message." + std::string{toText(state)};
    default:
        return "";
    }
}

} // namespace

std::string Work::drawId() const
{
    return makeId(now_ms_, unit_.random(kIdRandomBytes));
}

Json Work::accounts() const
{
    return Json::parse(unit_.accounts(kSms));
}

void Work::address(Message& message, std::string_view phone) const
{
    const std::string_view tail = phone.substr(phone.size() - kTailDigits);
    message.recipient = hub::person::seal(unit_, message.person, kRecipientColumn, phone);
    message.recipient_index = hub::person::blindIndex(unit_, kRecipientColumn, phone);
    message.recipient_tail = hub::person::blindIndex(unit_, kTailColumn, tail);
}

std::optional<std::string> Work::phoneOf(const Message& message) const
{
    if (message.recipient.empty()) {
        return std::nullopt;
    }
    return hub::person::open(unit_, message.person, kRecipientColumn, message.recipient);
}

bool Work::advance(Message& message, MessageCause cause, std::string_view reason) const
{
    const auto to = next(message.state, cause);
    if (!to) {
        return false;
    }
    message.state = *to;
    message.reason = reason;
    if (*to == MessageState::Accepted) {
        message.accepted_ms = now_ms_;
    }
    if (*to == MessageState::Delivered || *to == MessageState::Failed) {
        message.ended_ms = now_ms_;
    }
    messages_.save(message);
    publish(message);
    return true;
}

bool Work::advance(Verification& verification, VerificationCause cause) const
{
    const auto to = next(verification.state, cause);
    if (!to) {
        return false;
    }
    verification.state = *to;
    verifications_.save(verification);
    return true;
}

void Work::scheduleRetention() const
{
    // Three o'clock at night in Shanghai; set again by every message, to the same moment.
    constexpr std::int64_t kDayMs = 86'400'000;
    constexpr std::int64_t kNightMs = 19 * 3'600'000;
    const std::int64_t days = (now_ms_ - kNightMs) / kDayMs + 1;
    unit_.setTimer(kRetentionTimer, "messages", days * kDayMs + kNightMs);
}

void Work::publish(const Message& message) const
{
    const std::string type = eventOf(message.state);
    if (type.empty()) {
        return;
    }
    Json payload = {{"message_id", message.message_id},
                    {"template", message.template_name},
                    {"channel", message.channel}};
    if (!message.organization_id.empty()) {
        payload["organization_id"] = message.organization_id;
    }
    if (message.state == MessageState::Failed) {
        payload["reason"] = message.reason;
    }
    hub::Publication publication;
    publication.type = type;
    publication.key = message.message_id;
    publication.payload = payload.dump();
    publication.edition = message.edition;
    unit_.publish(publication);
}

} // namespace messaging
