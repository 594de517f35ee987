#include "content.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace aliyun {

namespace {

constexpr std::array<std::string_view, 20> kEndings = {
    "biz", "cc",  "cn",  "co",   "com",  "edu", "gov", "info", "io",   "ltd",
    "me",  "net", "org", "shop", "site", "top", "tv",  "vip",  "wang", "xyz"};

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

bool isLabel(char c) noexcept
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || c == '-';
}

/// A name, a dot, and one of the usual endings.
bool holdsHost(std::string_view text)
{
    for (std::size_t dot = text.find('.'); dot != std::string_view::npos;
         dot = text.find('.', dot + 1)) {
        std::size_t end = dot + 1;
        while (end < text.size() && isLabel(text[end])) {
            ++end;
        }
        const std::string_view ending = text.substr(dot + 1, end - dot - 1);
        if (dot > 0 && isLabel(text[dot - 1]) &&
            std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end()) {
            return true;
        }
    }
    return false;
}

/// Four numbers with dots between them.
bool holdsIp(std::string_view text)
{
    int numbers = 0;
    std::size_t digits = 0;
    for (const char c : std::string{text} + ' ') {
        if (isDigit(c)) {
            ++digits;
            continue;
        }
        numbers = digits >= 1 && digits <= 3 ? numbers + 1 : 0;
        if (numbers == 4) {
            return true;
        }
        numbers = c == '.' ? numbers : 0;
        digits = 0;
    }
    return false;
}

} // namespace

bool holdsAddress(std::string_view text)
{
    std::string lower{text};
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return lower.find("://") != std::string::npos || lower.find("www.") != std::string::npos ||
           holdsIp(lower) || holdsHost(lower);
}

} // namespace aliyun
