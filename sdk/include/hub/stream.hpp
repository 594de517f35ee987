// Stream: a TCP or TLS byte stream that the hub holds for a connector, and StreamLines, which
// reads lines from one. ext/stream.h says what the codes promise.
#pragma once

#include <hub/ext/stream.h>
#include <hub/host.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hub {

enum class StreamSecurity : std::uint32_t { Plain = HUB_STREAM_PLAIN, Tls = HUB_STREAM_TLS };

/// Closed when it goes. Several threads may use one: the session's thread reads while calls write.
/// Whoever moves or destroys it sees to it that nobody else does anything with it.
class Stream {
public:
    /// Connects within the live delivery `call`, which is the longest that the stream lives.
    static Result<Stream> open(const Host& host,
                               hub_call_id call,
                               std::string_view address,
                               StreamSecurity security,
                               std::uint32_t timeout_ms = 0)
    {
        const auto* table = host.extension<hub_stream_v1>(HUB_EXT_STREAM_1);
        if (table == nullptr) {
            return Error{HUB_UNSUPPORTED, "the manifest does not list hub.stream/1"};
        }
        hub_stream id = 0;
        const hub_status status = table->open(host.context(),
                                              call,
                                              toText(address),
                                              static_cast<std::uint32_t>(security),
                                              timeout_ms,
                                              &id);
        if (status != HUB_OK) {
            return Error{status, "no stream to " + std::string{address}};
        }
        return Stream{host.context(), table, id};
    }

    Stream(Stream&& other) noexcept
        : context_(other.context_)
        , table_(other.table_)
        , id_(std::exchange(other.id_, 0))
    {}
    Stream& operator=(Stream&&) = delete;
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    ~Stream() { close(); }

    hub_stream id() const noexcept { return id_; }

    /// From plain to TLS. A reader that holds bytes already asks StreamLines::secure() instead.
    Result<void> secure(std::uint32_t timeout_ms = 0) const
    {
        return told(table_->secure(context_, id_, timeout_ms), "the stream was not secured");
    }

    /// Before the first byte of a call's message. After anything but HUB_OK nothing of that call
    /// may be sent, and it is answered as not sent.
    Result<void> begin(hub_call_id call) const
    {
        return told(table_->begin(context_, id_, call), "the call may not be sent");
    }

    /// HUB_OUTCOME_UNKNOWN: a part may have left.
    Result<void> write(std::string_view bytes, std::uint32_t timeout_ms = 0) const
    {
        return told(table_->write(context_, id_, toBytes(bytes), timeout_ms), "not written");
    }

    /// At least one byte. HUB_THROTTLED: nothing came in time; HUB_NOT_FOUND: the peer's end.
    Result<std::string> read(std::uint32_t timeout_ms = 0,
                             std::uint32_t bytes_max = 64 * 1024) const
    {
        std::string bytes;
        const auto take = [](void* user, hub_bytes piece) noexcept {
            static_cast<std::string*>(user)->assign(view(piece));
        };
        const hub_status status = table_->read(context_, id_, bytes_max, timeout_ms, take, &bytes);
        if (status != HUB_OK) {
            return Error{status, readMessage(status)};
        }
        return bytes;
    }

    /// Who waits in read() returns.
    void close() const noexcept
    {
        if (id_ != 0) {
            table_->close(context_, id_);
        }
    }

private:
    Stream(hub_context* context, const hub_stream_v1* table, hub_stream id) noexcept
        : context_(context)
        , table_(table)
        , id_(id)
    {}

    static Result<void> told(hub_status status, const char* what)
    {
        if (status != HUB_OK) {
            return Error{status, what};
        }
        return {};
    }

    static std::string readMessage(hub_status status)
    {
        switch (status) {
        case HUB_THROTTLED:
            return "nothing came in time";
        case HUB_NOT_FOUND:
            return "the peer has ended the stream";
        default:
            return "the stream is lost";
        }
    }

    hub_context* context_;
    const hub_stream_v1* table_;
    hub_stream id_;
};

/// Reads lines; for one thread. Borrows the stream.
class StreamLines {
public:
    explicit StreamLines(const Stream& stream, std::size_t line_bytes_max = 8192) noexcept
        : stream_(stream)
        , line_bytes_max_(line_bytes_max)
    {}

    /// The next line without its "\r\n" or "\n". `timeout_ms` holds for each read, so a peer that
    /// sends byte by byte is bounded by the delivery's deadline only. HUB_BAD_REQUEST: too long.
    Result<std::string> next(std::uint32_t timeout_ms = 0)
    {
        std::size_t end = waiting_.find('\n');
        while (end == std::string::npos) {
            if (waiting_.size() > line_bytes_max_) {
                return Error{HUB_BAD_REQUEST, "the peer's line is too long"};
            }
            const Result<std::string> more = stream_.read(timeout_ms);
            if (!more.ok()) {
                return more.error();
            }
            const std::size_t old = waiting_.size();
            waiting_ += more.value();
            end = waiting_.find('\n', old);
        }
        std::string line = waiting_.substr(0, end);
        waiting_.erase(0, end + 1);
        if (!line.empty() && line.back() == '\r') {
            line.pop_back();
        }
        return line;
    }

    /// STARTTLS: refused, and the stream closed, when a line of before is still here. Who speaks
    /// behind the plain answer could be anybody.
    Result<void> secure(std::uint32_t timeout_ms = 0)
    {
        if (!waiting_.empty()) {
            stream_.close();
            return Error{HUB_REJECTED, "the peer sent something behind its answer to STARTTLS"};
        }
        return stream_.secure(timeout_ms);
    }

private:
    const Stream& stream_;
    std::size_t line_bytes_max_;
    std::string waiting_;
};

} // namespace hub
