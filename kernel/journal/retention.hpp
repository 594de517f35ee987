// Retention: removes what is old and what nobody needs any more: events that every subscriber has
// passed and that no mark or open dead letter refers to, answered calls, records of exchanges,
// stored answers. Timelines read their plugin's own tables and survive it.
#pragma once

#include "journal/group.hpp"

#include <cstddef>
#include <cstdint>

namespace hub::journal {

struct RetentionSettings {
    std::int64_t events_ms = std::int64_t{400} * 24 * 3600 * 1000;
    std::size_t batch = 500; // rows of each table in one unit
};

class Retention {
public:
    /// One short unit of the lane; returns how many rows went. Called until it returns 0.
    static std::size_t prune(Group& group, const RetentionSettings& settings);
};

} // namespace hub::journal
