#include "flow/work.hpp"

#include "flow/rule.hpp"
#include "store/count_rows.hpp"

#include <hub/ids.hpp>

#include <array>
#include <utility>

namespace registration {

namespace {

constexpr std::string_view kOrganization = "organization";
constexpr std::string_view kPerson = "person";

// In the order of the enumerators.
constexpr std::array<std::string_view, 8> kOrganizationEvents = {
    "submit", "pass_automatically", "approve", "reject", "return", "move", "reassign", "disable"};
constexpr std::array<std::string_view, 15> kPersonEvents = {"accept",
                                                            "edit",
                                                            "submit",
                                                            "organization_submitted",
                                                            "organization_approved",
                                                            "categorize",
                                                            "uncategorize",
                                                            "lock",
                                                            "change_period",
                                                            "order",
                                                            "release",
                                                            "pay",
                                                            "pass",
                                                            "fail",
                                                            "cancel"};

bool isFree(const Edition& edition, const Person& person)
{
    const Category* category = edition.findCategory(person.category);
    return category != nullptr && category->free && edition.holds("R-172");
}

void explain(Person& person, const Why& why)
{
    person.reason = why.code;
    if (!why.words.empty() && !isErased(person)) {
        person.summary["reason"] = why.words;
    } else if (person.summary.contains("reason")) {
        person.summary.erase("reason");
    }
}

hub::Publication publication(std::string_view type,
                             std::string_view key,
                             std::string_view edition,
                             const Json& payload)
{
    hub::Publication event;
    event.type = type;
    event.key = key;
    event.edition = edition;
    event.payload = payload.dump();
    return event;
}

} // namespace

std::string_view toText(OrganizationEvent event)
{
    return kOrganizationEvents.at(static_cast<std::size_t>(event));
}

std::string_view toText(PersonEvent event)
{
    return kPersonEvents.at(static_cast<std::size_t>(event));
}

std::string Work::actor() const
{
    const std::string principal{event_.principal()};
    return principal.empty() ? "hub" : principal;
}

std::string Work::drawId() const
{
    return hub::makeUuidV7(nowMs(), unit_.random(10));
}

std::optional<Edition> Work::edition(std::string_view edition) const
{
    return findEdition(unit_, edition);
}

bool Work::move(Organization& organization,
                OrganizationEvent event,
                const Edition& edition,
                std::string_view reason) const
{
    const auto to = next(organization.state, event, edition.mode);
    if (!to) {
        return false;
    }
    const OrganizationState from = std::exchange(organization.state, *to);
    organization.reason = reason;
    ++organization.revision;
    countOut(unit_, placeOf(organization), kOrganization, toText(from));
    countIn(unit_, placeOf(organization), kOrganization, toText(*to));
    rows_.update(organization);
    rows_.note({organization.organization_id,
                std::string{toText(event)},
                std::string{toText(from)},
                std::string{toText(*to)},
                std::string{reason},
                actor()});
    return true;
}

bool Work::move(Person& person, PersonEvent event, const Edition& edition, const Why& why) const
{
    const auto to =
        next(person.state, event, edition.mode, factsOf(person, isFree(edition, person)));
    if (!to) {
        return false;
    }
    const PersonState from = std::exchange(person.state, *to);
    explain(person, why);
    person.changed_ms = nowMs();
    ++person.revision;
    if (from != *to) {
        countOut(unit_, placeOf(person), kPerson, toText(from));
        countIn(unit_, placeOf(person), kPerson, toText(*to));
    }
    rows_.update(person);
    note(person,
         {person.person_id,
          std::string{toText(event)},
          std::string{toText(from)},
          std::string{toText(*to)},
          std::string{why.code},
          actor()},
         why.words);
    return true;
}

void Work::note(const Person& person, const Step& step, std::string_view words) const
{
    rows_.note(step, isErased(person) ? std::string_view{} : words);
}

void Work::add(const Organization& organization) const
{
    rows_.insert(organization);
    countIn(unit_, placeOf(organization), kOrganization, toText(organization.state));
}

void Work::add(const Person& person) const
{
    rows_.insert(person);
    countIn(unit_, placeOf(person), kPerson, toText(person.state));
}

void Work::remove(const Person& person) const
{
    countOut(unit_, placeOf(person), kPerson, toText(person.state));
    rows_.remove(person);
}

void Work::relocate(Organization& organization,
                    std::string_view delegation_id,
                    std::string_view sub_delegation_id) const
{
    countOut(unit_, placeOf(organization), kOrganization, toText(organization.state));
    organization.delegation_id = delegation_id;
    organization.sub_delegation_id = sub_delegation_id;
    ++organization.revision;
    countIn(unit_, placeOf(organization), kOrganization, toText(organization.state));
    rows_.update(organization);
    for (const std::string& id : rows_.personIds(organization.organization_id)) {
        Person person = rows_.person(id).value();
        countOut(unit_, placeOf(person), kPerson, toText(person.state));
        person.delegation_id = delegation_id;
        person.sub_delegation_id = sub_delegation_id;
        countIn(unit_, placeOf(person), kPerson, toText(person.state));
        rows_.update(person);
    }
}

void Work::publish(std::string_view type, const Organization& organization, Json payload) const
{
    payload["organization_id"] = organization.organization_id;
    unit_.publish(publication(type, organization.organization_id, organization.edition, payload));
}

void Work::publish(std::string_view type, const Person& person, Json payload) const
{
    payload["organization_id"] = person.organization_id;
    payload["person_id"] = person.person_id;
    // Ordered by organization: whoever listens sees it approved before its persons go on.
    unit_.publish(publication(type, person.organization_id, person.edition, payload));
}

} // namespace registration
