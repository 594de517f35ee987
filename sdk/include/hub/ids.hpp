// Identifiers: how they are drawn, and types that keep them apart: a PaymentId is no RefundId, and
// neither is a bare string.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace hub {

/// A UUIDv7 (RFC 9562) of 36 characters: ids of one table sort by time. `random` has ten bytes.
inline std::string makeUuidV7(std::int64_t unix_ms, std::string_view random)
{
    if (random.size() < 10) {
        throw std::invalid_argument("a UUID needs ten random bytes");
    }
    std::array<unsigned char, 16> bytes{};
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<unsigned char>((unix_ms >> (8 * (5 - i))) & 0xFF);
    }
    for (std::size_t i = 0; i < 10; ++i) {
        bytes[6 + i] = static_cast<unsigned char>(random[i]);
    }
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x70);
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string id;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            id += '-';
        }
        id += kDigits[bytes[i] >> 4];
        id += kDigits[bytes[i] & 0x0F];
    }
    return id;
}

template <typename Tag>
class TypedId {
public:
    TypedId() = default;
    explicit TypedId(std::string value)
        : value_(std::move(value))
    {}

    const std::string& str() const noexcept { return value_; }
    bool empty() const noexcept { return value_.empty(); }

    auto operator<=>(const TypedId&) const = default;

private:
    std::string value_;
};

} // namespace hub

template <typename Tag>
struct std::hash<hub::TypedId<Tag>> {
    std::size_t operator()(const hub::TypedId<Tag>& id) const noexcept
    {
        return std::hash<std::string>{}(id.str());
    }
};
