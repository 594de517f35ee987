// What the organizer puts for an edition beside its pack: industries, referral codes, policies.
#pragma once

#include "domain/forms.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace registration {

/// Parents before their children.
std::vector<IndustryNode> allIndustries(const hub::Snapshot& snapshot, std::string_view edition);
void putIndustry(const hub::Unit& unit, std::string_view edition, const IndustryNode& node);

std::optional<ReferralCode>
findReferralCode(const hub::Snapshot& snapshot, std::string_view edition, std::string_view code);
std::vector<ReferralCode> allReferralCodes(const hub::Snapshot& snapshot, std::string_view edition);
void putReferralCode(const hub::Unit& unit, std::string_view edition, const ReferralCode& code);

/// A text that consents are asked for.
struct Policy {
    std::string kind; // of a consent
    std::string version;
    std::string address; // where people read it
};

std::optional<Policy>
findPolicy(const hub::Snapshot& snapshot, std::string_view edition, std::string_view kind);
std::vector<Policy> allPolicies(const hub::Snapshot& snapshot, std::string_view edition);
void putPolicy(const hub::Unit& unit, std::string_view edition, const Policy& policy);

} // namespace registration
