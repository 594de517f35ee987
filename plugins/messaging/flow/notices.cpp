#include "flow/notices.hpp"

#include "domain/template_text.hpp"
#include "flow/recipients.hpp"
#include "flow/sending.hpp"

#include <utility>
#include <variant>

#include <identifiers/phone.hpp>
#include <requests/answers.hpp>

namespace messaging {

namespace {

using requests::textOf;

/// What all messages about one event have in common.
struct Occasion {
    const Work& work;
    const hub::Event& event;
    std::string template_name;
    Json payload;
};

std::string templateOf(const Notice& notice, const Json& payload)
{
    return notice.variant.empty() ? notice.template_name
                                  : notice.template_name + "." + textOf(payload, notice.variant);
}

Message draft(const Occasion& occasion, const std::string& person)
{
    Message message;
    message.message_id = occasion.work.drawId();
    message.edition = occasion.event.edition();
    message.kind = kNoticeKind;
    message.template_name = occasion.template_name;
    message.organization_id = textOf(occasion.payload, "organization_id");
    message.cause_type = occasion.event.type();
    message.cause_id = occasion.event.id();
    message.person = person;
    message.created_ms = occasion.work.nowMs();
    return message;
}

void keepUnreached(const Occasion& occasion, Message message, std::string_view reason)
{
    message.state = MessageState::NoRecipient;
    message.reason = reason;
    occasion.work.messages().insert(message);
}

/// False when the person was erased.
bool address(const Work& work, Message& message, const std::string& phone)
{
    try {
        work.address(message, phone);
        return true;
    } catch (const hub::UnitFailure& failure) {
        if (failure.status() != HUB_REJECTED) {
            throw;
        }
        return false;
    }
}

void send(const Occasion& occasion, Message message, const std::optional<Json>& variables)
{
    const Work& work = occasion.work;
    const auto quiet_until = quietUntil(work.settings().quiet_hours, work.nowMs());
    if (variables && quiet_until) {
        message.state = MessageState::Held;
        message.held_until_ms = *quiet_until;
    }
    message.variables = variables.value_or(Json::object()).dump();
    if (!work.messages().insert(message)) {
        return; // the same event once more
    }
    work.scheduleRetention();
    if (!variables) {
        work.advance(message, MessageCause::Unsendable, "variables");
    } else if (quiet_until) {
        work.unit().setTimer(kQuietTimer, message.message_id, *quiet_until);
    } else {
        sendOn(work, message);
    }
}

void tell(const Occasion& occasion, const Json& contact)
{
    const Work& work = occasion.work;
    Message message = draft(occasion, textOf(contact, "person"));
    const auto form = work.templates().usable(occasion.template_name, textOf(contact, "language"));
    if (!form) {
        keepUnreached(occasion, std::move(message), "no_template");
        return;
    }
    message.language = form->language;
    message.template_version = form->version;
    const auto phone =
        identifiers::checkPhone(textOf(contact, "phone"), identifiers::PhoneRegion::Mainland);
    if (message.person.empty() || !phone.checked.isAcceptable()) {
        keepUnreached(occasion, std::move(message), "no_phone");
    } else if (!isServed(work.accounts(), phone.checked.value)) {
        keepUnreached(occasion, std::move(message), "not_by_sms"); // mail comes later
    } else if (!address(work, message, phone.checked.value)) {
        keepUnreached(occasion, std::move(message), "recipient_erased");
    } else {
        send(occasion, std::move(message), fillNotice(form->variables, occasion.payload));
    }
}

} // namespace

hub::Answer takeEvent(const Work& work, const hub::Event& event)
{
    const Notice* notice = work.settings().findNotice(event.type());
    if (notice == nullptr) {
        return {};
    }
    Json payload = Json::parse(event.payload(), nullptr, false);
    payload = payload.is_object() ? std::move(payload) : Json::object();
    const auto found = recipientsOf(work, notice->audience, payload);
    if (const auto* answer = std::get_if<hub::Answer>(&found)) {
        return *answer;
    }
    const Recipients& recipients = std::get<Recipients>(found);
    const Occasion occasion{work, event, templateOf(*notice, payload), payload};
    if (recipients.people.empty()) {
        keepUnreached(occasion, draft(occasion, ""), recipients.reason);
    }
    for (const Json& person : recipients.people) {
        tell(occasion, person);
    }
    return {};
}

} // namespace messaging
