// Erasures as rows: which records are about the same human, and whose documents must not come back.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// What finds and drops them, for a test of the plans.
std::vector<std::string> erasureStatements();

/// Ids with the same document, in any edition and of any organization; this one is the first.
std::vector<std::string> personsOfSameDocument(const hub::Snapshot& snapshot,
                                               std::string_view person_id);
/// Ids of whom this one was brought from or into, whatever their documents.
std::vector<std::string> linkedPersons(const hub::Snapshot& snapshot, std::string_view person_id);
/// Ids of rows with the same document that an import has staged.
std::vector<std::string> stagedPersonsOf(const hub::Snapshot& snapshot, std::string_view person_id);
/// With what stands for it where it will be read.
void dropStagedPerson(const hub::Unit& unit, std::string_view staged_person_id);
/// Whether an organization brings this row in: its person is applied for anew.
bool isAppliedFor(const hub::Snapshot& snapshot, std::string_view staged_person_id);

/// By the row's own index: after a restore nobody can read the document any more. Of several
/// erasures the last counts; 0 stands for one whose time is not known.
void keepErasedDocument(const hub::Unit& unit, std::string_view person_id, std::int64_t erased_ms);
/// When somebody with this document was erased; nothing when nobody was.
std::optional<std::int64_t> documentErasedMs(const hub::Snapshot& snapshot,
                                             std::string_view document_key);

} // namespace registration
