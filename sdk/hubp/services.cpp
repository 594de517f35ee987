#include "hubp/services.hpp"

#include <type_traits>

namespace hub::hubp {

namespace {

constexpr std::size_t kNameMax = HUB_NAME_BYTES_MAX;
constexpr std::size_t kUrlBytesMax = 8192;
constexpr std::size_t kAddressBytesMax = 512;

template <typename Map, typename V>
void members(Map& map, V& value)
{
    using Type = std::remove_const_t<V>;
    if constexpr (std::is_same_v<Type, HttpExchange>) {
        map.text("method", value.method, kNameMax);
        map.text("url", value.url, kUrlBytesMax);
        map.pairs("headers", value.headers);
        map.bytes("body", value.body);
        map.number("total_timeout_ms", value.total_timeout_ms);
    } else if constexpr (std::is_same_v<Type, HttpAnswer>) {
        map.number("http_status", value.http_status);
        map.pairs("headers", value.headers);
        map.bytes("body", value.body);
    } else if constexpr (std::is_same_v<Type, KeyUse>) {
        map.text("key", value.key, kNameMax);
        map.text("algorithm", value.algorithm, kNameMax);
        map.bytes("data", value.data);
        map.bytes("signature", value.signature);
    } else if constexpr (std::is_same_v<Type, Digest>) {
        map.text("algorithm", value.algorithm, kNameMax);
        map.pairs("parts", value.parts);
    } else if constexpr (std::is_same_v<Type, CipherUse>) {
        map.text("key", value.key, kNameMax);
        map.text("algorithm", value.algorithm, kNameMax);
        map.bytes("nonce", value.nonce);
        map.bytes("associated_data", value.associated_data);
        map.bytes("data", value.data);
    } else if constexpr (std::is_same_v<Type, SecretName>) {
        map.text("name", value.name, kNameMax);
    } else if constexpr (std::is_same_v<Type, Bytes>) {
        map.bytes("bytes", value.bytes);
    } else if constexpr (std::is_same_v<Type, BlobWriter>) {
        map.number("writer", value.writer);
    } else if constexpr (std::is_same_v<Type, BlobAppend>) {
        map.number("writer", value.writer);
        map.bytes("bytes", value.bytes);
    } else if constexpr (std::is_same_v<Type, BlobRange>) {
        map.text("digest", value.digest, kNameMax);
        map.number("offset", value.offset);
        map.number("size", value.size);
    } else if constexpr (std::is_same_v<Type, BlobDigest>) {
        map.text("digest", value.digest, kNameMax);
    } else if constexpr (std::is_same_v<Type, BlobSize>) {
        map.number("size", value.size);
    } else if constexpr (std::is_same_v<Type, StreamOpen>) {
        map.text("address", value.address, kAddressBytesMax);
        map.number("security", value.security);
        map.number("timeout_ms", value.timeout_ms);
    } else if constexpr (std::is_same_v<Type, StreamWrite>) {
        map.number("stream", value.stream);
        map.bytes("bytes", value.bytes);
        map.number("timeout_ms", value.timeout_ms);
    } else if constexpr (std::is_same_v<Type, StreamRead>) {
        map.number("stream", value.stream);
        map.number("bytes_max", value.bytes_max);
        map.number("timeout_ms", value.timeout_ms);
    } else if constexpr (std::is_same_v<Type, StreamSecure>) {
        map.number("stream", value.stream);
        map.number("timeout_ms", value.timeout_ms);
    } else {
        static_assert(std::is_same_v<Type, StreamName>);
        map.number("stream", value.stream);
    }
}

} // namespace

template <typename Value>
Result<std::string> encodeService(const Value& value)
{
    MapWriter map;
    members(map, value);
    return std::move(map).finish();
}

template <typename Value>
Result<Value> decodeService(std::string_view bytes)
{
    Value value;
    MapReader map(bytes);
    members(map, value);
    if (!map.error().empty()) {
        return Error{HUB_BAD_REQUEST, "the arguments or the result of a service: " + map.error()};
    }
    return value;
}

#define HUB_SERVICE_VALUE(Value)                                                                   \
    template Result<std::string> encodeService(const Value&);                                      \
    template Result<Value> decodeService(std::string_view)

HUB_SERVICE_VALUE(HttpExchange);
HUB_SERVICE_VALUE(HttpAnswer);
HUB_SERVICE_VALUE(KeyUse);
HUB_SERVICE_VALUE(Digest);
HUB_SERVICE_VALUE(CipherUse);
HUB_SERVICE_VALUE(SecretName);
HUB_SERVICE_VALUE(Bytes);
HUB_SERVICE_VALUE(BlobWriter);
HUB_SERVICE_VALUE(BlobAppend);
HUB_SERVICE_VALUE(BlobRange);
HUB_SERVICE_VALUE(BlobDigest);
HUB_SERVICE_VALUE(BlobSize);
HUB_SERVICE_VALUE(StreamOpen);
HUB_SERVICE_VALUE(StreamName);
HUB_SERVICE_VALUE(StreamSecure);
HUB_SERVICE_VALUE(StreamWrite);
HUB_SERVICE_VALUE(StreamRead);

} // namespace hub::hubp
