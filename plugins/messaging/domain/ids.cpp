#include "domain/ids.hpp"

#include <Poco/DigestEngine.h>
#include <Poco/NumberFormatter.h>
#include <Poco/UUID.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace messaging {

namespace {

constexpr std::size_t kTimeBytes = 6;
constexpr std::size_t kRandomBytes = 10;
constexpr std::size_t kCodeBytes = 4;
constexpr int kCodeDigits = 6;
constexpr std::uint32_t kCodes = 1'000'000;

} // namespace

std::string makeId(std::int64_t now_ms, std::string_view random)
{
    if (random.size() != kRandomBytes) {
        throw std::invalid_argument("an id needs ten random bytes");
    }
    std::array<char, kTimeBytes + kRandomBytes> bytes{};
    for (std::size_t i = 0; i < kTimeBytes; ++i) {
        bytes[i] = static_cast<char>((now_ms >> (8 * (kTimeBytes - 1 - i))) & 0xFF);
    }
    std::copy(random.begin(), random.end(), bytes.begin() + kTimeBytes);
    bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x70); // version 7
    bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80); // variant of RFC 9562
    Poco::UUID id;
    id.copyFrom(bytes.data());
    return id.toString();
}

std::string makeNumber(std::string_view message_id, std::int64_t attempt)
{
    std::string number{message_id};
    std::erase(number, '-');
    return number + Poco::NumberFormatter::format0(attempt, 2);
}

std::string toHex(std::string_view bytes)
{
    return Poco::DigestEngine::digestToHex({bytes.begin(), bytes.end()});
}

std::optional<std::string> makeCode(std::string_view random)
{
    if (random.size() != kCodeBytes) {
        throw std::invalid_argument("a code needs four random bytes");
    }
    std::uint32_t drawn = 0;
    for (const char byte : random) {
        drawn = (drawn << 8U) | static_cast<unsigned char>(byte);
    }
    constexpr std::uint32_t kEven = UINT32_MAX - UINT32_MAX % kCodes;
    return drawn >= kEven
               ? std::nullopt
               : std::optional{Poco::NumberFormatter::format0(drawn % kCodes, kCodeDigits)};
}

bool isSame(std::string_view a, std::string_view b) noexcept
{
    unsigned difference = a.size() == b.size() ? 0U : 1U;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= unsigned{static_cast<unsigned char>(a[i])} ^
                      unsigned { static_cast<unsigned char>(b[i]) };
    }
    return difference == 0;
}

} // namespace messaging
