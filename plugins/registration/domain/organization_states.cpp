#include "domain/organization_states.hpp"

namespace registration {

namespace {

using S = OrganizationState;
using E = OrganizationEvent;

struct Rule {
    S from;
    E event;
    In in;
    S to;
};

constexpr std::array kRules = {
    Rule{S::Draft, E::Submit, In::Both, S::Submitted},
    Rule{S::Rejected, E::Submit, In::Both, S::Submitted},
    Rule{S::Returned, E::Submit, In::Both, S::Submitted},
    Rule{S::Submitted, E::PassAutomatically, In::ByOrganization, S::Approved},
    Rule{S::Submitted, E::Approve, In::Both, S::Approved},
    Rule{S::Submitted, E::Reject, In::Both, S::Rejected},
    Rule{S::Submitted, E::Return, In::Both, S::Returned},
    Rule{S::Submitted, E::Move, In::Both, S::Submitted},
    Rule{S::Approved, E::Move, In::Both, S::Submitted},
    // Before it is submitted, too: the wrong one may have been chosen.
    Rule{S::Draft, E::Reassign, In::Both, S::Draft},
    Rule{S::Submitted, E::Reassign, In::Both, S::Submitted},
    Rule{S::Approved, E::Reassign, In::Both, S::Approved},
    Rule{S::Returned, E::Reassign, In::Both, S::Returned},
    Rule{S::Approved, E::Disable, In::Both, S::Disabled},
};

// In the order of the enumerators.
constexpr std::array<std::string_view, 7> kNames = {
    "draft", "submitted", "approved", "rejected", "returned", "disabled", "archived"};

} // namespace

std::string_view toText(OrganizationState state)
{
    return kNames.at(static_cast<std::size_t>(state));
}

std::optional<OrganizationState> findOrganizationState(std::string_view text)
{
    return findName<OrganizationState>(kNames, text);
}

OrganizationState parseOrganizationState(std::string_view text)
{
    return parseName<OrganizationState>(kNames, text);
}

std::optional<OrganizationState> next(OrganizationState from, OrganizationEvent event, Mode mode)
{
    for (const Rule& rule : kRules) {
        if (rule.from == from && rule.event == event && holdsIn(rule.in, mode)) {
            return rule.to;
        }
    }
    return std::nullopt;
}

} // namespace registration
