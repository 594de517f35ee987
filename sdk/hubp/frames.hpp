// The messages of HUBP/1 as plain values. sdk/PROTOCOL.md is the normative text; codec.hpp turns
// them into bytes and back.
#pragma once

#include <hub/plugin.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace hub::hubp {

inline constexpr std::string_view kProtocol = "HUBP1";

/// Limits of one message; a longer part is refused, not cut.
inline constexpr std::size_t kHeaderBytesMax = 4096;
inline constexpr std::size_t kPayloadBytesMax = HUB_PAYLOAD_BYTES_MAX;
/// Arguments and results of host services, and WELCOME, hold a whole payload and more around it.
inline constexpr std::size_t kWrappedBytesMax = kPayloadBytesMax + 512 * 1024;
inline constexpr std::size_t kBatchBytesMax = 256 * 1024;

/// Set in the call id of an event's delivery, whose other bits are the event's seq, so that it
/// never meets the id of a call.
inline constexpr hub_call_id kEventCallBit = hub_call_id{1} << 63U;

/// The message of an ACK for an event that was not tried, because an earlier one of its key
/// failed.
inline constexpr std::string_view kBlocked = "blocked";

/// Why the process of a host ended, as its exit code. Values are frozen.
enum class HostExit {
    Stopped = 0,
    HubLost = 1,
    StartedByHand = 2,
    NotBegun = 3, // refused by the hub, or it could not confine itself
    LibraryRefused = 4,
    Overdue = 5 // the library was still busy at the deadline of STOP
};

/// Values are frozen. 32 to 39 are kept for the frames of hub.stream.
enum class Command : std::uint8_t {
    Hello = 1,
    Welcome = 2,
    Refuse = 3,
    Call = 4,
    Event = 5,
    Callback = 6,
    Outcome = 7,
    Ack = 8,
    Publish = 9,
    Published = 10,
    Credit = 11,
    Ping = 12,
    Pong = 13,
    Log = 14,
    Service = 15,
    Served = 16,
    Stop = 17,
    Bye = 18,
    Batch = 19,
    Session = 20,
    StreamFirst = 32,
    StreamLast = 39
};

/// The fields of hub_event, except what has a meaning in one process only.
struct Envelope {
    std::uint32_t kind = 0; // what is left out of a message is zero
    std::uint32_t source = 0;
    std::uint32_t flags = 0;
    std::uint32_t partition = 0;
    std::uint32_t schema_version = 0;
    std::uint32_t attempt = 0;
    std::uint32_t outcome = 0;
    hub_call_id call_id = 0;
    hub_call_id subject = 0;
    std::int64_t seq = 0;
    std::int64_t time_unix_ms = 0;
    std::int64_t deadline_unix_ms = 0;
    std::string id;
    std::string type;
    std::string operation;
    std::string key;
    std::string edition;
    std::string account;
    std::string idempotency_key;
    std::string correlation_id;
    std::string trace;
    std::string principal;
    std::string message;

    bool operator==(const Envelope&) const = default;
};

struct Hello {
    std::string token;
    std::string library;
    std::string version;
    std::string sdk_version;
    std::uint32_t abi_major = 0;
    std::uint32_t abi_minor = 0;
    std::int64_t pid = 0;

    bool operator==(const Hello&) const = default;
};

struct Welcome {
    std::uint32_t credit_max = 0;
    std::uint32_t heartbeat_ms = 0;
    std::uint32_t heartbeats_missed_max = 0;
    std::string manifest_json;
    std::string config_json;

    bool operator==(const Welcome&) const = default;
};

struct Refuse {
    std::string message;

    bool operator==(const Refuse&) const = default;
};

struct Call {
    Envelope envelope;
    std::uint32_t delivery = 0;
    std::string payload;

    bool operator==(const Call&) const = default;
};

/// Like a call, but stored nowhere: an inbound request to be read.
struct Callback {
    Envelope envelope;
    std::uint32_t delivery = 0;
    std::string payload;

    bool operator==(const Callback&) const = default;
};

struct Event {
    Envelope envelope;
    bool resume = false;
    std::string payload;
    std::uint32_t delivery = 0;

    bool operator==(const Event&) const = default;
};

/// Leases the standing connection of an account to this process; ended by an Outcome.
struct Session {
    Envelope envelope;
    std::uint32_t delivery = 0;
    std::string payload;

    bool operator==(const Session&) const = default;
};

struct Outcome {
    hub_call_id call_id = 0;
    std::uint32_t delivery = 0;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::string payload;

    bool operator==(const Outcome&) const = default;
};

struct Ack {
    std::int64_t seq = 0;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::uint32_t delivery = 0;

    bool operator==(const Ack&) const = default;
};

struct Publish {
    std::uint64_t token = 0;
    Envelope envelope;
    std::string payload;

    bool operator==(const Publish&) const = default;
};

struct Published {
    std::uint64_t token = 0;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::int64_t seq = 0;

    bool operator==(const Published&) const = default;
};

struct Credit {
    std::uint32_t count = 0;

    bool operator==(const Credit&) const = default;
};

struct Ping {
    bool operator==(const Ping&) const = default;
};

struct Pong {
    bool operator==(const Pong&) const = default;
};

struct Log {
    std::int32_t level = 0;
    std::string message;

    bool operator==(const Log&) const = default;
};

struct Service {
    std::uint64_t service_id = 0;
    hub_call_id call_id = 0;
    std::string extension;
    std::string operation;
    std::string arguments;

    bool operator==(const Service&) const = default;
};

struct Served {
    std::uint64_t service_id = 0;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::string result;

    bool operator==(const Served&) const = default;
};

struct Stop {
    std::int64_t deadline_unix_ms = 0;

    bool operator==(const Stop&) const = default;
};

struct Bye {
    std::string message;

    bool operator==(const Bye&) const = default;
};

/// Several messages, packed one behind the other (batch.hpp).
struct Batch {
    std::string payload;

    bool operator==(const Batch&) const = default;
};

using Frame = std::variant<Hello,
                           Welcome,
                           Refuse,
                           Call,
                           Event,
                           Callback,
                           Outcome,
                           Ack,
                           Publish,
                           Published,
                           Credit,
                           Ping,
                           Pong,
                           Log,
                           Service,
                           Served,
                           Stop,
                           Bye,
                           Batch,
                           Session>;

} // namespace hub::hubp
