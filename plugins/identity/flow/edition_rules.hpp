// Which rules an edition has, as the contract registration tells it: asked at most once while a
// unit or read runs, and only when a rule matters to it.
#pragma once

#include "api/answers.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace identity {

class EditionRules {
public:
    /// `snapshot` is borrowed; lives on the stack of one unit or read.
    EditionRules(const hub::Snapshot& snapshot, std::string_view edition)
        : snapshot_(snapshot)
        , edition_(edition)
    {}

    /// Whether the edition keeps this requirement ("R-035"). Who is let in must not depend on
    /// another plugin being there: without an answer every rule holds.
    bool holds(std::string_view rule) const;
    /// Whether organizations of this class register from the region; all do where the edition
    /// names none.
    bool offers(std::string_view region, std::string_view organization_class) const;

private:
    const Json& pack() const;

    const hub::Snapshot& snapshot_;
    std::string edition_;
    mutable std::optional<Json> pack_;
};

} // namespace identity
