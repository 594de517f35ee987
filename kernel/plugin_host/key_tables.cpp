// hub.keys/1 over SERVICE.

#include "hubp/services.hpp"
#include "plugin_host/tables.hpp"

#include <hub/event.hpp>

#include <string>
#include <utility>

namespace hub::plugin_host {

namespace {

hub_status useKey(hub_context* context,
                  hub_call_id call_id,
                  const char* operation,
                  const hubp::KeyUse& use,
                  hub_bytes_fn sink,
                  void* user)
{
    return giveBytes(askService(*context, call_id, HUB_EXT_KEYS_1, operation, use), sink, user);
}

hub_status sign(hub_context* context,
                hub_call_id call_id,
                hub_text key,
                hub_text algorithm,
                hub_bytes data,
                hub_bytes_fn signature,
                void* user) noexcept
{
    const hubp::KeyUse use{
        std::string(view(key)), std::string(view(algorithm)), std::string(view(data)), {}};
    return useKey(context, call_id, "sign", use, signature, user);
}

hub_status verify(hub_context* context,
                  hub_call_id call_id,
                  hub_text key,
                  hub_text algorithm,
                  hub_bytes data,
                  hub_bytes signature) noexcept
{
    const hubp::KeyUse use{std::string(view(key)),
                           std::string(view(algorithm)),
                           std::string(view(data)),
                           std::string(view(signature))};
    return askService(*context, call_id, HUB_EXT_KEYS_1, "verify", use).status;
}

hub_status hmac(hub_context* context,
                hub_call_id call_id,
                hub_text key,
                hub_text algorithm,
                hub_bytes data,
                hub_bytes_fn mac,
                void* user) noexcept
{
    const hubp::KeyUse use{
        std::string(view(key)), std::string(view(algorithm)), std::string(view(data)), {}};
    return useKey(context, call_id, "hmac", use, mac, user);
}

hub_status digest(hub_context* context,
                  hub_call_id call_id,
                  hub_text algorithm,
                  const hub_digest_part* parts,
                  std::uint32_t part_count,
                  hub_bytes_fn sink,
                  void* user) noexcept
{
    hubp::Digest arguments{std::string(view(algorithm)), {}};
    for (std::uint32_t i = 0; i < part_count; ++i) {
        arguments.parts.push_back(
            {std::string(view(parts[i].secret)), std::string(view(parts[i].bytes))});
    }
    return giveBytes(
        askService(*context, call_id, HUB_EXT_KEYS_1, "digest", arguments), sink, user);
}

hub_status useCipher(hub_context* context,
                     hub_call_id call_id,
                     const char* operation,
                     hub_text key,
                     const hub_cipher* cipher,
                     hub_bytes data,
                     hub_bytes_fn sink,
                     void* user)
{
    const hubp::CipherUse use{std::string(view(key)),
                              std::string(view(cipher->algorithm)),
                              std::string(view(cipher->nonce)),
                              std::string(view(cipher->associated_data)),
                              std::string(view(data))};
    return giveBytes(askService(*context, call_id, HUB_EXT_KEYS_1, operation, use), sink, user);
}

hub_status encrypt(hub_context* context,
                   hub_call_id call_id,
                   hub_text key,
                   const hub_cipher* cipher,
                   hub_bytes plain,
                   hub_bytes_fn sink,
                   void* user) noexcept
{
    return useCipher(context, call_id, "encrypt", key, cipher, plain, sink, user);
}

hub_status decrypt(hub_context* context,
                   hub_call_id call_id,
                   hub_text key,
                   const hub_cipher* cipher,
                   hub_bytes bytes,
                   hub_bytes_fn sink,
                   void* user) noexcept
{
    return useCipher(context, call_id, "decrypt", key, cipher, bytes, sink, user);
}

hub_status publicPart(
    hub_context* context, hub_call_id call_id, hub_text key, hub_bytes_fn pem, void* user) noexcept
{
    const hubp::KeyUse use{std::string(view(key)), {}, {}, {}};
    return useKey(context, call_id, "public_part", use, pem, user);
}

hub_status publicParts(
    hub_context* context, hub_call_id call_id, hub_text key, hub_bytes_fn pems, void* user) noexcept
{
    const hubp::KeyUse use{std::string(view(key)), {}, {}, {}};
    return useKey(context, call_id, "public_parts", use, pems, user);
}

hub_status
addPublic(hub_context* context, hub_call_id call_id, hub_text key, hub_bytes pem) noexcept
{
    const hubp::KeyUse use{std::string(view(key)), {}, std::string(view(pem)), {}};
    return askService(*context, call_id, HUB_EXT_KEYS_1, "add_public", use).status;
}

constexpr hub_keys_v1 kKeys = {sizeof(hub_keys_v1),
                               0,
                               &sign,
                               &verify,
                               &hmac,
                               &digest,
                               &encrypt,
                               &decrypt,
                               &publicPart,
                               &publicParts,
                               &addPublic};

} // namespace

const hub_keys_v1& keysTable() noexcept
{
    return kKeys;
}

} // namespace hub::plugin_host
