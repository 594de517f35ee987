#include "hubp/codec.hpp"

#include "hubp/pack.hpp"
#include "hubp/text.hpp"

#include <array>
#include <type_traits>
#include <utility>

namespace hub::hubp {

namespace {

constexpr std::size_t kFrames = 4;
constexpr std::size_t kNameMax = HUB_NAME_BYTES_MAX;
constexpr std::size_t kMessageMax = HUB_MESSAGE_BYTES_MAX;

// One list of header members per message, used to write and to read.

template <typename Map, typename E>
void envelopeMembers(Map& map, E& envelope)
{
    map.number("kind", envelope.kind);
    map.number("source", envelope.source);
    map.number("flags", envelope.flags);
    map.number("partition", envelope.partition);
    map.number("schema_version", envelope.schema_version);
    map.number("attempt", envelope.attempt);
    map.number("outcome", envelope.outcome);
    map.number("call_id", envelope.call_id);
    map.number("subject", envelope.subject);
    map.number("seq", envelope.seq);
    map.number("time_unix_ms", envelope.time_unix_ms);
    map.number("deadline_unix_ms", envelope.deadline_unix_ms);
    map.text("id", envelope.id, kNameMax);
    map.text("type", envelope.type, kNameMax);
    map.text("operation", envelope.operation, kNameMax);
    map.text("key", envelope.key, kNameMax);
    map.text("edition", envelope.edition, kNameMax);
    map.text("account", envelope.account, kNameMax);
    map.text("idempotency_key", envelope.idempotency_key, kNameMax);
    map.text("correlation_id", envelope.correlation_id, kNameMax);
    map.text("trace", envelope.trace, kNameMax);
    map.text("principal", envelope.principal, kNameMax);
    map.text("message", envelope.message, kMessageMax);
}

template <typename Map, typename F>
void members(Map& map, F& frame)
{
    using Type = std::remove_const_t<F>;
    if constexpr (std::is_same_v<Type, Hello>) {
        map.text("token", frame.token, kNameMax);
        map.text("library", frame.library, kNameMax);
        map.text("version", frame.version, kNameMax);
        map.text("sdk_version", frame.sdk_version, kNameMax);
        map.number("abi_major", frame.abi_major);
        map.number("abi_minor", frame.abi_minor);
        map.number("pid", frame.pid);
    } else if constexpr (std::is_same_v<Type, Welcome>) {
        map.number("credit_max", frame.credit_max);
        map.number("heartbeat_ms", frame.heartbeat_ms);
        map.number("heartbeats_missed_max", frame.heartbeats_missed_max);
    } else if constexpr (std::is_same_v<Type, Refuse> || std::is_same_v<Type, Bye>) {
        map.text("message", frame.message, kMessageMax);
    } else if constexpr (std::is_same_v<Type, Call> || std::is_same_v<Type, Callback> ||
                         std::is_same_v<Type, Session>) {
        envelopeMembers(map, frame.envelope);
        map.number("delivery", frame.delivery);
    } else if constexpr (std::is_same_v<Type, Event>) {
        envelopeMembers(map, frame.envelope);
        map.flag("resume", frame.resume);
        map.number("delivery", frame.delivery);
    } else if constexpr (std::is_same_v<Type, Outcome>) {
        map.number("call_id", frame.call_id);
        map.number("delivery", frame.delivery);
        map.number("status", frame.status);
        map.number("retry_after_ms", frame.retry_after_ms);
        map.text("message", frame.message, kMessageMax);
    } else if constexpr (std::is_same_v<Type, Ack>) {
        map.number("seq", frame.seq);
        map.number("status", frame.status);
        map.number("retry_after_ms", frame.retry_after_ms);
        map.number("delivery", frame.delivery);
        map.text("message", frame.message, kMessageMax);
    } else if constexpr (std::is_same_v<Type, Publish>) {
        map.number("token", frame.token);
        envelopeMembers(map, frame.envelope);
    } else if constexpr (std::is_same_v<Type, Published>) {
        map.number("token", frame.token);
        map.number("status", frame.status);
        map.number("seq", frame.seq);
    } else if constexpr (std::is_same_v<Type, Credit>) {
        map.number("count", frame.count);
    } else if constexpr (std::is_same_v<Type, Log>) {
        map.number("level", frame.level);
    } else if constexpr (std::is_same_v<Type, Service>) {
        map.number("service_id", frame.service_id);
        map.number("call_id", frame.call_id);
        map.text("extension", frame.extension, kNameMax);
        map.text("operation", frame.operation, kNameMax);
    } else if constexpr (std::is_same_v<Type, Served>) {
        map.number("service_id", frame.service_id);
        map.number("status", frame.status);
    } else if constexpr (std::is_same_v<Type, Stop>) {
        map.number("deadline_unix_ms", frame.deadline_unix_ms);
    }
}

template <typename Map, typename W>
void welcomeDocuments(Map& map, W& welcome)
{
    map.bytes("manifest", welcome.manifest_json);
    map.bytes("config", welcome.config_json);
}

/// The member that is opaque and travels as the payload; null for messages without one.
template <typename F>
auto* payloadOf(F& frame)
{
    using Type = std::remove_const_t<F>;
    using Text = std::conditional_t<std::is_const_v<F>, const std::string, std::string>;
    if constexpr (std::is_same_v<Type, Log>) {
        return &frame.message;
    } else if constexpr (std::is_same_v<Type, Service>) {
        return &frame.arguments;
    } else if constexpr (std::is_same_v<Type, Served>) {
        return &frame.result;
    } else if constexpr (requires { frame.payload; }) {
        return &frame.payload;
    } else {
        return static_cast<Text*>(nullptr);
    }
}

/// The text that may be shortened so that the header fits.
template <typename F>
std::string* messageOf(F& frame)
{
    if constexpr (std::is_same_v<F, Log>) {
        return nullptr;
    } else if constexpr (requires { frame.message; }) {
        return &frame.message;
    } else if constexpr (requires { frame.envelope; }) {
        return &frame.envelope.message;
    } else {
        return nullptr;
    }
}

std::size_t payloadMax(Command command) noexcept
{
    switch (command) {
    case Command::Welcome:
    case Command::Service:
    case Command::Served:
        return kWrappedBytesMax;
    case Command::Log:
        return HUB_MESSAGE_BYTES_MAX;
    case Command::Batch:
        return kBatchBytesMax;
    case Command::Call:
    case Command::Event:
    case Command::Callback:
    case Command::Session:
    case Command::Outcome:
    case Command::Publish:
        return kPayloadBytesMax;
    default:
        return 0;
    }
}

Error refusal(Command command, std::string_view part, std::string_view what)
{
    return Error{HUB_BAD_REQUEST,
                 std::string(nameOf(command)) + ": " + std::string(part) + " " + std::string(what)};
}

template <typename F>
Result<std::string> packHeader(const F& frame)
{
    MapWriter map;
    members(map, frame);
    return std::move(map).finish();
}

template <typename F>
Result<std::string> packFittingHeader(Command command, const F& frame)
{
    Result<std::string> header = packHeader(frame);
    const std::size_t size = header.ok() ? header.value().size() : 0;
    if (size > kHeaderBytesMax) {
        F shorter = frame;
        std::string* message = messageOf(shorter);
        const std::size_t excess = size - kHeaderBytesMax;
        if (message == nullptr || message->size() < excess) {
            return refusal(command, "the header", "has more than 4096 bytes");
        }
        message->resize(shortened(*message, message->size() - excess).size());
        header = packHeader(shorter);
    }
    if (!header.ok()) {
        return refusal(command, "the header member", header.error().message);
    }
    return header;
}

template <typename F>
Result<Message> encodeFrame(Command command, const F& frame)
{
    Result<std::string> header = packFittingHeader(command, frame);
    if (!header.ok()) {
        return std::move(header).error();
    }
    Message message{command, std::move(header).value(), {}};
    if constexpr (std::is_same_v<F, Welcome>) {
        MapWriter documents;
        welcomeDocuments(documents, frame);
        Result<std::string> payload = std::move(documents).finish();
        if (!payload.ok()) {
            return refusal(command, "the payload member", payload.error().message);
        }
        message.payload = std::move(payload).value();
    } else if (const std::string* payload = payloadOf(frame)) {
        message.payload = *payload;
    }
    if (message.payload.size() > payloadMax(command)) {
        return refusal(command,
                       "the payload",
                       "has " + std::to_string(message.payload.size()) + " bytes, at most " +
                           std::to_string(payloadMax(command)) + " are allowed");
    }
    return message;
}

template <typename F>
Result<Frame> decodeFrame(Command command, std::string_view header, std::string_view payload)
{
    F frame;
    MapReader map(header);
    members(map, frame);
    if (!map.error().empty()) {
        return refusal(command, "the header", map.error());
    }
    if constexpr (std::is_same_v<F, Welcome>) {
        MapReader documents(payload);
        welcomeDocuments(documents, frame);
        if (!documents.error().empty()) {
            return refusal(command, "the payload", documents.error());
        }
    } else if (std::string* body = payloadOf(frame)) {
        body->assign(payload);
    }
    if constexpr (std::is_same_v<F, Log>) {
        if (!isWellFormed(frame.message)) {
            return refusal(command, "the payload", "is no UTF-8");
        }
    }
    return Frame{std::move(frame)};
}

using Decoder = Result<Frame> (*)(Command, std::string_view, std::string_view);

struct Entry {
    std::string_view name;
    Decoder decode;
};

/// Index is the frozen number minus 1; the order of Frame's alternatives is the same.
constexpr std::array<Entry, std::variant_size_v<Frame>> kEntries = {{
    {"HELLO", &decodeFrame<Hello>},     {"WELCOME", &decodeFrame<Welcome>},
    {"REFUSE", &decodeFrame<Refuse>},   {"CALL", &decodeFrame<Call>},
    {"EVENT", &decodeFrame<Event>},     {"CALLBACK", &decodeFrame<Callback>},
    {"OUTCOME", &decodeFrame<Outcome>}, {"ACK", &decodeFrame<Ack>},
    {"PUBLISH", &decodeFrame<Publish>}, {"PUBLISHED", &decodeFrame<Published>},
    {"CREDIT", &decodeFrame<Credit>},   {"PING", &decodeFrame<Ping>},
    {"PONG", &decodeFrame<Pong>},       {"LOG", &decodeFrame<Log>},
    {"SERVICE", &decodeFrame<Service>}, {"SERVED", &decodeFrame<Served>},
    {"STOP", &decodeFrame<Stop>},       {"BYE", &decodeFrame<Bye>},
    {"BATCH", &decodeFrame<Batch>},     {"SESSION", &decodeFrame<Session>},
}};

const Entry* entryOf(Command command) noexcept
{
    const auto number = static_cast<std::size_t>(command);
    return number >= 1 && number <= kEntries.size() ? &kEntries[number - 1] : nullptr;
}

} // namespace

std::string_view nameOf(Command command) noexcept
{
    const Entry* entry = entryOf(command);
    return entry == nullptr ? "a reserved command" : entry->name;
}

Command commandOf(const Frame& frame) noexcept
{
    return static_cast<Command>(frame.index() + 1);
}

Result<Message> encode(const Frame& frame)
{
    return std::visit([&](const auto& value) { return encodeFrame(commandOf(frame), value); },
                      frame);
}

Result<Frame> decode(std::span<const std::string_view> frames)
{
    if (frames.size() != kFrames) {
        return Error{HUB_BAD_REQUEST,
                     "the message has " + std::to_string(frames.size()) + " frames, must have 4"};
    }
    if (frames[0] != kProtocol) {
        return Error{HUB_BAD_REQUEST,
                     "the first frame is not HUBP1: the peer speaks something else"};
    }
    if (frames[1].size() != 1) {
        return Error{HUB_BAD_REQUEST,
                     "the command frame has " + std::to_string(frames[1].size()) +
                         " bytes, must have 1"};
    }
    const auto command = static_cast<Command>(frames[1].front());
    const Entry* entry = entryOf(command);
    if (entry == nullptr) {
        return Error{HUB_BAD_REQUEST,
                     "the command " + std::to_string(static_cast<unsigned>(command)) +
                         " is unknown to HUBP1"};
    }
    if (frames[2].size() > kHeaderBytesMax) {
        return refusal(command, "the header", "has more than 4096 bytes");
    }
    if (frames[3].size() > payloadMax(command)) {
        return refusal(command,
                       "the payload",
                       "has " + std::to_string(frames[3].size()) + " bytes, at most " +
                           std::to_string(payloadMax(command)) + " are allowed");
    }
    return entry->decode(command, frames[2], frames[3]);
}

} // namespace hub::hubp
