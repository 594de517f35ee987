#include "observe/trace.hpp"

#include "base/encoding.hpp"
#include "base/uuid.hpp"

#include <algorithm>

namespace hub::observe {

namespace {

bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    });
}

bool isZero(std::string_view text)
{
    return text.find_first_not_of('0') == std::string_view::npos;
}

} // namespace

std::optional<std::string> parseTraceparent(std::string_view header)
{
    // version "-" trace id "-" parent id "-" flags
    constexpr std::size_t kLength = 55;
    if (header.size() < kLength || header[2] != '-' || header[35] != '-' || header[52] != '-') {
        return std::nullopt;
    }
    const std::string_view version = header.substr(0, 2);
    const std::string_view trace = header.substr(3, 32);
    const std::string_view parent = header.substr(36, 16);
    if (!isHex(version) || !isHex(trace) || !isHex(parent) || !isHex(header.substr(53, 2)) ||
        isZero(trace) || isZero(parent) || version == "ff") {
        return std::nullopt;
    }
    // Only versions after 00 may add fields.
    if (header.size() > kLength && (version == "00" || header[kLength] != '-')) {
        return std::nullopt;
    }
    return std::string(trace);
}

std::string makeTraceparent(std::string_view trace)
{
    return "00-" + std::string(trace) + "-" + base::toHex(base::randomBytes(8)) + "-01";
}

} // namespace hub::observe
