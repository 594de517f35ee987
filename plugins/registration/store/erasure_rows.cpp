#include "store/erasure_rows.hpp"

#include "store/rows.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

constexpr std::string_view kSameDocument =
    "SELECT person_id FROM registration_person WHERE partition = 0 "
    "AND document_index IS NOT NULL AND document_index = "
    "(SELECT document_index FROM registration_person "
    "WHERE partition = 0 AND person_id = ?) ORDER BY created_ms, person_id";
constexpr std::string_view kBroughtFrom =
    "SELECT past_person_id FROM registration_person WHERE partition = 0 "
    "AND person_id = ? AND past_person_id <> ''";
constexpr std::string_view kBroughtInto =
    "SELECT person_id FROM registration_person WHERE partition = 0 "
    "AND past_person_id = ? AND past_person_id <> '' ORDER BY created_ms, person_id";
constexpr std::string_view kStaged = "SELECT s.person_id FROM registration_import_person s "
                                     "JOIN registration_person p ON p.partition = s.partition "
                                     "AND p.document_index = s.document_index "
                                     "WHERE p.partition = 0 AND p.person_id = ?";
constexpr std::array<std::string_view, 3> kDropStaged = {
    "DELETE FROM registration_search WHERE partition = 0 AND person_id = ?",
    "DELETE FROM registration_history WHERE partition = 0 AND subject = ?",
    "DELETE FROM registration_import_person WHERE partition = 0 AND person_id = ?"};

std::vector<std::string>
idsOf(const hub::Snapshot& snapshot, std::string_view sql, std::string_view person_id)
{
    std::vector<std::string> ids;
    snapshot.query(sql, {person_id}, [&ids](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids;
}

} // namespace

std::vector<std::string> erasureStatements()
{
    std::vector<std::string> all(kDropStaged.begin(), kDropStaged.end());
    for (const std::string_view sql : {kSameDocument, kBroughtFrom, kBroughtInto, kStaged}) {
        all.emplace_back(sql);
    }
    return all;
}

std::vector<std::string> personsOfSameDocument(const hub::Snapshot& snapshot,
                                               std::string_view person_id)
{
    auto ids = idsOf(snapshot, kSameDocument, person_id);
    std::erase(ids, person_id);
    ids.emplace(ids.begin(), person_id);
    return ids;
}

std::vector<std::string> linkedPersons(const hub::Snapshot& snapshot, std::string_view person_id)
{
    auto ids = idsOf(snapshot, kBroughtFrom, person_id);
    const auto brought = idsOf(snapshot, kBroughtInto, person_id);
    ids.insert(ids.end(), brought.begin(), brought.end());
    return ids;
}

std::vector<std::string> stagedPersonsOf(const hub::Snapshot& snapshot, std::string_view person_id)
{
    return idsOf(snapshot, kStaged, person_id);
}

void dropStagedPerson(const hub::Unit& unit, std::string_view staged_person_id)
{
    for (const std::string_view sql : kDropStaged) {
        unit.execute(sql, {staged_person_id});
    }
}

bool isAppliedFor(const hub::Snapshot& snapshot, std::string_view staged_person_id)
{
    bool found = false;
    // CROSS, so that SQLite begins with the person and not with all imports.
    snapshot.query("SELECT 1 FROM registration_import_person s CROSS JOIN registration_import i "
                   "WHERE s.partition = 0 AND s.person_id = ? AND i.partition = s.partition "
                   "AND i.import_id = s.import_id AND i.organization_id <> ''",
                   {staged_person_id},
                   [&found](const hub::Row&) { found = true; });
    return found;
}

void keepErasedDocument(const hub::Unit& unit, std::string_view person_id, std::int64_t erased_ms)
{
    unit.execute("INSERT INTO registration_erased_document (partition, document_index, erased_ms) "
                 "SELECT 0, document_index, ? FROM registration_person WHERE partition = 0 "
                 "AND person_id = ? AND document_index IS NOT NULL "
                 "ON CONFLICT (partition, document_index) DO UPDATE "
                 "SET erased_ms = excluded.erased_ms "
                 "WHERE registration_erased_document.erased_ms < excluded.erased_ms",
                 {erased_ms, person_id});
}

std::optional<std::int64_t> documentErasedMs(const hub::Snapshot& snapshot,
                                             std::string_view document_key)
{
    const std::string index = documentIndex(snapshot, document_key);
    std::optional<std::int64_t> erased_ms;
    snapshot.query("SELECT erased_ms FROM registration_erased_document WHERE partition = 0 "
                   "AND document_index = ?",
                   {hub::Blob{index}},
                   [&](const hub::Row& row) { erased_ms = row.integer(0); });
    return erased_ms;
}

} // namespace registration
