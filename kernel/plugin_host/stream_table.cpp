#include "plugin_host/stream_table.hpp"

#include "hubp/services.hpp"
#include "plugin_host/context.hpp"

#include <hub/event.hpp>

#include <string>

namespace hub::plugin_host {

namespace {

hub_status open(hub_context* context,
                hub_call_id call_id,
                hub_text address,
                std::uint32_t security,
                std::uint32_t timeout_ms,
                hub_stream* stream) noexcept
{
    const hubp::StreamOpen arguments{std::string(view(address)), security, timeout_ms};
    const ServiceClient::Answer answer =
        askService(*context, call_id, HUB_EXT_STREAM_1, "open", arguments);
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    const auto result = hubp::decodeService<hubp::StreamName>(answer.result);
    if (!result.ok()) {
        return HUB_INTERNAL;
    }
    *stream = result.value().stream;
    return HUB_OK;
}

hub_status secure(hub_context* context, hub_stream stream, std::uint32_t timeout_ms) noexcept
{
    const hubp::StreamSecure arguments{stream, timeout_ms};
    return askService(*context, 0, HUB_EXT_STREAM_1, "secure", arguments).status;
}

hub_status begin(hub_context* context, hub_stream stream, hub_call_id call_id) noexcept
{
    const hubp::StreamName arguments{stream};
    return askService(*context, call_id, HUB_EXT_STREAM_1, "begin", arguments).status;
}

hub_status
write(hub_context* context, hub_stream stream, hub_bytes bytes, std::uint32_t timeout_ms) noexcept
{
    if (bytes.size > HUB_PAYLOAD_BYTES_MAX) {
        return HUB_BAD_REQUEST;
    }
    const hubp::StreamWrite arguments{stream, std::string(view(bytes)), timeout_ms};
    return askService(*context, 0, HUB_EXT_STREAM_1, "write", arguments).status;
}

hub_status read(hub_context* context,
                hub_stream stream,
                std::uint32_t bytes_max,
                std::uint32_t timeout_ms,
                hub_bytes_fn bytes,
                void* user) noexcept
{
    const hubp::StreamRead arguments{stream, bytes_max, timeout_ms};
    return giveBytes(askService(*context, 0, HUB_EXT_STREAM_1, "read", arguments), bytes, user);
}

void close(hub_context* context, hub_stream stream) noexcept
{
    const hubp::StreamName arguments{stream};
    (void)askService(*context, 0, HUB_EXT_STREAM_1, "close", arguments);
}

constexpr hub_stream_v1 kStream = {
    sizeof(hub_stream_v1), 0, &open, &secure, &begin, &write, &read, &close};

} // namespace

const hub_stream_v1& streamTable() noexcept
{
    return kStream;
}

} // namespace hub::plugin_host
