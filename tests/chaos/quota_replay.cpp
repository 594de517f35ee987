#include "quota_replay.hpp"

#include <utility>

namespace chaos {

namespace {

constexpr const char* kEdition = "edition";
constexpr const char* kDelegation = "delegation";
constexpr const char* kSubDelegation = "sub_delegation";
constexpr const char* kOrganization = "organization";

QuotaReplay::Node nodeOf(const Group& group)
{
    return group.sub_delegation_id.empty()
               ? QuotaReplay::Node{kDelegation, group.delegation_id}
               : QuotaReplay::Node{kSubDelegation, group.sub_delegation_id};
}

Group groupIn(const nlohmann::json& payload)
{
    return {payload.at("delegation_id"), payload.value("sub_delegation_id", "")};
}

} // namespace

QuotaReplay::QuotaReplay(std::string edition,
                         const std::vector<Group>& groups,
                         std::set<std::string> limited,
                         std::map<std::string, std::string> chosen)
    : edition_(std::move(edition))
    , limited_(std::move(limited))
    , chosen_(std::move(chosen))
{
    for (const Group& group : groups) {
        if (!group.sub_delegation_id.empty()) {
            parents_[group.sub_delegation_id] = group.delegation_id;
        }
    }
}

void QuotaReplay::apply(const JournalEvent& event)
{
    seq_ = event.seq;
    ++events_;
    if (event.type == "organization.submitted" || event.type == "organization.moved") {
        relocate(event);
    } else if (event.type == "person.submitted") {
        submit(event);
    } else if (event.type == "person.categorized") {
        categorize(event);
    } else if (event.type == "person.canceled") {
        cancel(event);
    } else if (event.type == "quota.changed") {
        setTotal(event);
    }
}

QuotaReplay::Node QuotaReplay::placeOf(const Person& person) const
{
    return chosen_.empty() ? nodeOf(organizations_.at(person.organization_id))
                           : Node{kOrganization, person.organization_id};
}

QuotaReplay::Node QuotaReplay::above(const Node& node) const
{
    if (node.kind == kDelegation) {
        return {kEdition, edition_};
    }
    if (node.kind == kSubDelegation) {
        const auto parent = parents_.find(node.id);
        return parent == parents_.end() ? Node{} : Node{kDelegation, parent->second};
    }
    const auto found = organizations_.find(node.id);
    return node.kind == kOrganization && found != organizations_.end() ? nodeOf(found->second)
                                                                       : Node{};
}

void QuotaReplay::look(const Node& node, const std::string& category)
{
    const Count& now = counts_[{node, category}];
    if (now.allocated + now.reserved > now.total) {
        exceeded_.push_back("at event " + std::to_string(seq_) + " " + node.kind + " " + node.id +
                            " had used " + std::to_string(now.allocated + now.reserved) + " of " +
                            std::to_string(now.total) + " " + category);
    }
}

void QuotaReplay::hold(Person& person, const std::string& category, const Node& node)
{
    person.category = category;
    if (limited_.count(category) != 0) {
        person.place = node;
        ++counts_[{node, category}].reserved;
        look(node, category);
    }
}

void QuotaReplay::letGo(Person& person)
{
    if (!person.place.kind.empty()) {
        --counts_[{person.place, person.category}].reserved;
        person.place = {};
    }
}

void QuotaReplay::submit(const JournalEvent& event)
{
    const std::string id = event.payload.at("person_id");
    Person& person = persons_[id];
    person.organization_id = event.payload.at("organization_id");
    members_[person.organization_id].insert(id);
    if (const auto wish = chosen_.find(id); wish != chosen_.end()) {
        hold(person, wish->second, placeOf(person));
    }
}

void QuotaReplay::categorize(const JournalEvent& event)
{
    Person& person = persons_.at(event.payload.at("person_id"));
    letGo(person);
    hold(person, event.payload.at("category"), placeOf(person));
}

void QuotaReplay::cancel(const JournalEvent& event)
{
    const std::string id = event.payload.at("person_id");
    Person& person = persons_.at(id);
    if (person.canceled) {
        doubled_.push_back("person " + id + " was canceled twice, the last time at event " +
                           std::to_string(event.seq));
    }
    person.canceled = true;
    letGo(person);
}

void QuotaReplay::setTotal(const JournalEvent& event)
{
    const Node node{event.payload.at("node_kind"), event.payload.at("node_id")};
    const std::string category = event.payload.at("category");
    const std::int64_t total = event.payload.at("total");
    Count& count = counts_[{node, category}];
    const std::int64_t more = total - count.total;
    count.total = total;
    look(node, category);
    if (const Node parent = above(node); !parent.kind.empty()) {
        counts_[{parent, category}].allocated += more;
        look(parent, category);
    }
}

/// Takes along what its persons hold, and what it was given itself.
void QuotaReplay::relocate(const JournalEvent& event)
{
    const std::string id = event.payload.at("organization_id");
    const Group to = groupIn(event.payload);
    const auto known = organizations_.find(id);
    const Node old = known == organizations_.end() ? Node{} : nodeOf(known->second);
    const Node now = nodeOf(to);
    organizations_[id] = to;
    if (old.kind.empty() || (!(old < now) && !(now < old))) {
        return;
    }
    for (const std::string& person_id : members_[id]) {
        Person& person = persons_.at(person_id);
        if (!person.place.kind.empty() && person.place.kind != kOrganization) {
            letGo(person);
            hold(person, person.category, now);
        }
    }
    for (const std::string& category : limited_) {
        const std::int64_t given = countOf({kOrganization, id}, category).total;
        if (given > 0) {
            counts_[{old, category}].allocated -= given;
            counts_[{now, category}].allocated += given;
            look(now, category);
        }
    }
}

QuotaReplay::Count QuotaReplay::countOf(const Node& node, const std::string& category) const
{
    const auto found = counts_.find({node, category});
    return found == counts_.end() ? Count{} : found->second;
}

Group QuotaReplay::groupOf(const std::string& organization_id) const
{
    const auto found = organizations_.find(organization_id);
    return found == organizations_.end() ? Group{} : found->second;
}

std::string QuotaReplay::categoryOf(const std::string& person_id) const
{
    const auto found = persons_.find(person_id);
    return found == persons_.end() ? "" : found->second.category;
}

} // namespace chaos
