// What can be imported, and which columns a file of it has. A header cell is the column's title in
// either language, or its name.
#pragma once

#include "domain/edition.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <uploads/table.hpp>

namespace registration {

/// Photos come as an archive and have no columns.
enum class ImportKind { Delegations, Industries, Quotas, Organizations, Persons, Photos };

/// "delegations"; find gives nothing for any other word.
std::string_view toText(ImportKind kind);
std::optional<ImportKind> findImportKind(std::string_view name);

struct ImportColumn {
    std::string name;
    Words title;
    bool is_required = false; // the column; a cell may be empty where its row needs none
};

/// Of the operator's files; those of persons name their organization.
std::vector<ImportColumn> importColumns(ImportKind kind);
/// Of an organization's own file of persons: what its edition asks of any kind of person.
std::vector<ImportColumn> personColumns(const Edition& edition);

std::vector<uploads::Column> tableColumns(const std::vector<ImportColumn>& columns);

} // namespace registration
