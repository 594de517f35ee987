#include "flow/import_staging.hpp"

#include "domain/import_columns.hpp"
#include "domain/search_terms.hpp"
#include "flow/consents.hpp"
#include "flow/erasure.hpp"
#include "flow/import_photos.hpp"
#include "flow/person_subjects.hpp"
#include "flow/quotas.hpp"
#include "flow/rule.hpp"
#include "store/catalog_rows.hpp"
#include "store/edition_rows.hpp"
#include "store/erasure_rows.hpp"
#include "store/search_rows.hpp"

#include <hub/ids.hpp>

namespace registration {

using requests::Refusal;
using requests::textOf;

namespace {

using Outcome = std::variant<Staged, ImportError>;

std::int64_t lineOf(const Json& row)
{
    return row.at("line").get<std::int64_t>();
}

/// Ids of one unit in the order of the file: lists sort by them (RFC 9562, 6.2).
std::string drawIdInOrder(const Work& work, std::size_t n)
{
    std::string random = work.unit().random(10);
    random[0] = static_cast<char>(n >> 8 & 0x0FU);
    random[1] = static_cast<char>(n & 0xFFU);
    return hub::makeUuidV7(work.nowMs(), random);
}

bool isNode(const Work& work, const Import& import, const Json& row)
{
    const std::string kind = textOf(row, "node_kind");
    const std::string id = textOf(row, "node_id");
    if (kind == "edition") {
        return id == import.edition;
    }
    const auto found = findDelegation(work.unit(), import.edition, id);
    return (kind == "delegation" && id == kNoDelegation) ||
           (found && found->parent_id.empty() == (kind == "delegation"));
}

Outcome takePlain(const Work& work, const Import& import, const Json& row, bool writes)
{
    if (import.kind == toText(ImportKind::Quotas) && !isNode(work, import, row)) {
        return errorAt(textOf(row.at("at"), "node_id"),
                       "node_unknown",
                       {"This edition has no such group; import the delegations first.",
                        "该届没有该交易（分）团，请先导入交易团。"});
    }
    if (writes) {
        stageRow(work.unit(), import.import_id, {lineOf(row), row});
    }
    return Staged::New;
}

void putPages(const Work& work, const Organization& organization, const Json& row)
{
    Json page = {{"name", organization.name}};
    if (!organization.social_credit_code.empty()) {
        page["social_credit_code"] = organization.social_credit_code;
    }
    if (organization.delegation_id != kNoDelegation) {
        page["delegation_id"] = organization.delegation_id;
        page["sub_delegation_id"] = organization.sub_delegation_id;
    }
    const auto put = [&](const char* name, Json document) {
        work.rows().put(organization.organization_id, {name, 1, std::move(document), work.nowMs()});
    };
    put("organization", std::move(page));
    if (const Json& contact = row.at("contact"); !contact.empty()) {
        put("contacts", {{"contacts", Json::array({contact})}});
    }
}

Outcome takeOrganization(const Work& work, const Import& import, const Json& row, bool writes)
{
    Organization organization;
    organization.organization_id = textOf(row, "organization_id");
    organization.edition = import.edition;
    organization.social_credit_code = textOf(row, "social_credit_code");
    const auto stored = work.rows().organization(organization.organization_id);
    if (stored && stored->edition != import.edition) {
        return ImportError{static_cast<std::uint32_t>(lineOf(row)),
                           "",
                           "organization_id_taken",
                           {"This id is one of another edition; leave it empty.",
                            "该编号已用于其他届次，请留空。"}};
    }
    if (stored ||
        (!organization.social_credit_code.empty() &&
         findOrganizationId(work.unit(), import.edition, organization.social_credit_code))) {
        return Staged::Known;
    }
    if (writes) {
        organization.region = textOf(row, "region");
        organization.organization_class = textOf(row, "class");
        organization.name = textOf(row, "name");
        organization.delegation_id = textOf(row, "delegation_id");
        organization.sub_delegation_id = textOf(row, "sub_delegation_id");
        stageOrganization(work.unit(), import.import_id, lineOf(row), organization);
        putPages(work, organization, row);
    }
    return Staged::New;
}

Person personOfRow(const Work& work, const Json& row, std::size_t n)
{
    Person person;
    person.person_id = drawIdInOrder(work, n);
    person.kind = textOf(row, "kind");
    person.reason = textOf(row, "reason");
    person.category = textOf(row, "category");
    person.admission_period = textOf(row, "admission_period");
    person.delivery_method = textOf(row, "delivery_method");
    person.address_id = textOf(row, "address_id");
    person.document = row.at("document");
    person.document_key = textOf(person.document, "document_key");
    person.summary = row.at("summary");
    person.created_ms = work.nowMs();
    return person;
}

ImportError documentTaken(const Json& row)
{
    return errorAt(textOf(row.at("at"), "document_number"),
                   "document_taken",
                   {"This person can't be registered with this document; correct it, or ask the "
                    "hotline.",
                    "该证件无法用于报名，请更正或咨询服务热线。"});
}

ImportError personErased(const Json& row)
{
    return errorAt(
        textOf(row.at("at"), "document_number"),
        "person_erased",
        {"The data of this person were erased while the file was read; take the line out, "
         "or import the file again if the person wants to be registered.",
         "该人员的信息在导入期间已被删除，请去掉该行；如本人仍需报名，请重新导入。"});
}

/// What becomes of a line whose person was erased; nothing when it comes in: what a past edition
/// kept was erased for ever, and to an edition that runs nobody comes back by a line from before.
std::optional<Outcome>
judgeErased(const Work& work, const Import& import, const Json& row, const Person& person)
{
    const auto erased_ms = documentErasedMs(work.unit(), person.document_key);
    if (!erased_ms) {
        return std::nullopt;
    }
    if (import.organization_id.empty()) {
        return Staged::Known;
    }
    return *erased_ms >= import.begun_ms ? std::optional<Outcome>(personErased(row)) : std::nullopt;
}

bool lacksResult(const Person& known)
{
    return known.state == PersonState::Archived && known.reason.empty() && !isErased(known);
}

/// How the edition ended comes in where nobody knows it yet; all else of who is known stays.
Outcome takeResult(const Work& work,
                   const Import& import,
                   const Json& row,
                   const Person& person,
                   const std::string& known_id,
                   bool writes)
{
    const Person known = work.rows().person(known_id).value();
    if (person.reason.empty() || !lacksResult(known) ||
        known.organization_id != person.organization_id) {
        return Staged::Known;
    }
    if (writes) {
        stageRow(work.unit(),
                 import.import_id,
                 {lineOf(row), {{"person_id", known_id}, {"reason", person.reason}}});
    }
    return Staged::New;
}

/// What becomes of a line whose document somebody has; nothing when it is free.
std::optional<Outcome> judgeHolder(
    const Work& work, const Import& import, const Json& row, const Person& person, bool writes)
{
    const bool is_own = !import.organization_id.empty();
    const auto holder = findHolder(work.unit(), import.edition, person.document_key, is_own);
    if (!holder) {
        return std::nullopt;
    }
    if (!is_own) {
        return takeResult(work, import, row, person, holder->person_id, writes);
    }
    if (writes ? freesDocument(work, holder->person_id)
               : isErased(work.rows().person(holder->person_id).value())) {
        return std::nullopt;
    }
    return holder->organization_id == person.organization_id ? Outcome{Staged::Known}
                                                             : Outcome{documentTaken(row)};
}

Outcome
takePerson(const Work& work, const Import& import, const Json& row, bool writes, std::size_t n)
{
    const bool is_own = !import.organization_id.empty();
    const auto organization =
        is_own ? std::optional(import.organization_id)
               : findOrganizationId(work.unit(), import.edition, textOf(row, "organization"));
    if (!organization) {
        return errorAt(textOf(row.at("at"), "organization"),
                       "organization_unknown",
                       {"This edition has no such organization; import the organizations first.",
                        "该届没有该单位，请先导入单位。"});
    }
    Person person = personOfRow(work, row, n);
    person.organization_id = *organization;
    if (auto outcome = judgeHolder(work, import, row, person, writes)) {
        return *outcome;
    }
    if (auto outcome = judgeErased(work, import, row, person)) {
        return *outcome;
    }
    if (writes) {
        stagePerson(work.unit(), import.import_id, lineOf(row), person);
        person.edition = import.edition;
        putSearchTerms(work.unit(),
                       person,
                       searchTermsOf(textOf(person.document, "name"),
                                     textOf(person.document, "document_number"),
                                     textOf(person.document, "phone")));
        const auto state = is_own ? PersonState::Saved : PersonState::Archived;
        work.rows().note(
            {person.person_id, "import", "", std::string{toText(state)}, "", work.actor()});
    }
    return Staged::New;
}

Words nameIn(const Json& row)
{
    const Json& name = row.at("name");
    return {textOf(name, "en"), textOf(name, "zh")};
}

std::optional<Refusal> bringQuotas(const Work& work, const Import& import)
{
    const auto edition = work.edition(import.edition);
    if (!edition) {
        return editionArchived();
    }
    for (const StagedRow& row : stagedRows(work.unit(), import.import_id)) {
        const Category* category = edition->findCategory(textOf(row.document, "category"));
        if (category == nullptr) {
            return Refusal{409,
                           "edition_changed",
                           {"The edition's rules have changed meanwhile; import the file again.",
                            "届次规则已变更，请重新导入。"}};
        }
        auto refused =
            giveQuota(work,
                      {textOf(row.document, "node_kind"), textOf(row.document, "node_id")},
                      *category,
                      row.document.at("total").get<std::int64_t>(),
                      *edition);
        if (refused) {
            const std::string line = std::to_string(row.line);
            refused->detail = {"Line " + line + ": " + refused->detail.en,
                               "第" + line + "行：" + refused->detail.zh};
            return refused;
        }
    }
    return std::nullopt;
}

std::optional<Refusal> bringGroups(const Work& work, const Import& import)
{
    for (const StagedRow& row : stagedRows(work.unit(), import.import_id)) {
        putDelegation(work.unit(),
                      import.edition,
                      {textOf(row.document, "delegation_id"),
                       textOf(row.document, "parent_id"),
                       nameIn(row.document),
                       textOf(row.document, "area")});
    }
    return std::nullopt;
}

std::optional<Refusal> bringIndustries(const Work& work, const Import& import)
{
    for (const StagedRow& row : stagedRows(work.unit(), import.import_id)) {
        putIndustry(work.unit(),
                    import.edition,
                    {textOf(row.document, "node_id"),
                     textOf(row.document, "parent_id"),
                     nameIn(row.document),
                     row.document.at("zone").get<bool>()});
    }
    return std::nullopt;
}

/// Who was erased since the line was staged is left alone.
void bringResults(const Work& work, const Import& import)
{
    const std::string state{toText(PersonState::Archived)};
    for (const StagedRow& row : stagedRows(work.unit(), import.import_id)) {
        auto known = work.rows().person(textOf(row.document, "person_id"));
        if (known && lacksResult(*known)) {
            known->reason = textOf(row.document, "reason");
            known->changed_ms = work.nowMs();
            ++known->revision;
            work.rows().update(*known);
            work.rows().note(
                {known->person_id, "import_result", state, state, known->reason, work.actor()});
        }
    }
}

std::optional<Refusal> bringPeople(const Work& work, const Import& import)
{
    if (import.organization_id.empty()) {
        bringPersons(work.unit(), import, PersonState::Archived);
        bringResults(work, import);
        return std::nullopt;
    }
    const auto organization = work.rows().organization(import.organization_id);
    if (auto refusal = organization ? refuseClosed(*organization) : std::nullopt) {
        return refusal;
    }
    // Somebody may have typed in the same person while the rows were staged.
    if (const std::int64_t taken = lineOfTaken(work.unit(), import)) {
        const std::string line = std::to_string(taken);
        return Refusal{409,
                       "document_taken",
                       {"Line " + line +
                            ": an application with this document was begun "
                            "meanwhile; import the file again.",
                        "第" + line + "行：该证件刚被用于报名，请重新导入。"}};
    }
    bringPersons(work.unit(), import, PersonState::Saved);
    if (!import.consent.empty()) {
        bringConsents(work.unit(), import, kSensitive);
    }
    return std::nullopt;
}

} // namespace

std::variant<Staged, ImportError>
stage(const Work& work, const Import& import, const Json& row, bool writes, std::size_t n)
{
    switch (findImportKind(import.kind).value_or(ImportKind::Persons)) {
    case ImportKind::Organizations:
        return takeOrganization(work, import, row, writes);
    case ImportKind::Persons:
        return takePerson(work, import, row, writes, n);
    case ImportKind::Photos:
        return takePhoto(work, import, row, writes);
    case ImportKind::Delegations:
    case ImportKind::Industries:
    case ImportKind::Quotas:
        break;
    }
    return takePlain(work, import, row, writes);
}

std::optional<Refusal> bringIn(const Work& work, const Import& import)
{
    switch (findImportKind(import.kind).value_or(ImportKind::Persons)) {
    case ImportKind::Delegations:
        return bringGroups(work, import);
    case ImportKind::Industries:
        return bringIndustries(work, import);
    case ImportKind::Quotas:
        return bringQuotas(work, import);
    case ImportKind::Organizations:
        bringOrganizations(work.unit(), import);
        return std::nullopt;
    case ImportKind::Photos:
        return bringPhotos(work, import);
    case ImportKind::Persons:
        break;
    }
    return bringPeople(work, import);
}

} // namespace registration
