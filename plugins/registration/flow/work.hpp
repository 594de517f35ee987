// Work: what every rule of this plugin needs while one unit runs, and the only way by which an
// application changes its state: the tables of domain/ decide, the step is noted and counted.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"
#include "store/rows.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace registration {

/// Why a step of a person is taken.
struct Why {
    std::string_view code = {};  // kept in clear
    std::string_view words = {}; // what somebody wrote; personal
};

class Work {
public:
    /// Borrowed; lives on the stack of one unit.
    Work(const hub::Unit& unit, const hub::Event& event)
        : unit_(unit)
        , event_(event)
        , rows_(unit)
    {}

    const hub::Unit& unit() const noexcept { return unit_; }
    const hub::Event& event() const noexcept { return event_; }
    const Rows& rows() const noexcept { return rows_; }
    std::int64_t nowMs() const { return unit_.nowMs(); }
    /// Who asks: "person:<login>", "key:<id>", an operator or, for what follows from rules, "hub".
    std::string actor() const;
    std::string drawId() const;
    /// Nothing when the edition has no rules: it is archived.
    std::optional<Edition> edition(std::string_view edition) const;

    /// False when no row of the table leads on; then nothing was changed. Saves the organization.
    bool move(Organization& organization,
              OrganizationEvent event,
              const Edition& edition,
              std::string_view reason = {}) const;
    /// The same for a person.
    bool move(Person& person, PersonEvent event, const Edition& edition, const Why& why = {}) const;
    /// A step that leads nowhere. Of who was erased the words are dropped: nothing seals them.
    void note(const Person& person, const Step& step, std::string_view words) const;
    /// A new application, in the state that it has.
    void add(const Organization& organization) const;
    void add(const Person& person) const;
    /// A person who was never submitted is gone without a trace.
    void remove(const Person& person) const;
    /// To another delegation or sub-delegation, with all of its persons.
    void relocate(Organization& organization,
                  std::string_view delegation_id,
                  std::string_view sub_delegation_id) const;

    /// `payload` gets the subject's id. Identifiers only: the journal keeps it.
    void publish(std::string_view type, const Organization& organization, Json payload) const;
    void publish(std::string_view type, const Person& person, Json payload) const;

private:
    const hub::Unit& unit_;
    const hub::Event& event_;
    Rows rows_;
};

std::string_view toText(OrganizationEvent event);
std::string_view toText(PersonEvent event);

} // namespace registration
