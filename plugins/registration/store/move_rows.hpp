// Moves between delegations that one has asked for and the other has not agreed to yet.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct Move {
    std::string organization_id;
    std::string edition;
    std::string to_delegation_id;
    std::string to_sub_delegation_id;
    std::string reason;
    std::string asked_by;
    std::int64_t asked_ms = 0;
};

std::optional<Move> findMove(const hub::Snapshot& snapshot, std::string_view organization_id);
/// Those that wait for this delegation, the oldest first; of all delegations for ''.
std::vector<Move>
movesTo(const hub::Snapshot& snapshot, std::string_view edition, std::string_view delegation_id);
/// Another wish takes the place of the first.
void putMove(const hub::Unit& unit, const Move& move);
void removeMove(const hub::Unit& unit, std::string_view organization_id);

} // namespace registration
