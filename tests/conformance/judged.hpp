// Runs expohub-conform as a partner would, and reads its report.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace hub::test {

struct Judged {
    int exit_code = -1;
    std::string output;
    nlohmann::json report; // an object; empty when there is none

    std::set<std::string> failed() const;
    std::set<std::string> notApplicable() const;
};

/// `defect` replaces config.defect of the library's conformance.json; empty leaves it as it is.
Judged judge(const std::string& library,
             const std::string& defect = {},
             std::vector<std::string> more = {});

} // namespace hub::test
