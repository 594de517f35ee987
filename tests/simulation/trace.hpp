// Trace: what happened in a run, line by line. Its hash says whether two runs were the same.
#pragma once

#include "timeline.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace hub::simulation {

class Trace {
public:
    /// `shown` NULL: the lines are hashed only.
    Trace(const Timeline& timeline, std::ostream* shown)
        : timeline_(timeline)
        , shown_(shown)
    {}

    template <typename... Arguments>
    void add(fmt::format_string<Arguments...> text, Arguments&&... values)
    {
        line_.clear();
        fmt::format_to(std::back_inserter(line_), "{:>8} ", timeline_.elapsedMs());
        fmt::format_to(std::back_inserter(line_), text, std::forward<Arguments>(values)...);
        line_ += '\n';
        for (const char c : line_) {
            hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U; // FNV-1a
        }
        ++lines_;
        if (shown_ != nullptr) {
            *shown_ << line_;
        }
    }

    std::uint64_t hash() const noexcept { return hash_; }
    std::uint64_t lines() const noexcept { return lines_; }

private:
    const Timeline& timeline_;
    std::ostream* shown_;
    std::string line_;
    std::uint64_t hash_ = 0xCBF29CE484222325U;
    std::uint64_t lines_ = 0;
};

} // namespace hub::simulation
