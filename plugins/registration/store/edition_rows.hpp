// Editions and their delegations, as values.
#pragma once

#include "domain/edition.hpp"
#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace registration {

struct StoredPack {
    std::int64_t revision = 0;
    Json pack;
};

/// Nothing for an edition without rules: an archived one.
std::optional<StoredPack> findPack(const hub::Snapshot& snapshot, std::string_view edition);
void putPack(const hub::Unit& unit,
             std::string_view edition,
             const StoredPack& pack,
             std::string_view changed_by);

std::optional<Delegation> findDelegation(const hub::Snapshot& snapshot,
                                         std::string_view edition,
                                         std::string_view delegation_id);
/// Delegations before their sub-delegations, by id.
std::vector<Delegation> allDelegations(const hub::Snapshot& snapshot, std::string_view edition);
void putDelegation(const hub::Unit& unit, std::string_view edition, const Delegation& delegation);

} // namespace registration
