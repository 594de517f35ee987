#include "domain/person_states.hpp"

namespace registration {

namespace {

using S = PersonState;
using E = PersonEvent;

/// Guard column: for whom a row holds.
enum class Who { Anyone, NewBadge, Reuse, Free, Payer, Ordered, NotOrdered };

struct Rule {
    S from;
    E event;
    In in;
    Who who;
    S to;
};

constexpr std::array kRules = {
    Rule{S::JoinRequested, E::Accept, In::Both, Who::Anyone, S::Saved},
    Rule{S::Saved, E::Edit, In::Both, Who::Anyone, S::Saved},
    Rule{S::Saved, E::Submit, In::Both, Who::Anyone, S::Submitted},
    // C-03: a reused badge brings its category, so it waits for the lock alone.
    Rule{S::Submitted, E::OrganizationSubmitted, In::ByDelegation, Who::Reuse, S::ToBeLocked},
    Rule{
        S::Submitted, E::OrganizationApproved, In::ByDelegation, Who::NewBadge, S::ToBeCategorized},
    Rule{S::Submitted, E::OrganizationApproved, In::ByDelegation, Who::Reuse, S::ToBeLocked},
    Rule{S::Submitted, E::OrganizationApproved, In::ByOrganization, Who::Free, S::ToBeReviewed},
    Rule{S::Submitted, E::OrganizationApproved, In::ByOrganization, Who::Payer, S::ToBePaid},
    Rule{S::ToBeCategorized, E::Categorize, In::ByDelegation, Who::Anyone, S::ToBeLocked},
    Rule{S::ToBeLocked, E::Categorize, In::ByDelegation, Who::Anyone, S::ToBeLocked},
    Rule{S::ToBeLocked, E::Uncategorize, In::ByDelegation, Who::NewBadge, S::ToBeCategorized},
    Rule{S::ToBeLocked, E::Lock, In::ByDelegation, Who::Free, S::ToBeReviewed},
    Rule{S::ToBeLocked, E::Lock, In::ByDelegation, Who::Payer, S::ToBePaid},
    Rule{S::ToBePaid, E::ChangePeriod, In::Both, Who::NotOrdered, S::ToBePaid},
    Rule{S::ToBePaid, E::Order, In::Both, Who::NotOrdered, S::ToBePaid},
    Rule{S::ToBePaid, E::Release, In::Both, Who::Ordered, S::ToBePaid},
    Rule{S::ToBePaid, E::Pay, In::Both, Who::Ordered, S::ToBeReviewed},
    Rule{S::ToBeReviewed, E::Pass, In::Both, Who::Anyone, S::Passed},
    Rule{S::ToBeReviewed, E::Fail, In::Both, Who::Anyone, S::Failed},
    Rule{S::Submitted, E::Cancel, In::Both, Who::Anyone, S::Canceled},
    Rule{S::ToBeCategorized, E::Cancel, In::ByDelegation, Who::Anyone, S::Canceled},
    Rule{S::ToBeLocked, E::Cancel, In::ByDelegation, Who::Anyone, S::Canceled},
    // The order is canceled first, so that nobody pays for who has gone.
    Rule{S::ToBePaid, E::Cancel, In::Both, Who::NotOrdered, S::Canceled},
    Rule{S::ToBeReviewed, E::Cancel, In::Both, Who::Anyone, S::Canceled},
    Rule{S::Passed, E::Cancel, In::Both, Who::Anyone, S::Canceled},
};

// In the order of the enumerators.
constexpr std::array<std::string_view, 11> kNames = {"join_requested",
                                                     "saved",
                                                     "submitted",
                                                     "to_be_categorized",
                                                     "to_be_locked",
                                                     "to_be_paid",
                                                     "to_be_reviewed",
                                                     "passed",
                                                     "failed",
                                                     "canceled",
                                                     "archived"};

bool isOne(Who who, const PersonFacts& facts) noexcept
{
    switch (who) {
    case Who::NewBadge:
        return !facts.reuses_badge;
    case Who::Reuse:
        return facts.reuses_badge;
    case Who::Free:
        return facts.is_free;
    case Who::Payer:
        return !facts.is_free;
    case Who::Ordered:
        return facts.has_order;
    case Who::NotOrdered:
        return !facts.has_order;
    case Who::Anyone:
        break;
    }
    return true;
}

} // namespace

std::string_view toText(PersonState state)
{
    return kNames.at(static_cast<std::size_t>(state));
}

std::optional<PersonState> findPersonState(std::string_view text)
{
    return findName<PersonState>(kNames, text);
}

PersonState parsePersonState(std::string_view text)
{
    return parseName<PersonState>(kNames, text);
}

std::optional<PersonState>
next(PersonState from, PersonEvent event, Mode mode, const PersonFacts& facts)
{
    for (const Rule& rule : kRules) {
        if (rule.from == from && rule.event == event && holdsIn(rule.in, mode) &&
            isOne(rule.who, facts)) {
            return rule.to;
        }
    }
    return std::nullopt;
}

bool isLive(PersonState state) noexcept
{
    return state != S::JoinRequested && state != S::Failed && state != S::Canceled &&
           state != S::Archived;
}

bool mayBecome(bool reuses_badge, int from_rank, int to_rank) noexcept
{
    return !reuses_badge || to_rank > from_rank;
}

} // namespace registration
