// The life of an organization's application as data: a row says from which state which event leads
// where, and for which editions (requirements 4.1 with 13). What has no row does not happen.
#pragma once

#include "domain/transitions.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace registration {

/// Archived: of a past edition; nothing happens to it any more.
enum class OrganizationState { Draft, Submitted, Approved, Rejected, Returned, Disabled, Archived };
enum class OrganizationEvent {
    Submit,
    PassAutomatically, // by the edition's rule, without a person's review (E-01)
    Approve,
    Reject,
    Return,
    Move,     // to another delegation: it reviews anew
    Reassign, // to another sub-delegation of the same delegation
    Disable
};
inline constexpr OrganizationState kLastOrganizationState = OrganizationState::Archived;
inline constexpr OrganizationEvent kLastOrganizationEvent = OrganizationEvent::Disable;

std::string_view toText(OrganizationState state);
/// Nothing for a word that no state has.
std::optional<OrganizationState> findOrganizationState(std::string_view text);
/// Throws std::invalid_argument for a text that no state has: the row is damaged.
OrganizationState parseOrganizationState(std::string_view text);

/// Nothing when the event is refused.
std::optional<OrganizationState> next(OrganizationState from, OrganizationEvent event, Mode mode);

} // namespace registration
