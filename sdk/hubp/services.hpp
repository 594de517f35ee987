// Arguments and results of host services as they travel in SERVICE and SERVED: one MessagePack
// map each. Which struct belongs to which (extension, operation) is said beside it.
//
//   ("hub.http/1", "exchange")                 HttpExchange      -> HttpAnswer
//   ("hub.keys/1", "sign" | "hmac")            KeyUse            -> Bytes
//   ("hub.keys/1", "verify")                   KeyUse            -> nothing
//   ("hub.keys/1", "digest")                   Digest            -> Bytes
//   ("hub.keys/1", "encrypt" | "decrypt")      CipherUse         -> Bytes
//   ("hub.keys/1", "public_part")              KeyUse (key only) -> Bytes
//   ("hub.keys/1", "public_parts")             KeyUse (key only) -> Bytes
//   ("hub.keys/1", "add_public")               KeyUse (key, data)-> nothing
//   ("hub.secrets/1", "reveal")                SecretName        -> Bytes
//   ("hub.blob/1", "begin")                    nothing           -> BlobWriter
//   ("hub.blob/1", "append")                   BlobAppend        -> nothing
//   ("hub.blob/1", "finish")                   BlobWriter        -> BlobDigest
//   ("hub.blob/1", "read")                     BlobRange         -> Bytes
//   ("hub.blob/1", "size")                     BlobDigest        -> BlobSize
//   ("hub.stream/1", "open")                   StreamOpen        -> StreamName
//   ("hub.stream/1", "secure")                 StreamSecure      -> nothing
//   ("hub.stream/1", "begin" | "close")        StreamName        -> nothing
//   ("hub.stream/1", "write")                  StreamWrite       -> nothing
//   ("hub.stream/1", "read")                   StreamRead        -> Bytes
//
// "Nothing" is an empty payload. A result is there with HUB_OK only.
#pragma once

#include "hubp/pack.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hub::hubp {

struct HttpExchange {
    std::string method;
    std::string url;
    std::vector<NamedBytes> headers;
    std::string body;
    std::uint32_t total_timeout_ms = 0;

    bool operator==(const HttpExchange&) const = default;
};

struct HttpAnswer {
    std::uint32_t http_status = 0;
    std::vector<NamedBytes> headers;
    std::string body;

    bool operator==(const HttpAnswer&) const = default;
};

struct KeyUse {
    std::string key;
    std::string algorithm;
    std::string data;
    std::string signature; // verify only

    bool operator==(const KeyUse&) const = default;
};

struct Digest {
    std::string algorithm;
    std::vector<NamedBytes> parts; // a name is that of a secret; empty: `bytes` is the part

    bool operator==(const Digest&) const = default;
};

struct CipherUse {
    std::string key;
    std::string algorithm;
    std::string nonce;
    std::string associated_data;
    std::string data;

    bool operator==(const CipherUse&) const = default;
};

struct SecretName {
    std::string name;

    bool operator==(const SecretName&) const = default;
};

struct Bytes {
    std::string bytes;

    bool operator==(const Bytes&) const = default;
};

struct BlobWriter {
    std::uint64_t writer = 0;

    bool operator==(const BlobWriter&) const = default;
};

struct BlobAppend {
    std::uint64_t writer = 0;
    std::string bytes;

    bool operator==(const BlobAppend&) const = default;
};

struct BlobRange {
    std::string digest;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;

    bool operator==(const BlobRange&) const = default;
};

struct BlobDigest {
    std::string digest;

    bool operator==(const BlobDigest&) const = default;
};

struct BlobSize {
    std::uint64_t size = 0;

    bool operator==(const BlobSize&) const = default;
};

struct StreamOpen {
    std::string address;        // "host:port"
    std::uint32_t security = 0; // HUB_STREAM_…
    std::uint32_t timeout_ms = 0;

    bool operator==(const StreamOpen&) const = default;
};

struct StreamName {
    std::uint64_t stream = 0;

    bool operator==(const StreamName&) const = default;
};

struct StreamSecure {
    std::uint64_t stream = 0;
    std::uint32_t timeout_ms = 0;

    bool operator==(const StreamSecure&) const = default;
};

struct StreamWrite {
    std::uint64_t stream = 0;
    std::string bytes;
    std::uint32_t timeout_ms = 0;

    bool operator==(const StreamWrite&) const = default;
};

struct StreamRead {
    std::uint64_t stream = 0;
    std::uint32_t bytes_max = 0;
    std::uint32_t timeout_ms = 0;

    bool operator==(const StreamRead&) const = default;
};

/// Defined for the structs above. Refuses what breaks a limit.
template <typename Value>
Result<std::string> encodeService(const Value& value);
/// Defined for the structs above. Bad bytes become an error text, never an exception.
template <typename Value>
Result<Value> decodeService(std::string_view bytes);

} // namespace hub::hubp
