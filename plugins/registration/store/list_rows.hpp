// Lists of organizations for those who review them, and the history of one application.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct OrganizationFilter {
    std::string edition;
    std::string node_kind; // "delegation" or "sub_delegation"; '' for the whole edition
    std::string node_id;
    std::string state; // '' for all; so are the others
    std::string name;  // a part of it
    std::string code;
    // Behind this one, in the order of submission.
    std::int64_t after_ms = -1;
    std::string after_id;
    std::int64_t limit = 50;
};

std::vector<std::string> listOrganizations(const hub::Snapshot& snapshot,
                                           const OrganizationFilter& filter);

/// Archived applications under the code, in other editions; the latest first.
std::vector<std::string> pastOrganizations(const hub::Snapshot& snapshot,
                                           std::string_view edition,
                                           std::string_view social_credit_code);
/// For a test of its plan.
std::string_view pastOrganizationsStatement();

/// Another application of the edition under the code that was submitted once; '' when there is
/// none.
std::string organizationWithCode(const hub::Snapshot& snapshot,
                                 std::string_view edition,
                                 std::string_view social_credit_code,
                                 std::string_view except_organization_id);

struct HistoryEntry {
    Step step;
    std::int64_t at_ms = 0;
};

std::vector<HistoryEntry> historyOf(const hub::Snapshot& snapshot, std::string_view subject);

} // namespace registration
