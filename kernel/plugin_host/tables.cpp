#include "plugin_host/tables.hpp"

#include "base/uuid.hpp"
#include "hubp/services.hpp"
#include "plugin_host/stream_table.hpp"

#include <hub/event.hpp>
#include <hub/ext/blob.h>
#include <hub/ext/clock.h>
#include <hub/ext/http.h>
#include <hub/ext/secrets.h>

#include <array>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::plugin_host {

namespace {

// hub.http/1

hub_status exchange(hub_context* context,
                    hub_call_id call_id,
                    const hub_http_request* request,
                    hub_http_response_fn sink,
                    void* user) noexcept
{
    if (request == nullptr || request->struct_size < sizeof(hub_http_request)) {
        return HUB_BAD_REQUEST;
    }
    hubp::HttpExchange arguments{std::string(view(request->method)),
                                 std::string(view(request->url)),
                                 {},
                                 std::string(view(request->body)),
                                 request->total_timeout_ms};
    for (std::uint32_t i = 0; i < request->header_count; ++i) {
        const hub_header& header = request->headers[i];
        arguments.headers.push_back(
            {std::string(view(header.name)), std::string(view(header.value))});
    }
    const ServiceClient::Answer answer =
        askService(*context, call_id, HUB_EXT_HTTP_1, "exchange", arguments);
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    const Result<hubp::HttpAnswer> result = hubp::decodeService<hubp::HttpAnswer>(answer.result);
    if (!result.ok()) {
        return HUB_OUTCOME_UNKNOWN; // the exchange was made, its answer is unreadable
    }
    std::vector<hub_header> headers;
    for (const hubp::NamedBytes& header : result.value().headers) {
        headers.push_back({toText(header.name), toText(header.bytes)});
    }
    hub_http_response response = {};
    response.struct_size = sizeof response;
    response.http_status = result.value().http_status;
    response.header_count = static_cast<std::uint32_t>(headers.size());
    response.headers = headers.data();
    response.body = toBytes(result.value().body);
    sink(user, &response);
    return HUB_OK;
}

// hub.secrets/1

hub_status reveal(hub_context* context,
                  hub_call_id call_id,
                  hub_text name,
                  hub_bytes_fn secret,
                  void* user) noexcept
{
    const hubp::SecretName arguments{std::string(view(name))};
    return giveBytes(
        askService(*context, call_id, HUB_EXT_SECRETS_1, "reveal", arguments), secret, user);
}

// hub.blob/1

hub_status beginBlob(hub_context* context, hub_call_id call_id, hub_blob_writer* writer) noexcept
{
    const ServiceClient::Answer answer =
        context->services.ask(call_id, HUB_EXT_BLOB_1, "begin", {});
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    const auto result = hubp::decodeService<hubp::BlobWriter>(answer.result);
    if (!result.ok()) {
        return HUB_INTERNAL;
    }
    *writer = result.value().writer;
    return HUB_OK;
}

hub_status appendBlob(hub_context* context, hub_blob_writer writer, hub_bytes bytes) noexcept
{
    if (bytes.size > HUB_PAYLOAD_BYTES_MAX) {
        return HUB_BAD_REQUEST;
    }
    const hubp::BlobAppend arguments{writer, std::string(view(bytes))};
    return askService(*context, 0, HUB_EXT_BLOB_1, "append", arguments).status;
}

hub_status
finishBlob(hub_context* context, hub_blob_writer writer, hub_bytes_fn sink, void* user) noexcept
{
    const ServiceClient::Answer answer =
        askService(*context, 0, HUB_EXT_BLOB_1, "finish", hubp::BlobWriter{writer});
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    const auto result = hubp::decodeService<hubp::BlobDigest>(answer.result);
    if (!result.ok()) {
        return HUB_INTERNAL;
    }
    sink(user, toBytes(result.value().digest));
    return HUB_OK;
}

hub_status readBlob(hub_context* context,
                    hub_unit*,
                    hub_text digest,
                    std::uint64_t offset,
                    std::uint64_t size,
                    hub_bytes_fn bytes,
                    void* user) noexcept
{
    const hubp::BlobRange range{std::string(view(digest)), offset, size};
    return giveBytes(askService(*context, 0, HUB_EXT_BLOB_1, "read", range), bytes, user);
}

hub_status sizeOfBlob(hub_context* context, hub_text digest, std::uint64_t* size) noexcept
{
    const hubp::BlobDigest arguments{std::string(view(digest))};
    const ServiceClient::Answer answer = askService(*context, 0, HUB_EXT_BLOB_1, "size", arguments);
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    const auto result = hubp::decodeService<hubp::BlobSize>(answer.result);
    if (!result.ok()) {
        return HUB_INTERNAL;
    }
    *size = result.value().size;
    return HUB_OK;
}

// hub.clock/1: timers belong to units, and there are none in this process.

std::int64_t nowUnixMs(hub_context* context, hub_unit*) noexcept
{
    return context->clock.nowMs();
}

void fillRandom(hub_context*, std::uint8_t* bytes, std::uint64_t size) noexcept
{
    const std::string drawn = base::randomBytes(static_cast<std::size_t>(size));
    std::memcpy(bytes, drawn.data(), drawn.size());
}

hub_status setTimer(hub_context*, hub_unit*, hub_text, hub_text, std::int64_t, hub_bytes) noexcept
{
    return HUB_UNSUPPORTED;
}

hub_status cancelTimer(hub_context*, hub_unit*, hub_text, hub_text) noexcept
{
    return HUB_UNSUPPORTED;
}

constexpr hub_http_v1 kHttp = {sizeof(hub_http_v1), 0, &exchange};
constexpr hub_secrets_v1 kSecrets = {sizeof(hub_secrets_v1), 0, &reveal};
constexpr hub_blob_v1 kBlob = {
    sizeof(hub_blob_v1), 0, &beginBlob, &appendBlob, &finishBlob, &readBlob, &sizeOfBlob};
constexpr hub_clock_v1 kClock = {
    sizeof(hub_clock_v1), 0, &nowUnixMs, &fillRandom, &setTimer, &cancelTimer};

// hub_host_api

void complete(hub_context* context, hub_call_id call_id, const hub_result* result) noexcept
{
    if (result != nullptr) {
        context->deliveries.complete(call_id, *result);
    }
}

hub_status publish(hub_context* context,
                   hub_unit* unit,
                   const hub_event* event,
                   hub_published_fn done,
                   void* user) noexcept
{
    if (unit != nullptr || event == nullptr) {
        return HUB_BAD_REQUEST;
    }
    return context->publications.publish(*event, done, user);
}

hub_status call(hub_context*, hub_unit*, const hub_event*, hub_call_id*) noexcept
{
    return HUB_UNSUPPORTED;
}

hub_status releaseCall(hub_context*, hub_unit*, hub_call_id) noexcept
{
    return HUB_UNSUPPORTED;
}

void writeLog(hub_context* context, std::int32_t level, hub_text message) noexcept
{
    context->wire.log(level, view(message));
}

const void* getExtension(hub_context* context, const char* id) noexcept
{
    const std::array<std::pair<std::string_view, const void*>, 6> tables = {
        {{HUB_EXT_HTTP_1, &kHttp},
         {HUB_EXT_KEYS_1, &keysTable()},
         {HUB_EXT_SECRETS_1, &kSecrets},
         {HUB_EXT_BLOB_1, &kBlob},
         {HUB_EXT_STREAM_1, &streamTable()},
         {HUB_EXT_CLOCK_1, &kClock}}};
    if (id == nullptr || context->granted.count(std::string_view(id)) == 0) {
        return nullptr;
    }
    for (const auto& [name, table] : tables) {
        if (name == id) {
            return table;
        }
    }
    return nullptr;
}

constexpr hub_host_api kHostApi = {sizeof(hub_host_api),
                                   HUB_ABI_MAJOR,
                                   HUB_ABI_MINOR,
                                   &complete,
                                   &publish,
                                   &call,
                                   &releaseCall,
                                   &writeLog,
                                   &getExtension};

} // namespace

const hub_host_api& hostApi() noexcept
{
    return kHostApi;
}

} // namespace hub::plugin_host
