#include "domain/totp.hpp"

#include "domain/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace identity {

namespace {

constexpr std::int64_t kStepMs = 30'000;

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    std::string encoded;
    for (const char c : text) {
        encoded += kPlain.find(c) == std::string_view::npos
                       ? fmt::format("%{:02X}", static_cast<unsigned char>(c))
                       : std::string(1, c);
    }
    return encoded;
}

} // namespace

std::string totpCode(std::string_view secret, std::int64_t step)
{
    std::array<unsigned char, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
    }
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
    // RFC 4226, 5.3: the last four bits say where the number begins.
    const std::size_t at = hash[size - 1] & 15U;
    const std::uint32_t number = (std::uint32_t{hash[at]} & 0x7FU) << 24U |
                                 std::uint32_t{hash[at + 1]} << 16U |
                                 std::uint32_t{hash[at + 2]} << 8U | std::uint32_t{hash[at + 3]};
    return fmt::format("{:06}", number % 1'000'000U);
}

std::optional<std::int64_t> totpStep(std::string_view secret,
                                     std::string_view code,
                                     std::int64_t now_ms,
                                     std::int64_t last_step)
{
    const std::int64_t now = now_ms / kStepMs;
    for (std::int64_t step = std::max(now - 1, last_step + 1); step <= now + 1; ++step) {
        if (isSame(totpCode(secret, step), code)) {
            return step;
        }
    }
    return std::nullopt;
}

std::string totpAddress(std::string_view secret, std::string_view issuer, std::string_view account)
{
    return fmt::format(
        "otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30",
        percentEncoded(issuer),
        percentEncoded(account),
        toBase32(secret));
}

} // namespace identity
