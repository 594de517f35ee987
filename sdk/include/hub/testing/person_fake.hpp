// PersonFake: hub.person for tests. Sealed values can't be read by eye and open only for their
// person and column, so a plugin that mixes them up or stores clear text is found; it is no cipher.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hub::testing {

class PersonFake {
public:
    static std::string
    seal(std::string_view person, std::string_view column, std::string_view plain)
    {
        std::string sealed = headOf(person, column);
        for (const char c : plain) {
            sealed.push_back(static_cast<char>(c ^ kMask));
        }
        return sealed;
    }

    static Result<std::string>
    open(std::string_view person, std::string_view column, std::string_view sealed)
    {
        const std::string head = headOf(person, column);
        if (!sealed.starts_with(head)) {
            return Error{HUB_REJECTED, "not sealed for this person and column"};
        }
        std::string plain;
        for (const char c : sealed.substr(head.size())) {
            plain.push_back(static_cast<char>(c ^ kMask));
        }
        return plain;
    }

    static std::string blindIndex(std::string_view column, std::string_view normalized)
    {
        return digest("index", column, normalized);
    }

private:
    static constexpr char kMask = 0x55;
    static constexpr std::size_t kIndexBytes = 32;

    static std::string headOf(std::string_view person, std::string_view column)
    {
        return digest("seal", person, column);
    }

    /// 32 bytes that differ for different texts.
    static std::string digest(std::string_view a, std::string_view b, std::string_view c)
    {
        std::string text{a};
        text.append(1, '\0').append(b).append(1, '\0').append(c);
        std::string bytes;
        while (bytes.size() < kIndexBytes) {
            text.push_back('.');
            std::uint64_t hash = std::hash<std::string>{}(text);
            for (std::size_t i = 0; i < sizeof hash; ++i, hash >>= 8U) {
                bytes.push_back(static_cast<char>(hash & 0xFFU));
            }
        }
        return bytes;
    }
};

} // namespace hub::testing
