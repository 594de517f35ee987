#include "store/rows.hpp"

#include "store/facet_rows.hpp"
#include "store/search_rows.hpp"

#include <hub/person.hpp>

namespace registration {

namespace {

using requests::Json;

constexpr const char* kPage = "page";
constexpr const char* kForm = "form";
constexpr const char* kSummary = "summary";
constexpr const char* kPhotoKey = "photo_key";
constexpr const char* kWords = "words";
constexpr const char* kDocument = "document";

constexpr std::string_view kOrganizationColumns =
    "SELECT organization_id, edition, region, class, name, social_credit_code, delegation_id, "
    "sub_delegation_id, referral_code, purposes, past_organization_id, licence, state, reason, "
    "revision, created_ms, submitted_ms, decided_ms, decided_by "
    "FROM registration_organization WHERE partition = 0 AND ";
constexpr std::string_view kPersonColumns =
    "SELECT person_id, edition, organization_id, delegation_id, sub_delegation_id, kind, state, "
    "reason, category, order_id, admission_period, delivery_method, address_id, reuse, upgraded, "
    "past_person_id, document, summary, photo, photo_key, declared_ms, revision, created_ms, "
    "submitted_ms, changed_ms FROM registration_person WHERE partition = 0 AND ";

Organization readOrganization(const hub::Row& row)
{
    Organization organization;
    organization.organization_id = row.text(0);
    organization.edition = row.text(1);
    organization.region = row.text(2);
    organization.organization_class = row.text(3);
    organization.name = row.text(4);
    organization.social_credit_code = row.text(5);
    organization.delegation_id = row.text(6);
    organization.sub_delegation_id = row.text(7);
    organization.referral_code = row.text(8);
    organization.purposes = Json::parse(row.text(9)).get<std::vector<std::string>>();
    organization.past_organization_id = row.text(10);
    organization.licence = row.text(11);
    organization.state = parseOrganizationState(row.text(12));
    organization.reason = row.text(13);
    organization.revision = row.integer(14);
    organization.created_ms = row.integer(15);
    organization.submitted_ms = row.integer(16);
    organization.decided_ms = row.integer(17);
    organization.decided_by = row.text(18);
    return organization;
}

std::string
sealed(const hub::Unit& unit, std::string_view person, const char* column, const std::string& plain)
{
    return hub::person::seal(unit, person, column, plain);
}

/// '' of an erased person.
std::string opened(const hub::Snapshot& snapshot,
                   std::string_view person,
                   const char* column,
                   std::string_view bytes)
{
    return hub::person::open(snapshot, person, column, bytes).value_or("");
}

Json openedJson(const hub::Snapshot& snapshot,
                std::string_view person,
                const char* column,
                std::string_view bytes)
{
    const std::string text = opened(snapshot, person, column, bytes);
    return text.empty() ? Json::object() : Json::parse(text);
}

/// Nothing was sealed for whom nothing is known: an erased person's row can still be changed.
Json openedForm(const hub::Snapshot& snapshot,
                std::string_view person,
                const char* column,
                const std::string& bytes)
{
    return bytes.empty() ? Json::object() : openedJson(snapshot, person, column, bytes);
}

std::string
sealedForm(const hub::Unit& unit, std::string_view person, const char* column, const Json& form)
{
    return form.empty() ? "" : sealed(unit, person, column, form.dump());
}

Person readPerson(const hub::Snapshot& snapshot, const hub::Row& row)
{
    Person person;
    person.person_id = row.text(0);
    person.edition = row.text(1);
    person.organization_id = row.text(2);
    person.delegation_id = row.text(3);
    person.sub_delegation_id = row.text(4);
    person.kind = row.text(5);
    person.state = parsePersonState(row.text(6));
    person.reason = row.text(7);
    person.category = row.text(8);
    person.order_id = row.text(9);
    person.admission_period = row.text(10);
    person.delivery_method = row.text(11);
    person.address_id = row.text(12);
    person.reuse = row.integer(13) != 0;
    person.upgraded = row.integer(14) != 0;
    person.past_person_id = row.text(15);
    person.document = openedForm(snapshot, person.person_id, kForm, row.text(16));
    person.document_key = requests::textOf(person.document, "document_key");
    person.summary = openedForm(snapshot, person.person_id, kSummary, row.text(17));
    person.photo = row.text(18);
    person.photo_key =
        row.isNull(19) ? "" : opened(snapshot, person.person_id, kPhotoKey, row.text(19));
    person.declared_ms = row.integer(20);
    person.revision = row.integer(21);
    person.created_ms = row.integer(22);
    person.submitted_ms = row.integer(23);
    person.changed_ms = row.integer(24);
    return person;
}

hub::Parameter blobOrNull(const std::string& bytes)
{
    return bytes.empty() ? hub::Parameter{nullptr} : hub::Parameter{hub::Blob{bytes}};
}

/// In the same lists, in the same order.
bool isAtPlaceOf(const Person& one, const Person& other)
{
    return one.submitted_ms == other.submitted_ms && one.delegation_id == other.delegation_id &&
           one.sub_delegation_id == other.sub_delegation_id;
}

} // namespace

std::optional<Organization> ReadRows::organization(std::string_view organization_id) const
{
    std::optional<Organization> found;
    snapshot_.query(std::string(kOrganizationColumns) + "organization_id = ?",
                    {organization_id},
                    [&](const hub::Row& row) { found = readOrganization(row); });
    return found;
}

std::optional<Page> ReadRows::page(std::string_view organization_id, std::string_view page) const
{
    std::optional<Page> found;
    snapshot_.query("SELECT page, revision, document, saved_ms FROM registration_page "
                    "WHERE partition = 0 AND organization_id = ? AND page = ?",
                    {organization_id, page},
                    [&](const hub::Row& row) {
                        found = Page{row.text(0),
                                     row.integer(1),
                                     openedJson(snapshot_, organization_id, kPage, row.text(2)),
                                     row.integer(3)};
                    });
    return found;
}

std::optional<Person> ReadRows::person(std::string_view person_id) const
{
    std::optional<Person> found;
    snapshot_.query(std::string(kPersonColumns) + "person_id = ?",
                    {person_id},
                    [&](const hub::Row& row) { found = readPerson(snapshot_, row); });
    return found;
}

std::vector<std::string> ReadRows::personIds(std::string_view organization_id,
                                             std::string_view state) const
{
    std::vector<std::string> ids;
    snapshot_.query("SELECT person_id FROM registration_person WHERE partition = 0 "
                    "AND organization_id = ? AND (? = '' OR state = ?) "
                    "ORDER BY created_ms, person_id",
                    {organization_id, state, state},
                    [&](const hub::Row& row) { ids.push_back(row.text(0)); });
    return ids;
}

std::string ReadRows::personWithDocument(std::string_view edition,
                                         std::string_view document_key,
                                         std::string_view except_person_id) const
{
    const std::string index = documentIndex(snapshot_, document_key);
    std::string found;
    snapshot_.query("SELECT person_id FROM registration_person WHERE partition = 0 "
                    "AND edition = ? AND document_index = ? AND live = 1 AND person_id <> ?",
                    {edition, hub::Blob{index}, except_person_id},
                    [&](const hub::Row& row) { found = row.text(0); });
    return found;
}

void Rows::insert(const Organization& organization) const
{
    unit_.execute(
        "INSERT INTO registration_organization (partition, organization_id, edition, region, "
        "class, name, social_credit_code, delegation_id, sub_delegation_id, referral_code, "
        "purposes, past_organization_id, licence, state, reason, revision, created_ms, "
        "submitted_ms, decided_ms, decided_by) "
        "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {organization.organization_id,
         organization.edition,
         organization.region,
         organization.organization_class,
         organization.name,
         organization.social_credit_code,
         organization.delegation_id,
         organization.sub_delegation_id,
         organization.referral_code,
         Json(organization.purposes).dump(),
         organization.past_organization_id,
         organization.licence,
         toText(organization.state),
         organization.reason,
         organization.revision,
         organization.created_ms,
         organization.submitted_ms,
         organization.decided_ms,
         organization.decided_by});
}

void Rows::update(const Organization& organization) const
{
    unit_.execute("UPDATE registration_organization SET name = ?, social_credit_code = ?, "
                  "delegation_id = ?, sub_delegation_id = ?, referral_code = ?, purposes = ?, "
                  "past_organization_id = ?, licence = ?, state = ?, reason = ?, revision = ?, "
                  "submitted_ms = ?, decided_ms = ?, decided_by = ? "
                  "WHERE partition = 0 AND organization_id = ?",
                  {organization.name,
                   organization.social_credit_code,
                   organization.delegation_id,
                   organization.sub_delegation_id,
                   organization.referral_code,
                   Json(organization.purposes).dump(),
                   organization.past_organization_id,
                   organization.licence,
                   toText(organization.state),
                   organization.reason,
                   organization.revision,
                   organization.submitted_ms,
                   organization.decided_ms,
                   organization.decided_by,
                   organization.organization_id});
}

void Rows::put(std::string_view organization_id, const Page& page) const
{
    const std::string document = sealed(unit_, organization_id, kPage, page.document.dump());
    unit_.execute("INSERT INTO registration_page "
                  "(partition, organization_id, page, revision, document, saved_ms) "
                  "VALUES (0, ?, ?, ?, ?, ?) ON CONFLICT (partition, organization_id, page) "
                  "DO UPDATE SET revision = excluded.revision, document = excluded.document, "
                  "saved_ms = excluded.saved_ms",
                  {organization_id, page.page, page.revision, hub::Blob{document}, page.saved_ms});
}

void Rows::insert(const Person& person) const
{
    const SealedPerson columns(unit_, person);
    unit_.execute(
        "INSERT INTO registration_person (partition, person_id, edition, organization_id, "
        "delegation_id, sub_delegation_id, kind, state, reason, category, order_id, "
        "admission_period, delivery_method, address_id, reuse, upgraded, past_person_id, live, "
        "document_index, document, summary, photo, photo_key, declared_ms, revision, created_ms, "
        "submitted_ms, changed_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {person.person_id,
         person.edition,
         person.organization_id,
         person.delegation_id,
         person.sub_delegation_id,
         person.kind,
         toText(person.state),
         person.reason,
         person.category,
         person.order_id,
         person.admission_period,
         person.delivery_method,
         person.address_id,
         std::int64_t{person.reuse},
         std::int64_t{person.upgraded},
         person.past_person_id,
         std::int64_t{isLive(person.state)},
         blobOrNull(columns.index),
         hub::Blob{columns.document},
         hub::Blob{columns.summary},
         person.photo,
         blobOrNull(columns.photo_key),
         person.declared_ms,
         person.revision,
         person.created_ms,
         person.submitted_ms,
         person.changed_ms});
    if (person.submitted_ms != 0) {
        recountFacets(unit_, std::nullopt, person);
    }
}

void Rows::update(const Person& person) const
{
    if (person.submitted_ms != 0) { // before that, it is in no group's list
        const auto before = listedPerson(unit_, person.person_id);
        recountFacets(unit_, before, person);
        if (!before || !isAtPlaceOf(*before, person)) {
            placeSearchTerms(unit_, person);
        }
    }
    const SealedPerson columns(unit_, person);
    unit_.execute("UPDATE registration_person SET delegation_id = ?, sub_delegation_id = ?, "
                  "kind = ?, state = ?, reason = ?, category = ?, order_id = ?, "
                  "admission_period = ?, delivery_method = ?, address_id = ?, reuse = ?, "
                  "upgraded = ?, past_person_id = ?, live = ?, document_index = ?, document = ?, "
                  "summary = ?, photo = ?, photo_key = ?, declared_ms = ?, revision = ?, "
                  "submitted_ms = ?, changed_ms = ? WHERE partition = 0 AND person_id = ?",
                  {person.delegation_id,
                   person.sub_delegation_id,
                   person.kind,
                   toText(person.state),
                   person.reason,
                   person.category,
                   person.order_id,
                   person.admission_period,
                   person.delivery_method,
                   person.address_id,
                   std::int64_t{person.reuse},
                   std::int64_t{person.upgraded},
                   person.past_person_id,
                   std::int64_t{isLive(person.state)},
                   blobOrNull(columns.index),
                   hub::Blob{columns.document},
                   hub::Blob{columns.summary},
                   person.photo,
                   blobOrNull(columns.photo_key),
                   person.declared_ms,
                   person.revision,
                   person.submitted_ms,
                   person.changed_ms,
                   person.person_id});
}

void Rows::remove(const Person& person) const
{
    recountFacets(unit_, listedPerson(unit_, person.person_id), std::nullopt);
    unit_.execute("DELETE FROM registration_search WHERE partition = 0 AND person_id = ?",
                  {person.person_id});
    unit_.execute("DELETE FROM registration_consent WHERE partition = 0 AND subject = ?",
                  {person.person_id});
    unit_.execute("DELETE FROM registration_person WHERE partition = 0 AND person_id = ?",
                  {person.person_id});
}

void Rows::note(const Step& step, std::string_view words) const
{
    const std::string sealed_words =
        words.empty() ? "" : sealed(unit_, step.subject, kWords, std::string(words));
    std::int64_t last = 0;
    unit_.query("SELECT COALESCE(MAX(seq), 0) FROM registration_history "
                "WHERE partition = 0 AND subject = ?",
                {step.subject},
                [&](const hub::Row& row) { last = row.integer(0); });
    unit_.execute("INSERT INTO registration_history (partition, subject, seq, event, "
                  "state_before, state_after, reason, words, actor, at_ms) "
                  "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {step.subject,
                   last + 1,
                   step.event,
                   step.before,
                   step.after,
                   step.reason,
                   blobOrNull(sealed_words),
                   step.actor,
                   unit_.nowMs()});
}

SealedPerson::SealedPerson(const hub::Unit& unit, const Person& person)
    : index(person.document_key.empty() ? "" : documentIndex(unit, person.document_key))
    , document(sealedForm(unit, person.person_id, kForm, person.document))
    , summary(sealedForm(unit, person.person_id, kSummary, person.summary))
    , photo_key(person.photo_key.empty()
                    ? ""
                    : sealed(unit, person.person_id, kPhotoKey, person.photo_key))
{}

std::string documentIndex(const hub::Snapshot& snapshot, std::string_view document_key)
{
    return hub::person::blindIndex(snapshot, kDocument, document_key);
}

} // namespace registration
