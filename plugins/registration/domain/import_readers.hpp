// Rows of an imported file as documents: read by the same checks as the forms, and judged as far as
// that needs no table. Whatever a row gets wrong is named; a row with errors is imported by nobody.
#pragma once

#include "domain/import_columns.hpp"
#include "domain/import_report.hpp"
#include "domain/records.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <uploads/table.hpp>

namespace registration {

/// What only the unit knows that begins the import.
struct ImportFacts {
    ImportKind kind = ImportKind::Persons;
    std::string edition;
    std::optional<Json> pack;            // nothing of a past edition
    std::string today;                   // in Shanghai, "2026-11-23"
    std::vector<Delegation> delegations; // of the edition
    std::string address_id;              // where the organization's couriers go
    bool is_own = false;                 // an organization's own persons
};
Json toJson(const ImportFacts& facts);
ImportFacts readImportFacts(const Json& json);

/// Reads the rows of one file, in their order.
class ImportReader {
public:
    explicit ImportReader(ImportFacts facts);

    std::vector<ImportColumn> columns() const;
    /// The row as it is staged; its errors go to `report`.
    Json read(const uploads::Row& row, ImportReport& report);

private:
    /// One thing stands once in a file: an error at `field` names the line where it stood first.
    void keepOnce(const uploads::Row& row,
                  std::string_view field,
                  const std::string& key,
                  ImportReport& report);
    /// A node follows its parent, which is of the level above.
    void checkParent(const uploads::Row& row, const Json& document, ImportReport& report);
    Json readDelegation(const uploads::Row& row, ImportReport& report);
    Json readIndustry(const uploads::Row& row, ImportReport& report);
    Json readQuota(const uploads::Row& row, ImportReport& report);
    Json readOrganization(const uploads::Row& row, ImportReport& report);
    Json readPerson(const uploads::Row& row, ImportReport& report);
    /// By the form's checks; a past edition asks only who it was.
    void fillPerson(const uploads::Row& row, Person& person, ImportReport& report) const;

    ImportFacts facts_;
    std::optional<Edition> rules_;
    std::map<std::string, std::uint32_t> lines_; // of keys
    std::map<std::string, int> levels_;          // of nodes that may be parents
};

/// The same id for the same code of an edition, wherever it is imported: identity's past log-ins
/// find their organization by it.
std::string importedOrganizationId(std::string_view edition, std::string_view social_credit_code);

} // namespace registration
