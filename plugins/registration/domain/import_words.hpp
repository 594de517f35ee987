// Cells of an imported file that hold a word of ours: a choice by its id or by its title in either
// language, a group by its id or name.
#pragma once

#include "domain/import_report.hpp"
#include "domain/records.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <uploads/table.hpp>

namespace registration {

/// Of [{"value", "title": {"en", "zh"}}]; case does not matter.
std::optional<std::string> findChoice(const requests::Json& choices, std::string_view text);

/// "是", "yes", "true" and "1"; an empty cell is no.
std::optional<bool> readYes(std::string_view text);

/// By id or by name, at the level of `parent_id` ('' for delegations).
const Delegation*
findGroup(const std::vector<Delegation>& groups, std::string_view parent_id, std::string_view text);

/// "a-z0-9_-", as ids of groups are written.
bool isGroupId(std::string_view text) noexcept;

/// Missing in the cell's column; true when it is there.
bool require(const uploads::Row& row, std::string_view field, ImportReport& report);
void refuse(const uploads::Row& row,
            std::string_view field,
            std::string code,
            requests::Words reason,
            ImportReport& report);

} // namespace registration
