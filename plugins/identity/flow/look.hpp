// Look: what every answer of this plugin needs while one read runs.
#pragma once

#include "api/answers.hpp"
#include "flow/edition_rules.hpp"
#include "settings.hpp"
#include "store/rows.hpp"

#include <hub/plugin.hpp>

#include <string>

namespace identity {

class Look {
public:
    /// Borrowed; lives on the stack of one read.
    Look(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
        : snapshot_(snapshot)
        , event_(event)
        , settings_(settings)
        , rows_(snapshot)
        , rules_(snapshot, event.edition())
    {}

    const hub::Snapshot& snapshot() const noexcept { return snapshot_; }
    const hub::Event& event() const noexcept { return event_; }
    const Settings& settings() const noexcept { return settings_; }
    const ReadRows& rows() const noexcept { return rows_; }
    const EditionRules& rules() const noexcept { return rules_; }
    std::int64_t nowMs() const { return snapshot_.nowMs(); }
    std::string edition() const { return std::string{event_.edition()}; }
    Request request() const { return readRequest(event_.payload()); }

private:
    const hub::Snapshot& snapshot_;
    const hub::Event& event_;
    const Settings& settings_;
    ReadRows rows_;
    EditionRules rules_;
};

} // namespace identity
