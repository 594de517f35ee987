#include "base/uuid.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace hub::base {

namespace {

/// Identifiers are no secrets, and a journal makes very many: drawn one by one, their randomness
/// costs more than the rest of them.
std::string idBytes(std::size_t size)
{
    constexpr std::size_t kDrawn = 4096;
    thread_local std::string drawn;
    thread_local std::size_t used = 0;
    if (drawn.size() - used < size) {
        drawn = randomBytes(std::max(kDrawn, size));
        used = 0;
    }
    used += size;
    return drawn.substr(used - size, size);
}

} // namespace

std::string randomBytes(std::size_t size)
{
    std::string bytes(size, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) {
        throw Failure(HUB_INTERNAL, "the system's random generator failed");
    }
    return bytes;
}

std::string makeUuidV7(std::int64_t unix_ms)
{
    std::string bytes = idBytes(16);
    const auto time = static_cast<std::uint64_t>(unix_ms);
    for (std::size_t i = 0; i < 6; ++i) {
        bytes[i] = static_cast<char>(time >> (40 - 8 * i));
    }
    bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0FU) | 0x70U);
    bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3FU) | 0x80U);
    std::string text = toHex(bytes);
    for (const std::size_t position : {8U, 13U, 18U, 23U}) {
        text.insert(position, 1, '-');
    }
    return text;
}

bool isUuid(std::string_view text) noexcept
{
    if (text.size() != 36) {
        return false;
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const char c = text[i];
        const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
        if (dash ? c != '-' : !hex) {
            return false;
        }
    }
    return true;
}

std::string makeTraceId()
{
    return toHex(randomBytes(16));
}

} // namespace hub::base
