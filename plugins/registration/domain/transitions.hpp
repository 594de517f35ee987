// What the tables of states share: the edition's ways as a column of their rows, and the look-up.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace registration {

/// How an edition works, as far as states differ by it: ByDelegation categorizes and locks (4th),
/// ByOrganization chooses within its quota and has no lock (7th).
enum class Mode : std::uint8_t { ByDelegation = 1, ByOrganization = 2 };

/// Guard column: the modes for which a row holds.
enum class In : std::uint8_t { ByDelegation = 1, ByOrganization = 2, Both = 3 };

constexpr bool holdsIn(In in, Mode mode) noexcept
{
    return (static_cast<std::uint8_t>(in) & static_cast<std::uint8_t>(mode)) != 0;
}

template <typename Enum, std::size_t N>
std::optional<Enum> findName(const std::array<std::string_view, N>& names, std::string_view text)
{
    const auto* found = std::find(names.begin(), names.end(), text);
    return found == names.end() ? std::nullopt
                                : std::optional{static_cast<Enum>(found - names.begin())};
}

template <typename Enum, std::size_t N>
Enum parseName(const std::array<std::string_view, N>& names, std::string_view text)
{
    const auto found = findName<Enum>(names, text);
    if (!found) {
        throw std::invalid_argument("a row holds the state \"" + std::string{text} +
                                    "\", which this version does not know");
    }
    return *found;
}

} // namespace registration
