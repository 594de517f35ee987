#include "api/messages.hpp"

#include "api/answers.hpp"
#include "api/phone_field.hpp"
#include "flow/work.hpp"
#include "store/message_rows.hpp"

#include <hub/person.hpp>

#include <algorithm>
#include <variant>

#include <identifiers/mask.hpp>

namespace messaging {

namespace {

constexpr std::int64_t kPage = 50;
constexpr std::int64_t kPageMax = 200;

std::string maskedRecipient(const hub::Snapshot& snapshot, const Message& message)
{
    if (message.recipient.empty()) {
        return "";
    }
    const auto phone =
        hub::person::open(snapshot, message.person, kRecipientColumn, message.recipient);
    return phone ? identifiers::maskPhone(*phone) : "";
}

Json viewOf(const hub::Snapshot& snapshot, const Message& message)
{
    Json view = {{"message_id", message.message_id},
                 {"kind", message.kind},
                 {"channel", message.channel},
                 {"template", message.template_name},
                 {"template_version", message.template_version},
                 {"language", message.language},
                 {"state", toText(message.state)},
                 {"in_doubt", message.state == MessageState::InDoubt},
                 {"recipient", maskedRecipient(snapshot, message)},
                 {"account", message.account},
                 {"cause", {{"type", message.cause_type}, {"id", message.cause_id}}},
                 {"created_at", toRfc3339(message.created_ms)}};
    const auto add = [&view](const char* name, const std::string& value) {
        if (!value.empty()) {
            view[name] = value;
        }
    };
    add("reason", message.reason);
    add("organization_id", message.organization_id);
    add("held_until", toRfc3339(message.held_until_ms));
    add("accepted_at", toRfc3339(message.accepted_ms));
    add("ended_at", toRfc3339(message.ended_ms));
    return view;
}

Json attemptsOf(const MessageRows& rows, const Message& message)
{
    Json list = Json::array();
    for (const Attempt& attempt : rows.attempts(message.message_id)) {
        list.push_back({{"number", attempt.number},
                        {"account", attempt.account},
                        {"outcome", attempt.outcome},
                        {"reason", attempt.reason},
                        {"provider_number", attempt.provider_number},
                        {"created_at", toRfc3339(attempt.created_ms)}});
    }
    return list;
}

std::variant<MessageFilter, Refusal> readFilter(const hub::Snapshot& snapshot, const Json& query)
{
    MessageFilter filter;
    filter.state = textOf(query, "state");
    filter.template_name = textOf(query, "template");
    filter.before = textOf(query, "cursor");
    const std::string limit = textOf(query, "limit");
    filter.limit = limit.empty() ? kPage : std::clamp<std::int64_t>(std::stoll(limit), 1, kPageMax);
    if (!filter.state.empty() && !findMessageState(filter.state)) {
        const Words words = {"No message has the state \"" + filter.state + "\".",
                             "没有该消息状态。"};
        return Refusal{422, "state_not_known", words, {{"/state", words}}};
    }
    if (query.contains("recipient")) {
        auto phone = readPhone(textOf(query, "recipient"), "/recipient");
        if (auto* refusal = std::get_if<Refusal>(&phone)) {
            return std::move(*refusal);
        }
        filter.recipient_index =
            hub::person::blindIndex(snapshot, kRecipientColumn, std::get<std::string>(phone));
    } else if (query.contains("recipient_tail")) {
        filter.recipient_tail =
            hub::person::blindIndex(snapshot, kTailColumn, textOf(query, "recipient_tail"));
    }
    return filter;
}

Refusal unknownMessage(const std::string& message_id)
{
    return {404, "not_found", {"There is no message \"" + message_id + "\".", "没有该消息。"}};
}

Json rowOf(const Json& view)
{
    return {view.at("message_id"),
            view.at("state"),
            view.value("reason", ""),
            view.at("template"),
            view.at("language"),
            view.at("recipient"),
            view.at("account"),
            view.at("created_at")};
}

const Json kColumns = {
    "message", "state", "reason", "template", "language", "recipient", "account", "created"};

} // namespace

hub::Answer
listMessages(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& /*settings*/)
{
    const auto read = readFilter(snapshot, readRequest(event.payload()).query);
    if (const auto* refusal = std::get_if<Refusal>(&read)) {
        return refuse(*refusal);
    }
    const MessageFilter& filter = std::get<MessageFilter>(read);
    Json items = Json::array();
    const auto found = MessageRows{snapshot}.list(filter);
    for (const Message& message : found) {
        items.push_back(viewOf(snapshot, message));
    }
    Json body = {{"items", std::move(items)}};
    if (static_cast<std::int64_t>(found.size()) == filter.limit) {
        body["next_cursor"] = found.back().message_id;
    }
    return answered(200, std::move(body));
}

hub::Answer
getMessage(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& /*settings*/)
{
    const std::string message_id = textOf(readRequest(event.payload()).path, "message_id");
    const MessageRows rows{snapshot};
    const auto message = rows.find(message_id);
    if (!message) {
        return refuse(unknownMessage(message_id));
    }
    Json view = viewOf(snapshot, *message);
    view["attempts"] = attemptsOf(rows, *message);
    return answered(200, std::move(view));
}

hub::Answer showMessages(const hub::Snapshot& snapshot,
                         const hub::Event& /*event*/,
                         const Settings& /*settings*/)
{
    Json items = Json::array();
    Json lines = Json::array();
    for (const Message& message : MessageRows{snapshot}.list({})) {
        items.push_back(viewOf(snapshot, message));
        lines.push_back(rowOf(items.back()));
    }
    return shown({{"items", std::move(items)}},
                 Json::array({section("Messages, newest first", kColumns, std::move(lines))}));
}

hub::Answer
showMessage(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& /*settings*/)
{
    const Json document = Json::parse(event.payload(), nullptr, false);
    const Json arguments =
        document.is_object() ? document.value("arguments", Json::array()) : Json();
    const std::string message_id = !arguments.empty() && arguments.front().is_string()
                                       ? arguments.front().get<std::string>()
                                       : "";
    const MessageRows rows{snapshot};
    const auto message = rows.find(message_id);
    if (!message) {
        return {HUB_NOT_FOUND, "no message has the id \"" + message_id + "\"", "", 0};
    }
    Json view = viewOf(snapshot, *message);
    view["attempts"] = attemptsOf(rows, *message);
    Json lines = Json::array();
    for (const Json& attempt : view.at("attempts")) {
        lines.push_back({attempt.at("number"),
                         attempt.at("account"),
                         attempt.at("outcome"),
                         attempt.at("reason"),
                         attempt.at("provider_number"),
                         attempt.at("created_at")});
    }
    Json sections = Json::array(
        {section("Message", kColumns, Json::array({rowOf(view)})),
         section("Attempts",
                 {"number", "account", "outcome", "reason", "provider's number", "created"},
                 lines)});
    return shown(std::move(view), std::move(sections));
}

} // namespace messaging
