#include "app/admin_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ctime>

namespace hub::app {

namespace {

constexpr std::int64_t kListDefault = 100;
constexpr std::int64_t kListMax = 500;

} // namespace

std::int64_t toNumber(const std::string& text, std::int64_t otherwise)
{
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size() ? number : otherwise;
}

std::int64_t
numberOption(const cli::AdminRequest& request, const char* name, std::int64_t otherwise)
{
    return toNumber(request.options.value(name, ""), otherwise);
}

std::size_t limitOption(const cli::AdminRequest& request)
{
    return static_cast<std::size_t>(
        std::clamp<std::int64_t>(numberOption(request, "limit", kListDefault), 1, kListMax));
}

std::string toUtcText(std::int64_t unix_ms)
{
    const std::time_t seconds = unix_ms / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                       parts.tm_year + 1900,
                       parts.tm_mon + 1,
                       parts.tm_mday,
                       parts.tm_hour,
                       parts.tm_min,
                       parts.tm_sec,
                       unix_ms % 1000);
}

} // namespace hub::app
