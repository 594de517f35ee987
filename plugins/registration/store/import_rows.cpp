#include "store/import_rows.hpp"

#include "store/rows.hpp"
#include "store/search_rows.hpp"

#include <array>
#include <utility>

namespace registration {

using requests::Json;

namespace {

constexpr std::string_view kColumns =
    "SELECT import_id, edition, organization_id, kind, job_id, state, total, known, errors, "
    "begun_by, begun_ms, ended_ms, is_dry, consent FROM registration_import WHERE partition = 0 "
    "AND ";

constexpr std::string_view kStagedPersons =
    " FROM registration_import_person s JOIN registration_organization o "
    "ON o.partition = s.partition AND o.organization_id = s.organization_id "
    "WHERE s.partition = 0 AND s.import_id = ? ";
constexpr std::string_view kStagedOrganizations =
    " FROM registration_import_organization o WHERE o.partition = 0 AND o.import_id = ? ";

// Led by what is staged: asked whether a person is one of those, SQLite walks all persons.
constexpr std::string_view kBringPhotos =
    "UPDATE registration_person SET photo = s.photo, photo_key = s.photo_key, "
    "revision = revision + 1, changed_ms = ? FROM registration_import_photo s "
    "WHERE s.partition = 0 AND s.import_id = ? AND registration_person.partition = 0 "
    "AND registration_person.person_id = s.person_id AND state = ?";

constexpr std::string_view kCount =
    "INSERT INTO registration_count (partition, edition, node_kind, node_id, what, state, n) ";
constexpr std::string_view kCountMore =
    " ON CONFLICT (partition, edition, node_kind, node_id, what, state) "
    "DO UPDATE SET n = registration_count.n + excluded.n";

/// Nodes below the edition, and the columns that name them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNodes = {
    {{"delegation", "o.delegation_id"},
     {"sub_delegation", "o.sub_delegation_id"},
     {"organization", "o.organization_id"}}};

Import readImport(const hub::Row& row)
{
    Import import;
    import.import_id = row.text(0);
    import.edition = row.text(1);
    import.organization_id = row.text(2);
    import.kind = row.text(3);
    import.job_id = row.text(4);
    import.state = row.text(5);
    import.total = row.integer(6);
    import.known = row.integer(7);
    import.errors = row.integer(8);
    import.begun_by = row.text(9);
    import.begun_ms = row.integer(10);
    import.ended_ms = row.integer(11);
    import.is_dry = row.integer(12) != 0;
    import.consent = row.text(13);
    return import;
}

/// One more of `what` at every node, for each staged row: one statement a level, however many.
void count(const hub::Unit& unit,
           const Import& import,
           std::string_view what,
           std::string_view state,
           std::string_view staged)
{
    unit.execute(std::string(kCount) + "SELECT 0, ?, 'edition', ?, ?, ?, COUNT(*)" +
                     std::string(staged) + "HAVING COUNT(*) > 0" + std::string(kCountMore),
                 {import.edition, import.edition, what, state, import.import_id});
    for (const auto& [kind, column] : kNodes) {
        const std::string name{column};
        unit.execute(std::string(kCount) + "SELECT 0, ?, ?, " + name + ", ?, ?, COUNT(*)" +
                         std::string(staged) + "AND " + name + " <> '' GROUP BY " + name +
                         std::string(kCountMore),
                     {import.edition, kind, what, state, import.import_id});
    }
}

void dropPersons(const hub::Unit& unit, std::string_view import_id)
{
    for (const char* table_and_column : {"registration_search WHERE partition = 0 AND person_id",
                                         "registration_history WHERE partition = 0 AND subject"}) {
        unit.execute("DELETE FROM " + std::string(table_and_column) +
                         " IN (SELECT person_id FROM registration_import_person "
                         "WHERE partition = 0 AND import_id = ?)",
                     {import_id});
    }
}

void dropPages(const hub::Unit& unit, std::string_view import_id)
{
    unit.execute("DELETE FROM registration_page WHERE partition = 0 AND organization_id IN "
                 "(SELECT organization_id FROM registration_import_organization "
                 "WHERE partition = 0 AND import_id = ?) AND organization_id NOT IN "
                 "(SELECT o.organization_id FROM registration_organization o "
                 "JOIN registration_import_organization s ON s.partition = o.partition "
                 "AND s.organization_id = o.organization_id "
                 "WHERE o.partition = 0 AND s.import_id = ?)",
                 {import_id, import_id});
}

} // namespace

std::optional<Import> findImport(const hub::Snapshot& snapshot, std::string_view import_id)
{
    std::optional<Import> found;
    snapshot.query(std::string(kColumns) + "import_id = ?", {import_id}, [&](const hub::Row& row) {
        found = readImport(row);
    });
    return found;
}

std::optional<Import> runningImport(const hub::Snapshot& snapshot,
                                    std::string_view edition,
                                    std::string_view organization_id,
                                    std::string_view kind)
{
    std::optional<Import> found;
    snapshot.query(std::string(kColumns) +
                       "organization_id = ? AND edition = ? AND kind = ? AND state = 'running'",
                   {organization_id, edition, kind},
                   [&](const hub::Row& row) { found = readImport(row); });
    return found;
}

std::vector<Import> importsOf(const hub::Snapshot& snapshot, std::string_view organization_id)
{
    std::vector<Import> imports;
    snapshot.query(std::string(kColumns) +
                       "organization_id = ? ORDER BY begun_ms DESC, import_id DESC LIMIT 50",
                   {organization_id},
                   [&](const hub::Row& row) { imports.push_back(readImport(row)); });
    return imports;
}

std::vector<ImportError> errorsOf(const hub::Snapshot& snapshot, std::string_view import_id)
{
    std::vector<ImportError> errors;
    snapshot.query("SELECT line, place, code, reason_en, reason_zh FROM registration_import_error "
                   "WHERE partition = 0 AND import_id = ? ORDER BY n",
                   {import_id},
                   [&](const hub::Row& row) {
                       errors.push_back({static_cast<std::uint32_t>(row.integer(0)),
                                         row.text(1),
                                         row.text(2),
                                         {row.text(3), row.text(4)}});
                   });
    return errors;
}

void insertImport(const hub::Unit& unit, const Import& import)
{
    unit.execute("INSERT INTO registration_import (partition, import_id, edition, "
                 "organization_id, kind, job_id, state, total, known, errors, begun_by, begun_ms, "
                 "ended_ms, is_dry, consent) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {import.import_id,
                  import.edition,
                  import.organization_id,
                  import.kind,
                  import.job_id,
                  import.state,
                  import.total,
                  import.known,
                  import.errors,
                  import.begun_by,
                  import.begun_ms,
                  import.ended_ms,
                  std::int64_t{import.is_dry},
                  import.consent});
}

void updateImport(const hub::Unit& unit, const Import& import)
{
    unit.execute("UPDATE registration_import SET state = ?, known = ?, errors = ?, ended_ms = ? "
                 "WHERE partition = 0 AND import_id = ?",
                 {import.state, import.known, import.errors, import.ended_ms, import.import_id});
}

void addError(const hub::Unit& unit,
              std::string_view import_id,
              std::int64_t n,
              const ImportError& error)
{
    unit.execute("INSERT INTO registration_import_error (partition, import_id, n, line, place, "
                 "code, reason_en, reason_zh) VALUES (0, ?, ?, ?, ?, ?, ?, ?)",
                 {import_id,
                  n,
                  std::int64_t{error.line},
                  error.column,
                  error.code,
                  error.reason.en,
                  error.reason.zh});
}

void stageRow(const hub::Unit& unit, std::string_view import_id, const StagedRow& row)
{
    unit.execute("INSERT INTO registration_import_row (partition, import_id, line, document) "
                 "VALUES (0, ?, ?, ?)",
                 {import_id, row.line, row.document.dump()});
}

std::vector<StagedRow> stagedRows(const hub::Snapshot& snapshot, std::string_view import_id)
{
    std::vector<StagedRow> rows;
    snapshot.query("SELECT line, document FROM registration_import_row "
                   "WHERE partition = 0 AND import_id = ? ORDER BY line",
                   {import_id},
                   [&](const hub::Row& row) {
                       rows.push_back({row.integer(0), Json::parse(row.text(1))});
                   });
    return rows;
}

void stageOrganization(const hub::Unit& unit,
                       std::string_view import_id,
                       std::int64_t line,
                       const Organization& organization)
{
    unit.execute("INSERT INTO registration_import_organization (partition, import_id, "
                 "organization_id, line, region, class, name, social_credit_code, delegation_id, "
                 "sub_delegation_id) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                 {import_id,
                  organization.organization_id,
                  line,
                  organization.region,
                  organization.organization_class,
                  organization.name,
                  organization.social_credit_code,
                  organization.delegation_id,
                  organization.sub_delegation_id});
}

void stagePerson(const hub::Unit& unit,
                 std::string_view import_id,
                 std::int64_t line,
                 const Person& person)
{
    const SealedPerson columns(unit, person);
    unit.execute(
        "INSERT INTO registration_import_person (partition, import_id, person_id, line, "
        "organization_id, kind, reason, category, admission_period, delivery_method, "
        "address_id, document_index, document, summary, created_ms) "
        "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {import_id,
         person.person_id,
         line,
         person.organization_id,
         person.kind,
         person.reason,
         person.category,
         person.admission_period,
         person.delivery_method,
         person.address_id,
         columns.index.empty() ? hub::Parameter{nullptr} : hub::Parameter{hub::Blob{columns.index}},
         hub::Blob{columns.document},
         hub::Blob{columns.summary},
         person.created_ms});
}

void bringOrganizations(const hub::Unit& unit, const Import& import)
{
    const std::string_view archived = toText(OrganizationState::Archived);
    unit.execute("INSERT INTO registration_organization (partition, organization_id, edition, "
                 "region, class, name, social_credit_code, delegation_id, sub_delegation_id, "
                 "referral_code, purposes, past_organization_id, licence, state, reason, "
                 "revision, created_ms, submitted_ms, decided_ms, decided_by) "
                 "SELECT 0, o.organization_id, ?, o.region, o.class, o.name, "
                 "o.social_credit_code, o.delegation_id, o.sub_delegation_id, '', '[]', '', "
                 "'none', ?, '', 1, ?, 0, 0, ''" +
                     std::string(kStagedOrganizations),
                 {import.edition, archived, unit.nowMs(), import.import_id});
    count(unit, import, "organization", archived, kStagedOrganizations);
}

void bringPersons(const hub::Unit& unit, const Import& import, PersonState state)
{
    unit.execute("INSERT INTO registration_person (partition, person_id, edition, "
                 "organization_id, delegation_id, sub_delegation_id, kind, state, reason, "
                 "category, order_id, admission_period, delivery_method, address_id, reuse, "
                 "upgraded, past_person_id, live, document_index, document, summary, photo, "
                 "photo_key, declared_ms, revision, created_ms, submitted_ms, changed_ms) "
                 "SELECT 0, s.person_id, o.edition, s.organization_id, o.delegation_id, "
                 "o.sub_delegation_id, s.kind, ?, s.reason, s.category, '', s.admission_period, "
                 "s.delivery_method, s.address_id, 0, 0, '', ?, s.document_index, s.document, "
                 "s.summary, '', NULL, 0, 1, s.created_ms, 0, s.created_ms" +
                     std::string(kStagedPersons),
                 {toText(state), std::int64_t{isLive(state)}, import.import_id});
    count(unit, import, "person", toText(state), kStagedPersons);
}

void bringConsents(const hub::Unit& unit, const Import& import, std::string_view kind)
{
    const std::string version = import.consent == kBeforeAnyText ? "" : import.consent;
    unit.execute("INSERT INTO registration_consent "
                 "(partition, subject, kind, version, given_by, given_ms, withdrawn_ms) "
                 "SELECT 0, s.person_id, ?, ?, ?, ?, 0" +
                     std::string(kStagedPersons),
                 {kind, version, import.begun_by, import.begun_ms, import.import_id});
}

bool stagePhoto(const hub::Unit& unit,
                std::string_view import_id,
                std::int64_t line,
                const Person& person)
{
    const SealedPerson columns(unit, person);
    return unit.execute(
               "INSERT INTO registration_import_photo "
               "(partition, import_id, person_id, line, photo, photo_key) "
               "VALUES (0, ?, ?, ?, ?, ?) "
               "ON CONFLICT (partition, import_id, person_id) DO NOTHING",
               {import_id, person.person_id, line, person.photo, hub::Blob{columns.photo_key}}) !=
           0;
}

std::vector<std::string> personsWithTerm(const hub::Snapshot& snapshot,
                                         std::string_view edition,
                                         std::string_view organization_id,
                                         std::string_view term)
{
    const std::string index = searchIndex(snapshot, term);
    std::vector<std::string> ids;
    snapshot.query("SELECT p.person_id FROM registration_search s JOIN registration_person p "
                   "ON p.partition = s.partition AND p.person_id = s.person_id "
                   "WHERE s.partition = 0 AND s.edition = ? AND s.term = ? "
                   "AND (? = '' OR p.organization_id = ?)",
                   {edition, hub::Blob{index}, organization_id, organization_id},
                   [&](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids;
}

bool bringPhotos(const hub::Unit& unit,
                 const Import& import,
                 PersonState state,
                 std::string_view actor)
{
    const std::string staged = "FROM registration_import_photo s WHERE s.partition = 0 "
                               "AND s.import_id = ? ";
    std::int64_t wanted = 0;
    unit.query("SELECT COUNT(*) " + staged, {import.import_id}, [&](const hub::Row& row) {
        wanted = row.integer(0);
    });
    unit.execute("INSERT INTO registration_history (partition, subject, seq, event, "
                 "state_before, state_after, reason, actor, at_ms) "
                 "SELECT 0, s.person_id, COALESCE((SELECT MAX(h.seq) FROM registration_history h "
                 "WHERE h.partition = 0 AND h.subject = s.person_id), 0) + 1, 'import_photo', "
                 "?, ?, '', ?, ? " +
                     staged,
                 {toText(state), toText(state), actor, unit.nowMs(), import.import_id});
    return unit.execute(kBringPhotos, {unit.nowMs(), import.import_id, toText(state)}) == wanted;
}

std::string_view bringPhotosStatement()
{
    return kBringPhotos;
}

std::int64_t lineOfTaken(const hub::Snapshot& snapshot, const Import& import)
{
    std::int64_t line = 0;
    snapshot.query("SELECT s.line FROM registration_import_person s JOIN registration_person p "
                   "ON p.partition = s.partition AND p.edition = ? "
                   "AND p.document_index = s.document_index AND p.live = 1 "
                   "WHERE s.partition = 0 AND s.import_id = ? ORDER BY s.line DESC",
                   {import.edition, import.import_id},
                   [&](const hub::Row& row) { line = row.integer(0); });
    return line;
}

void unstage(const hub::Unit& unit, std::string_view import_id, bool drops)
{
    if (drops) {
        dropPersons(unit, import_id);
        dropPages(unit, import_id);
    }
    for (const char* table : {"registration_import_row",
                              "registration_import_organization",
                              "registration_import_person",
                              "registration_import_photo"}) {
        unit.execute("DELETE FROM " + std::string(table) + " WHERE partition = 0 AND import_id = ?",
                     {import_id});
    }
}

std::optional<Holder> findHolder(const hub::Snapshot& snapshot,
                                 std::string_view edition,
                                 std::string_view document_key,
                                 bool live_only)
{
    const std::string index = documentIndex(snapshot, document_key);
    std::optional<Holder> found;
    snapshot.query("SELECT person_id, organization_id, live FROM registration_person "
                   "WHERE partition = 0 AND edition = ? AND document_index = ? AND live >= ? "
                   "ORDER BY live",
                   {edition, hub::Blob{index}, std::int64_t{live_only}},
                   [&](const hub::Row& row) {
                       found = Holder{row.text(0), row.text(1), row.integer(2) != 0};
                   });
    return found;
}

std::optional<std::string> findOrganizationId(const hub::Snapshot& snapshot,
                                              std::string_view edition,
                                              std::string_view id_or_code)
{
    std::optional<std::string> found;
    const auto take = [&](const hub::Row& row) {
        found = row.text(0);
    };
    snapshot.query("SELECT organization_id FROM registration_organization "
                   "WHERE partition = 0 AND organization_id = ? AND edition = ?",
                   {id_or_code, edition},
                   take);
    if (!found) {
        snapshot.query("SELECT organization_id FROM registration_organization "
                       "WHERE partition = 0 AND edition = ? AND social_credit_code = ? "
                       "AND social_credit_code <> ''",
                       {edition, id_or_code},
                       take);
    }
    return found;
}

} // namespace registration
