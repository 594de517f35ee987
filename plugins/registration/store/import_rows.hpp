// Imports as values: what runs, what it found wrong, and the rows that are staged until all of them
// count at one stroke.
#pragma once

#include "domain/import_report.hpp"
#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

inline constexpr const char* kImportRunning = "running";
inline constexpr const char* kImportDone = "done";
inline constexpr const char* kImportChecked = "checked"; // a dry run without errors
inline constexpr const char* kImportRefused = "refused";
inline constexpr const char* kImportFailed = "failed";

/// The persons have agreed, but the organizer had put no text when the file came in. It is longer
/// than a version can be.
inline constexpr const char* kBeforeAnyText = "(agreed before the organizer had put a text)";

struct Import {
    std::string import_id;
    std::string edition;
    std::string organization_id; // '' of an operator's
    std::string kind;
    std::string job_id;
    std::string state = kImportRunning;
    std::int64_t total = 0;
    std::int64_t known = 0;
    std::int64_t errors = 0;
    std::string begun_by;
    std::int64_t begun_ms = 0;
    std::int64_t ended_ms = 0;
    bool is_dry = false; // judged, and brought in by nobody
    // The version that all persons agreed to, or kBeforeAnyText; '' of past data.
    std::string consent;
};

std::optional<Import> findImport(const hub::Snapshot& snapshot, std::string_view import_id);
/// The one that runs; there is one of a kind at a time, so that none finds the other's rows.
std::optional<Import> runningImport(const hub::Snapshot& snapshot,
                                    std::string_view edition,
                                    std::string_view organization_id,
                                    std::string_view kind);
/// The newest first, at most 50.
std::vector<Import> importsOf(const hub::Snapshot& snapshot, std::string_view organization_id);
std::vector<ImportError> errorsOf(const hub::Snapshot& snapshot, std::string_view import_id);

void insertImport(const hub::Unit& unit, const Import& import);
/// Its state and counts.
void updateImport(const hub::Unit& unit, const Import& import);
/// The n-th error.
void addError(const hub::Unit& unit,
              std::string_view import_id,
              std::int64_t n,
              const ImportError& error);

/// Of delegations, industries and quotas the row; of persons who are known, what comes to them. Not
/// personal.
struct StagedRow {
    std::int64_t line = 0;
    requests::Json document;
};
void stageRow(const hub::Unit& unit, std::string_view import_id, const StagedRow& row);
std::vector<StagedRow> stagedRows(const hub::Snapshot& snapshot, std::string_view import_id);

void stageOrganization(const hub::Unit& unit,
                       std::string_view import_id,
                       std::int64_t line,
                       const Organization& organization);
/// Its person has an id and is in no other table.
void stagePerson(const hub::Unit& unit,
                 std::string_view import_id,
                 std::int64_t line,
                 const Person& person);

/// The person's new photo; `photo_key` opens it. False: it has one of this import already.
bool stagePhoto(const hub::Unit& unit,
                std::string_view import_id,
                std::int64_t line,
                const Person& person);
std::vector<std::string> personsWithTerm(const hub::Snapshot& snapshot,
                                         std::string_view edition,
                                         std::string_view organization_id,
                                         std::string_view term);

/// All that is staged, counted, in the state that is given.
void bringOrganizations(const hub::Unit& unit, const Import& import);
void bringPersons(const hub::Unit& unit, const Import& import, PersonState state);
/// Each of the staged persons has agreed to the import's version, when it began.
void bringConsents(const hub::Unit& unit, const Import& import, std::string_view kind);
/// False when somebody's state is no longer this one; then the unit must not commit.
bool bringPhotos(const hub::Unit& unit,
                 const Import& import,
                 PersonState state,
                 std::string_view actor);
/// For a test of its plan.
std::string_view bringPhotosStatement();
/// A line whose document somebody has used since it was staged; 0 when there is none.
std::int64_t lineOfTaken(const hub::Snapshot& snapshot, const Import& import);

/// Nothing is staged any more; with `drops`, also what stands elsewhere for it.
void unstage(const hub::Unit& unit, std::string_view import_id, bool drops);

/// Who has the document in this edition, live or not.
struct Holder {
    std::string person_id;
    std::string organization_id;
    bool is_live = false;
};
std::optional<Holder> findHolder(const hub::Snapshot& snapshot,
                                 std::string_view edition,
                                 std::string_view document_key,
                                 bool live_only);

/// By id, or by social credit code within the edition.
std::optional<std::string> findOrganizationId(const hub::Snapshot& snapshot,
                                              std::string_view edition,
                                              std::string_view id_or_code);

} // namespace registration
