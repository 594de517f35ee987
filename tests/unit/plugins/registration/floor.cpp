#include "floor.hpp"

#include "domain/search_terms.hpp"
#include "registration.hpp"
#include "store/search_rows.hpp"
#include "support/suite.hpp"

namespace registration::test {

namespace {

const std::function<void(const Work&)>* door = nullptr;

/// The plugin with a door.
class WithDoor : public Registration {
public:
    using Registration::Registration;

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        if (event.operation() != "door") {
            return Registration::unit(unit, event);
        }
        (*door)(Work{unit, event});
        return {};
    }
};

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<WithDoor>(major, "registration", "0.1.0");
}

Json delegation(const std::string& id, const std::string& parent)
{
    return {{"delegation_id", id},
            {"parent_id", parent},
            {"name", {{"en", "Sample " + id}, {"zh", "样本" + id}}}};
}

/// Nodes whose number is not `counted`, or that gave away more than they have.
std::string wrongNodes(const std::string& column, const std::string& counted)
{
    return "SELECT COUNT(*) FROM registration_quota q WHERE q." + column + " <> (" + counted + ")";
}

const std::string kReserved =
    "SELECT COUNT(*) FROM registration_reservation r WHERE r.edition = q.edition AND "
    "r.node_kind = q.node_kind AND r.node_id = q.node_id AND r.category = q.category";

// Of one kind of node, by the persons' rows.
std::string countedFacets(const std::string& node_kind, const std::string& node)
{
    return "SELECT edition, '" + node_kind + "' AS node_kind, " + node +
           ", state, category, kind, admission_period, delivery_method, reuse, upgraded, "
           "COUNT(*) AS n FROM registration_person WHERE submitted_ms > 0 AND " +
           node + " <> '' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
}

// Facets with another number than the persons' rows say, or with none where there are some.
const std::string kWrongFacets =
    "WITH told AS (SELECT edition, node_kind, node_id, state, category, kind, admission_period, "
    "delivery_method, reuse, upgraded, n FROM registration_facet WHERE n <> 0), counted AS (" +
    countedFacets("edition", "edition") + " UNION ALL " +
    countedFacets("delegation", "delegation_id") + " UNION ALL " +
    countedFacets("sub_delegation", "sub_delegation_id") +
    ") SELECT (SELECT COUNT(*) FROM (SELECT * FROM told EXCEPT SELECT * FROM counted)) + "
    "(SELECT COUNT(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM told))";

// What the nodes below have together, by where they stand today.
const std::string kAllocated =
    "SELECT COALESCE(SUM(b.total), 0) FROM registration_quota b "
    "LEFT JOIN registration_delegation d ON b.node_kind = 'sub_delegation' "
    "AND d.edition = b.edition AND d.delegation_id = b.node_id "
    "LEFT JOIN registration_organization o ON b.node_kind = 'organization' "
    "AND o.organization_id = b.node_id "
    "WHERE b.edition = q.edition AND b.category = q.category AND CASE b.node_kind "
    "WHEN 'delegation' THEN q.node_kind = 'edition' "
    "WHEN 'sub_delegation' THEN q.node_kind = 'delegation' AND q.node_id = d.parent_id "
    "WHEN 'organization' THEN CASE o.sub_delegation_id WHEN '' "
    "THEN q.node_kind = 'delegation' AND q.node_id = o.delegation_id "
    "ELSE q.node_kind = 'sub_delegation' AND q.node_id = o.sub_delegation_id END "
    "ELSE 0 END";

} // namespace

Floor::Floor(const std::string& edition)
    : desk(edition)
{
    desk.fake.stop();
    desk.fake.start(&entry,
                    "registration",
                    std::string(std::getenv("HUB_SOURCE_DIR")) + // NOLINT(concurrency-mt-unsafe)
                        "/plugins/registration/migrations",
                    R"({"config":{}})");
    desk.changeRules(Json::array());
    const Json tree = {delegation("shanghai", ""),
                       delegation("guangdong", ""),
                       delegation("shanghai-trade", "shanghai"),
                       delegation("shanghai-health", "shanghai")};
    const Heard heard =
        desk.write("delegations.put",
                   kOrganizer,
                   {{"path", {{"edition", edition}}}, {"body", {{"delegations", tree}}}});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
}

void Floor::run(const std::function<void(const Work&)>& action)
{
    door = &action;
    hub::testing::PluginEvent event;
    event.source = HUB_SOURCE_REQUEST;
    event.operation = "door";
    event.edition = desk.edition();
    const hub::Answer answer = desk.fake.deliver(event);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
}

Organization Floor::organization(const std::string& organization_id,
                                 const std::string& delegation_id,
                                 const std::string& sub_delegation_id,
                                 OrganizationState state)
{
    Organization made;
    made.organization_id = organization_id;
    made.edition = desk.edition();
    made.region = "mainland";
    made.organization_class = "enterprise";
    made.name = "样本单位 " + organization_id;
    made.social_credit_code = kCode;
    made.delegation_id = delegation_id;
    made.sub_delegation_id = sub_delegation_id;
    made.state = state;
    run([&](const Work& work) { work.add(made); });
    return made;
}

Person Floor::person(const std::string& person_id, const Organization& organization) const
{
    Person made;
    made.person_id = person_id;
    made.edition = organization.edition;
    made.organization_id = organization.organization_id;
    made.delegation_id = organization.delegation_id;
    made.sub_delegation_id = organization.sub_delegation_id;
    made.kind = "mainland";
    made.state = PersonState::ToBeCategorized;
    made.admission_period = "all_days";
    made.delivery_method = "courier";
    made.document_key = "id_card:" + person_id;
    made.document = {{"name", "样本甲"}, {"document_key", made.document_key}};
    made.summary = {
        {"name", "样本甲"}, {"document_masked", "110***********0020"}, {"position", "样本职务"}};
    made.submitted_ms = 1'777'593'600'000;
    return made;
}

void Floor::add(const Person& person)
{
    run([&](const Work& work) {
        work.add(person);
        putSearchTerms(work.unit(),
                       person,
                       searchTermsOf(requests::textOf(person.document, "name"),
                                     requests::textOf(person.document, "document_number"),
                                     requests::textOf(person.document, "phone")));
    });
}

Person Floor::stored(const std::string& person_id)
{
    Person found;
    run([&](const Work& work) { found = work.rows().person(person_id).value(); });
    return found;
}

void Floor::give(const QuotaNode& node, const std::string& category, std::int64_t total)
{
    run([&](const Work& work) {
        const Edition edition = work.edition(desk.edition()).value();
        const auto refusal = giveQuota(work, node, *edition.findCategory(category), total, edition);
        CPPUNIT_ASSERT_MESSAGE(refusal ? refusal->detail.en : "", !refusal);
    });
}

Heard Floor::one(const std::string& action,
                 const Visitor& who,
                 const std::string& person_id,
                 const Json& body)
{
    return desk.write(
        "person." + action, who, {{"path", {{"person_id", person_id}}}, {"body", body}});
}

Heard Floor::many(const std::string& action, const Visitor& who, const Json& person_ids, Json body)
{
    body["person_ids"] = person_ids;
    return desk.write("persons." + action, who, {{"body", std::move(body)}});
}

std::vector<Json> Floor::told(const std::string& type) const
{
    std::vector<Json> payloads;
    for (const auto& publication : desk.fake.publications()) {
        if (publication.type == type) {
            payloads.push_back(Json::parse(publication.payload));
        }
    }
    return payloads;
}

void Floor::recount()
{
    auto& store = desk.fake.store();
    CPPUNIT_ASSERT_EQUAL_MESSAGE("facets", std::int64_t{0}, store.integer(kWrongFacets));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "reserved", std::int64_t{0}, store.integer(wrongNodes("reserved", kReserved)));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "allocated", std::int64_t{0}, store.integer(wrongNodes("allocated", kAllocated)));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "total",
        std::int64_t{0},
        store.integer("SELECT COUNT(*) FROM registration_quota WHERE allocated < 0 OR "
                      "reserved < 0 OR allocated + reserved > total"));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(
        "a place without its person",
        std::int64_t{0},
        store.integer("SELECT COUNT(*) FROM registration_reservation r WHERE NOT EXISTS "
                      "(SELECT 1 FROM registration_person p WHERE p.person_id = r.person_id "
                      "AND p.live = 1 AND p.category = r.category)"));
}

} // namespace registration::test
