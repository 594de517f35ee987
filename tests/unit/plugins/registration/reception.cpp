#include "reception.hpp"

namespace registration::test {

namespace {

Json pathOf(const std::string& person_id)
{
    Json path = {{"organization_id", kOrganization}};
    if (!person_id.empty()) {
        path["person_id"] = person_id;
    }
    return path;
}

std::string idOf(const Heard& heard, int status)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), status, heard.status);
    return requests::textOf(heard.body, "person_id");
}

} // namespace

Json completeForm(const std::string& name, const std::string& number)
{
    const bool is_male = number == kMaleNumber;
    return {{"name", name},
            {"sex", is_male ? "male" : "female"},
            {"document_kind", "resident_card"},
            {"document_number", number},
            {"position", "样本职务"},
            {"phone", "+8619900000001"},
            {"admission_period", "all_days"},
            {"delivery_method", "delegation_pickup"}};
}

Json passportForm(const std::string& number)
{
    return {{"name", "SAMPLE VISITOR"},
            {"sex", "male"},
            {"document_kind", "passport"},
            {"document_number", number},
            {"document_expires", "2031-01-01"},
            {"nationality", "UTO"},
            {"birth", "1990-12-31"},
            {"position", "Sample position"},
            {"mail", "sample@example.org"},
            {"admission_period", "all_days"},
            {"delivery_method", "delegation_pickup"}};
}

bool hasRemark(const Json& remarks, const std::string& code, const std::string& pointer)
{
    for (const Json& one : remarks) {
        if (one.at("code") == code && one.at("pointer") == pointer) {
            return true;
        }
    }
    return false;
}

bool hasReason(const Json& problem, const std::string& code, const std::string& pointer)
{
    const Json parameters = problem.value("parameters", Json::object());
    return hasRemark(parameters.value("reasons", Json::array()), code, pointer);
}

bool offers(const Json& fields, const std::string& name)
{
    for (const Json& one : fields) {
        if (one.at("name") == name) {
            return true;
        }
    }
    return false;
}

Reception::Reception(const std::string& edition, const std::string& past_organization_id)
    : floor(edition)
{
    floor.organization(kOrganization, "shanghai", "", OrganizationState::Draft);
    floor.organization(kOtherOrganization, "shanghai", "", OrganizationState::Draft);
    changeOrganization([&](Organization& organization) {
        organization.past_organization_id = past_organization_id;
        organization.name = "样本单位";
    });
}

Heard Reception::write(const std::string& operation, Json body, const std::string& person_id)
{
    return floor.desk.write(
        operation, contact, {{"path", pathOf(person_id)}, {"body", std::move(body)}});
}

Heard Reception::read(const std::string& operation, const Json& query)
{
    return floor.desk.read(operation, contact, {{"path", pathOf("")}, {"query", query}});
}

Heard Reception::show(const std::string& person_id)
{
    return floor.desk.read("person.show", contact, {{"path", pathOf(person_id)}});
}

Heard Reception::add(const Json& form, const std::string& kind)
{
    floor.desk.fake.passTime(1); // lists are in the order of their making
    return write("person.add", {{"kind", kind}, {"form", form}, {"consents", kConsents}});
}

Heard Reception::save(const std::string& person_id, const Json& form, std::int64_t revision)
{
    return floor.desk.write("person.save",
                            contact,
                            {{"path", pathOf(person_id)},
                             {"if_match", '"' + std::to_string(revision) + '"'},
                             {"body", {{"form", form}}}});
}

Heard Reception::submit(const std::string& person_id)
{
    return write("person.submit", {{"confirmed", true}, {"declaration", true}}, person_id);
}

std::string Reception::added(const Json& form, const std::string& kind)
{
    return idOf(add(form, kind), 201);
}

std::string Reception::ready(const Json& form, const std::string& kind)
{
    const std::string id = added(form, kind);
    putPhoto(id, "photo-" + id);
    return id;
}

void Reception::putPhoto(const std::string& person_id, const std::string& digest)
{
    changePerson(person_id, [&](Person& person) {
        person.photo = digest;
        person.photo_key = std::string(32, 'k');
    });
}

std::string Reception::stateOf(const std::string& person_id)
{
    return std::string{toText(floor.stored(person_id).state)};
}

void Reception::changeOrganization(const std::function<void(Organization&)>& change)
{
    floor.run([&](const Work& work) {
        Organization organization = work.rows().organization(kOrganization).value();
        change(organization);
        work.rows().update(organization);
    });
}

void Reception::changePerson(const std::string& person_id,
                             const std::function<void(Person&)>& change)
{
    floor.run([&](const Work& work) {
        Person person = work.rows().person(person_id).value();
        change(person);
        work.rows().update(person);
    });
}

std::string listOf(const Heard& heard, const std::string& member)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    std::string list;
    for (const Json& one : heard.body.at("persons")) {
        list += (list.empty() ? "" : " ") + one.value(member, "");
    }
    return list;
}

} // namespace registration::test
