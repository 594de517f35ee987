// The beginning of an import: what the check in the task has to know, and what becomes of its
// report.
#pragma once

#include "domain/import_columns.hpp"
#include "flow/work.hpp"
#include "store/import_rows.hpp"

#include <optional>
#include <string>

#include <requests/answers.hpp>

namespace registration {

struct ImportWish {
    ImportKind kind = ImportKind::Persons;
    std::string edition;
    std::string organization_id = {}; // '' of an operator's
    bool is_dry = false;
    std::string consent = {}; // of persons to what is sensitive: the version; '' of past data
};

/// Why no such import can begin now.
std::optional<requests::Refusal> refuseImport(const Work& work, const ImportWish& wish);

/// The work of checkImport on the uploaded file.
Json checkOf(const Work& work, const ImportWish& wish, const Json& upload);

/// Begins the job; `checked` has no errors. Also of a dry run, since only the tables know whether
/// an organization is there and a document is free.
Import begin(const Work& work, const ImportWish& wish, const Json& checked);

/// What became of it, with its progress: {"import_id", "kind", "state", "total", "position",
/// "known", "errors_total", "errors", …}.
Json shownImport(const hub::Snapshot& snapshot, const Import& import);

} // namespace registration
