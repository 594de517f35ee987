// What the contract registration answers, asked within the same unit or read, so that nobody can
// change it between the question and the act.
#pragma once

#include "api/answers.hpp"
#include "domain/fees.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace orders {

struct Rules {
    Json pack;
    std::int64_t revision = 0;
};

/// Refused for an edition without rules: it is archived, and nothing is ordered in it any more.
std::variant<Rules, Refusal> askRules(const hub::Snapshot& snapshot, const std::string& edition);

/// By id; those of other organizations are missing like those that don't exist.
using Payables = std::map<std::string, Payable>;
std::variant<Payables, Refusal> askPayables(const hub::Snapshot& snapshot,
                                            const std::string& organization_id,
                                            const std::vector<std::string>& person_ids);

} // namespace orders
