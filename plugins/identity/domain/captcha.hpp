// A text drawn as lines, for people to read: letters from strokes of our own, bent and turned, in
// one path with lines that mean nothing. Pure.
#pragma once

#include <string>
#include <string_view>

namespace identity {

struct Captcha {
    std::string text;
    std::string svg;
};

/// As many bytes as drawCaptcha needs.
inline constexpr std::size_t kCaptchaRandomBytes = 1024;

/// Throws std::invalid_argument for fewer bytes.
Captcha drawCaptcha(std::string_view random);

/// As somebody types it: without spaces, in capitals.
std::string captchaKey(std::string_view typed);

} // namespace identity
