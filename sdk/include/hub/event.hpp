// Views over the C envelope, shared by connector.hpp and plugin.hpp.
#pragma once

#include <hub/plugin.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace hub {

inline hub_text toText(std::string_view s) noexcept
{
    return hub_text{s.data(), s.size()};
}

inline hub_bytes toBytes(std::string_view s) noexcept
{
    return hub_bytes{reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}

inline std::string_view view(hub_text t) noexcept
{
    return t.data == nullptr ? std::string_view{}
                             : std::string_view{t.data, static_cast<std::size_t>(t.size)};
}

inline std::string_view view(hub_bytes b) noexcept
{
    return b.data == nullptr ? std::string_view{}
                             : std::string_view{reinterpret_cast<const char*>(b.data),
                                                static_cast<std::size_t>(b.size)};
}

/// What a library is handed. Borrowed: valid until handle() returns; copy what you keep.
class Event {
public:
    explicit Event(const hub_event& raw) noexcept
        : raw_(&raw)
    {}

    const hub_event& raw() const noexcept { return *raw_; }
    std::uint32_t kind() const noexcept { return raw_->kind; }
    std::uint32_t source() const noexcept { return raw_->source; }
    hub_call_id callId() const noexcept { return raw_->call_id; }
    std::int64_t seq() const noexcept { return raw_->seq; }
    std::uint32_t attempt() const noexcept { return raw_->attempt; }
    std::uint32_t schemaVersion() const noexcept { return raw_->schema_version; }
    std::uint32_t outcome() const noexcept { return raw_->outcome; }
    hub_call_id subject() const noexcept { return raw_->subject; }
    bool isReplay() const noexcept { return (raw_->flags & HUB_FLAG_REPLAY) != 0; }
    bool isResolved() const noexcept { return (raw_->flags & HUB_FLAG_RESOLVED) != 0; }
    std::string_view id() const noexcept { return view(raw_->id); }
    std::string_view type() const noexcept { return view(raw_->type); }
    std::string_view operation() const noexcept { return view(raw_->operation); }
    std::string_view key() const noexcept { return view(raw_->key); }
    std::string_view edition() const noexcept { return view(raw_->edition); }
    std::string_view account() const noexcept { return view(raw_->account); }
    std::string_view idempotencyKey() const noexcept { return view(raw_->idempotency_key); }
    std::string_view correlationId() const noexcept { return view(raw_->correlation_id); }
    std::string_view trace() const noexcept { return view(raw_->trace); }
    std::string_view principal() const noexcept { return view(raw_->principal); }
    std::string_view message() const noexcept { return view(raw_->message); }
    std::string_view payload() const noexcept { return view(raw_->payload); }
    std::int64_t timeMs() const noexcept { return raw_->time_unix_ms; }
    std::int64_t deadlineMs() const noexcept { return raw_->deadline_unix_ms; }

private:
    const hub_event* raw_;
};

/// How a library answers. `payload` is JSON.
struct Answer {
    hub_status status = HUB_OK;
    std::string message;
    std::string payload;
    std::uint32_t retry_after_ms = 0;
};

} // namespace hub
