// What the targets assert. An expectation that fails ends the process with its text, so that
// replay and libFuzzer alike keep the input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace hub::fuzz {

/// The input as text; valid as long as the bytes are.
inline std::string_view textOf(const std::uint8_t* data, std::size_t size)
{
    // The engine may give a null pointer for an empty input.
    return size == 0 ? std::string_view{""}
                     : std::string_view{reinterpret_cast<const char*>(data), size};
}

/// What stands before the first line feed. `text` keeps what follows it, or all when there is none.
inline std::string_view takeLine(std::string_view& text)
{
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
        return {};
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    return line;
}

inline void expect(bool holds, std::string_view what, std::string_view about = "")
{
    if (!holds) {
        constexpr std::size_t kShownBytesMax = 2000;
        const std::string text = "expectation failed: " + std::string(what) + ": " +
                                 std::string(about.substr(0, kShownBytesMax)) + "\n";
        std::fwrite(text.data(), 1, text.size(), stderr);
        std::abort();
    }
}

inline bool hasControlBytes(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    });
}

/// A sentence that a person can read on one line, and of which a log makes no second one.
inline void expectReadable(std::string_view message)
{
    expect(!message.empty(), "an error has a text");
    expect(!hasControlBytes(message), "an error's text holds no control byte", message);
}

/// A sentence that quotes the input as it is. Who shows one escapes it: the log, the command line
/// and the gateway each do.
inline void expectWorded(std::string_view message)
{
    expect(message.find_first_not_of(" \t\r\n") != std::string_view::npos, "an error has a text");
}

} // namespace hub::fuzz
