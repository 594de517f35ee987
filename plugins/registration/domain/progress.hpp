// The chart of an application's progress (R-054…R-057) as data: a step is a row.
#pragma once

#include "domain/records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct ProgressStep {
    std::string_view id;
    requests::Words title;
    std::string_view page;            // where a click leads
    bool is_counted;                  // shows done/total
    std::optional<std::int64_t> done; // nothing: whoever makes badges knows
    std::int64_t total = 0;
};

/// `persons`: how many stand in which state.
std::vector<ProgressStep> progressOf(const Organization& organization,
                                     const std::map<std::string, std::int64_t>& persons);

} // namespace registration
