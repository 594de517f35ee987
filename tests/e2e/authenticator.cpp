#include "authenticator.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace demo {

std::string fromBase32(const std::string& text)
{
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const auto value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            break; // padding
        }
        bits = bits << 5U | static_cast<std::uint32_t>(value);
        held += 5;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>(bits >> held & 0xFFU);
        }
    }
    return bytes;
}

std::string authenticatorCode(const std::string& secret_base32, int steps_later)
{
    using namespace std::chrono;
    constexpr std::int64_t kStepS = 30;
    const auto now = duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
    const auto step = static_cast<std::uint64_t>(now / kStepS + steps_later);
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<unsigned char>(step >> (8 * (7 - i)));
    }
    const std::string secret = fromBase32(secret_base32);
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned size = 0;
    if (HMAC(EVP_sha1(),
             secret.data(),
             static_cast<int>(secret.size()),
             counter.data(),
             counter.size(),
             hash.data(),
             &size) == nullptr) {
        throw std::runtime_error("HMAC-SHA-1 failed");
    }
    const std::size_t at = hash[size - 1] & 15U; // RFC 4226, 5.3
    const std::uint32_t number = (std::uint32_t{hash[at]} & 0x7FU) << 24U |
                                 std::uint32_t{hash[at + 1]} << 16U |
                                 std::uint32_t{hash[at + 2]} << 8U | std::uint32_t{hash[at + 3]};
    return fmt::format("{:06}", number % 1'000'000U);
}

} // namespace demo
