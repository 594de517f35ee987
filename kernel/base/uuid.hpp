// UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so that ids sort by time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hub::base {

/// The 36-character text form for the given time; random bits from the system. Thread-safe.
std::string makeUuidV7(std::int64_t unix_ms);

/// True for the 36-character form in lower case, of any version.
bool isUuid(std::string_view text) noexcept;

/// 32 lower-case hex digits: a W3C trace id.
std::string makeTraceId();

/// `size` bytes from the system's generator. Thread-safe.
std::string randomBytes(std::size_t size);

} // namespace hub::base
