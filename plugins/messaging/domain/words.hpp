// What people read of a refusal, in both languages; an answer picks one when it knows the caller's.
#pragma once

#include <string>
#include <string_view>

namespace messaging {

struct Words {
    std::string en;
    std::string zh;
};

/// In `language`; in both when it is neither "en" nor "zh".
inline std::string wordsIn(const Words& words, std::string_view language)
{
    if (language == "zh") {
        return words.zh;
    }
    return language == "en" ? words.en : words.en + " / " + words.zh;
}

} // namespace messaging
