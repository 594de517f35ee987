#include "applicant.hpp"

#include "registration.hpp"
#include "support/suite.hpp"

#include <cstdlib>

namespace registration::test {

namespace {

const std::function<void(const Work&)>* door = nullptr;
KeptBlobs* kept = nullptr;

/// The plugin with a door, and with blobs for its tasks.
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

    void task(const hub::Event& event, hub::Reply reply) override
    {
        Registration(kept->host(), "{}").task(event, std::move(reply));
    }
};

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<WithDoor>(major, "registration", "0.1.0");
}

Json delegation(const std::string& id, const std::string& parent, const std::string& area)
{
    return {{"delegation_id", id},
            {"parent_id", parent},
            {"name", {{"en", "Sample " + id}, {"zh", "样本" + id}}},
            {"area", area}};
}

void assertOk(const Heard& heard)
{
    CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), heard.status == 200 || heard.status == 201);
}

} // namespace

Applicant::Applicant(const std::string& edition)
    : desk(edition)
{
    kept = &blobs;
    desk.fake.stop();
    desk.fake.start(&entry,
                    "registration",
                    std::string(std::getenv("HUB_SOURCE_DIR")) + // NOLINT(concurrency-mt-unsafe)
                        "/plugins/registration/migrations",
                    R"({"config":{}})");
    desk.changeRules(Json::array());
    const Json tree = {delegation("shanghai", "", "31"),
                       delegation("guangdong", "", "44"),
                       delegation("central", "", ""),
                       delegation("shanghai-trade", "shanghai", ""),
                       delegation("shanghai-health", "shanghai", "")};
    assertOk(putOfEdition("delegations.put", {{"delegations", tree}}));
}

Json Applicant::organizationPage()
{
    return {{"name", "样本单位甲"},
            {"social_credit_code", kCode},
            {"delegation_id", "shanghai"},
            {"sub_delegation_id", "shanghai-trade"},
            {"purposes", {"purchase"}}};
}

Json Applicant::contactsPage()
{
    const Json contact = {{"name", "样本甲"},
                          {"position", "样本职务"},
                          {"phone", "+8619900000001"},
                          {"mail", "sample@example.org"}};
    return {{"contacts", Json::array({contact})}};
}

Json Applicant::intentionPage()
{
    return {{"purchase_one_year", {{"from", 1000}, {"to", 1000}}},
            {"purchase_five_years", {{"from", 8000}, {"to", 8000}}},
            {"industries", Json::array()},
            {"typed_products", {"样本产品"}}};
}

void Applicant::registered(const std::string& id,
                           const std::string& organization_class,
                           const std::string& region,
                           const std::string& past)
{
    desk.registered(id, organization_class, region, past);
    agree(id, "privacy", "1");
}

void Applicant::agree(const std::string& id, const std::string& kind, const std::string& version)
{
    assertOk(desk.write(
        "consent.put",
        contactOf(id),
        {{"path", {{"organization_id", id}, {"kind", kind}}}, {"body", {{"version", version}}}}));
}

void Applicant::complete(const std::string& id)
{
    registered(id);
    Json first = organizationPage();
    if (id != kOrganization) {
        first["social_credit_code"] = kOtherCode;
    }
    assertOk(save("organization", first, id));
    assertOk(save("contacts", contactsPage(), id));
    assertOk(save("intention", intentionPage(), id));
    run([&](const Work& work) {
        Organization changed = work.rows().organization(id).value();
        changed.licence = "uploaded";
        work.rows().update(changed);
    });
    addPerson("person-" + id, PersonState::Submitted, id);
}

Heard Applicant::page(const std::string& name, const std::string& id)
{
    return desk.read(
        "page.show", contactOf(id), {{"path", {{"organization_id", id}, {"page", name}}}});
}

Heard Applicant::save(const std::string& name, const Json& document, const std::string& id)
{
    const Json revision = page(name, id).body["revision"];
    return desk.write("page.put",
                      contactOf(id),
                      {{"path", {{"organization_id", id}, {"page", name}}},
                       {"if_match", '"' + revision.dump() + '"'},
                       {"body", document}});
}

Heard Applicant::upload(const std::string& bytes, const std::string& id)
{
    blobs.contents["upload"] = bytes;
    return desk.write(
        "licence.put",
        contactOf(id),
        {{"path", {{"organization_id", id}}},
         {"upload", {{"media_type", "image/png"}, {"bytes", bytes.size()}, {"blob", "upload"}}}});
}

Heard Applicant::preview(const std::string& id)
{
    return look("organization.preview", contactOf(id), id);
}

Heard Applicant::submit(const std::string& id)
{
    return act("organization.submit", contactOf(id), Json::object(), id);
}

Heard Applicant::act(const std::string& operation,
                     const Visitor& who,
                     const Json& body,
                     const std::string& id)
{
    return desk.write(operation, who, {{"path", {{"organization_id", id}}}, {"body", body}});
}

Heard Applicant::look(const std::string& operation,
                      const Visitor& who,
                      const std::string& id,
                      const Json& query)
{
    return desk.read(operation, who, {{"path", {{"organization_id", id}}}, {"query", query}});
}

Heard Applicant::putOfEdition(const std::string& operation, const Json& body, const Json& path)
{
    Json all = path.is_object() ? path : Json::object();
    all["edition"] = desk.edition();
    return desk.write(operation, kOrganizer, {{"path", all}, {"body", body}});
}

Heard Applicant::seeOfEdition(const std::string& operation, const Visitor& who, const Json& query)
{
    return desk.read(operation, who, {{"path", {{"edition", desk.edition()}}}, {"query", query}});
}

void Applicant::addPerson(const std::string& person_id, PersonState state, const std::string& id)
{
    run([&](const Work& work) {
        const Organization organization = work.rows().organization(id).value();
        Person person;
        person.person_id = person_id;
        person.edition = organization.edition;
        person.organization_id = id;
        person.delegation_id = organization.delegation_id;
        person.sub_delegation_id = organization.sub_delegation_id;
        person.kind = "mainland";
        person.state = state;
        person.category = "visitor";
        person.admission_period = "all_days";
        person.delivery_method = "delegation_pickup";
        person.document = {{"name", "样本甲"}};
        person.summary = {{"name", "样本甲"}};
        work.add(person);
    });
}

Organization Applicant::organization(const std::string& id)
{
    Organization found;
    run([&](const Work& work) { found = work.rows().organization(id).value(); });
    return found;
}

std::string Applicant::personState(const std::string& person_id)
{
    std::string state;
    run([&](const Work& work) { state = toText(work.rows().person(person_id).value().state); });
    return state;
}

void Applicant::run(const std::function<void(const Work&)>& action)
{
    door = &action;
    hub::testing::PluginEvent event;
    event.source = HUB_SOURCE_REQUEST;
    event.operation = "door";
    event.edition = desk.edition();
    const hub::Answer answer = desk.fake.deliver(event);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
}

bool Applicant::names(const Json& remarks, const std::string& rule)
{
    for (const Json& remark : remarks) {
        if (remark.at("rule") == rule) {
            return true;
        }
    }
    return false;
}

} // namespace registration::test
