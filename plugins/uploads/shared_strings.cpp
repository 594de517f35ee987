#include "uploads/shared_strings.hpp"

#include <charconv>

namespace uploads {

namespace {

constexpr std::size_t kEscapeBytes = 7; // _xHHHH_

/// The character of an escape in front; control characters alone are written so.
std::optional<char> escapedCharacter(std::string_view text) noexcept
{
    if (text.size() < kEscapeBytes || !text.starts_with("_x") || text[kEscapeBytes - 1] != '_') {
        return std::nullopt;
    }
    unsigned value = 0;
    const auto read = std::from_chars(text.data() + 2, text.data() + 6, value, 16);
    // An underscore escapes itself, where a text would read like an escape.
    const bool is_known = (value > 0 && value < 0x20) || value == '_';
    return read.ptr == text.data() + 6 && is_known ? std::optional{static_cast<char>(value)}
                                                   : std::nullopt;
}

} // namespace

std::string unescaped(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto character = text.front() == '_' ? escapedCharacter(text) : std::nullopt;
        out += character.value_or(text.front());
        text.remove_prefix(character ? kEscapeBytes : 1);
    }
    return out;
}

std::optional<std::string_view> SharedStrings::find(std::size_t index) const noexcept
{
    if (index >= ends_.size()) {
        return std::nullopt;
    }
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view{all_}.substr(begin, ends_[index] - begin);
}

void SharedStrings::open(std::string_view local_name, const XmlAttributes& /*attributes*/)
{
    is_text_ = local_name == "t" && !is_phonetic_;
    is_phonetic_ = is_phonetic_ || local_name == "rPh";
}

void SharedStrings::close(std::string_view local_name)
{
    is_text_ = false;
    if (local_name == "rPh") {
        is_phonetic_ = false;
    }
    if (local_name == "si" && !is_full_) {
        // An empty text takes its place in the list.
        is_full_ = (ends_.size() + 1) * sizeof(std::size_t) + all_.size() > bytes_max_;
        ends_.push_back(all_.size());
    }
}

void SharedStrings::text(std::string_view characters)
{
    if (!is_text_) {
        return;
    }
    is_full_ = is_full_ || all_.size() + characters.size() > bytes_max_;
    if (!is_full_) {
        all_ += characters;
    }
}

} // namespace uploads
