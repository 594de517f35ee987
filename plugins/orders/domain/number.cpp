#include "domain/number.hpp"

#include <algorithm>
#include <stdexcept>

#include <requests/instant.hpp>

namespace orders {

namespace {

constexpr std::size_t kNumberSize = 24;
constexpr std::uint32_t kDraws = 1000;
constexpr std::string_view kSubOrder = "001";

} // namespace

std::optional<std::string> makeNumber(std::int64_t now_ms, std::string_view random)
{
    if (random.size() != kNumberRandomBytes) {
        throw std::invalid_argument("an order's number needs four random bytes");
    }
    std::uint32_t drawn = 0;
    for (const char byte : random) {
        drawn = (drawn << 8U) | static_cast<unsigned char>(byte);
    }
    constexpr std::uint32_t kEven = UINT32_MAX - UINT32_MAX % kDraws;
    if (drawn >= kEven) {
        return std::nullopt;
    }
    std::string digits = std::to_string(drawn % kDraws);
    digits.insert(0, 3 - digits.size(), '0');
    return "V" + requests::toShanghaiDigits(now_ms) + digits + std::string{kSubOrder};
}

bool isOrderNumber(std::string_view text)
{
    return text.size() == kNumberSize && text.front() == 'V' &&
           std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace orders
