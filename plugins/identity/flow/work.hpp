// Work: what every rule of this plugin needs while one unit runs.
#pragma once

#include "api/answers.hpp"
#include "flow/edition_rules.hpp"
#include "settings.hpp"
#include "store/rows.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace identity {

class Work {
public:
    /// Borrowed; lives on the stack of one unit.
    Work(const hub::Unit& unit, const hub::Event& event, const Settings& settings)
        : unit_(unit)
        , event_(event)
        , settings_(settings)
        , rows_(unit)
        , rules_(unit, event.edition())
    {}

    const hub::Unit& unit() const noexcept { return unit_; }
    const Settings& settings() const noexcept { return settings_; }
    const Rows& rows() const noexcept { return rows_; }
    const EditionRules& rules() const noexcept { return rules_; }
    std::int64_t nowMs() const { return unit_.nowMs(); }
    std::string edition() const { return std::string{event_.edition()}; }
    /// "person:<login>", "key:<id>" or the operator of a command.
    std::string principal() const { return std::string{event_.principal()}; }
    std::string drawId() const;
    /// What the task needs to derive a record of this password.
    Json derivation(const std::string& password) const;
    void endSessions(const Login& login) const;

    void publish(std::string_view type, const Organization& organization, Json payload) const;
    /// About somebody who logs in: a contact or one of staff.
    void publishOf(std::string_view type, const Login& login, Json payload) const;

private:
    void emit(std::string_view type,
              const std::string& key,
              const std::string& edition,
              const Json& payload) const;

    const hub::Unit& unit_;
    const hub::Event& event_;
    const Settings& settings_;
    Rows rows_;
    EditionRules rules_;
};

} // namespace identity
