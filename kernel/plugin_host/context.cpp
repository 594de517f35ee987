#include "plugin_host/context.hpp"

#include "hubp/services.hpp"

#include <hub/event.hpp>

#include <openssl/crypto.h>

#include <utility>

namespace hub::plugin_host {

template <typename Arguments>
ServiceClient::Answer askService(hub_context& context,
                                 hub_call_id call_id,
                                 const char* extension,
                                 const char* operation,
                                 const Arguments& arguments)
{
    Result<std::string> bytes = hubp::encodeService(arguments);
    if (!bytes.ok()) {
        return {HUB_BAD_REQUEST, {}};
    }
    return context.services.ask(call_id, extension, operation, std::move(bytes).value());
}

hub_status giveBytes(ServiceClient::Answer&& answer,
                     void (*sink)(void* user, hub_bytes bytes) HUB_NOEXCEPT,
                     void* user)
{
    if (answer.status != HUB_OK) {
        return answer.status;
    }
    Result<hubp::Bytes> result = hubp::decodeService<hubp::Bytes>(answer.result);
    if (!result.ok()) {
        return HUB_INTERNAL;
    }
    std::string& bytes = result.value().bytes;
    sink(user, toBytes(bytes));
    // Any of them may be a secret or a plain text.
    OPENSSL_cleanse(bytes.data(), bytes.size());
    OPENSSL_cleanse(answer.result.data(), answer.result.size());
    return HUB_OK;
}

#define HUB_SERVICE_ARGUMENTS(Arguments)                                                           \
    template ServiceClient::Answer askService(                                                     \
        hub_context&, hub_call_id, const char*, const char*, const Arguments&)

HUB_SERVICE_ARGUMENTS(hubp::HttpExchange);
HUB_SERVICE_ARGUMENTS(hubp::KeyUse);
HUB_SERVICE_ARGUMENTS(hubp::Digest);
HUB_SERVICE_ARGUMENTS(hubp::CipherUse);
HUB_SERVICE_ARGUMENTS(hubp::SecretName);
HUB_SERVICE_ARGUMENTS(hubp::BlobWriter);
HUB_SERVICE_ARGUMENTS(hubp::BlobAppend);
HUB_SERVICE_ARGUMENTS(hubp::BlobRange);
HUB_SERVICE_ARGUMENTS(hubp::BlobDigest);
HUB_SERVICE_ARGUMENTS(hubp::StreamOpen);
HUB_SERVICE_ARGUMENTS(hubp::StreamName);
HUB_SERVICE_ARGUMENTS(hubp::StreamSecure);
HUB_SERVICE_ARGUMENTS(hubp::StreamWrite);
HUB_SERVICE_ARGUMENTS(hubp::StreamRead);

} // namespace hub::plugin_host
