// The floor on which delegations work: organizations and persons put straight into the tables, as
// other parts of the plugin would have brought them there, and a door by which a test runs a
// function of the plugin inside a unit.
#pragma once

#include "desk.hpp"
#include "flow/quotas.hpp"

#include <functional>
#include <string>

namespace registration::test {

class Floor {
public:
    explicit Floor(const std::string& edition);

    /// In one unit, twice: the first time it is rolled back.
    void run(const std::function<void(const Work&)>& action);

    Organization organization(const std::string& organization_id,
                              const std::string& delegation_id,
                              const std::string& sub_delegation_id = {},
                              OrganizationState state = OrganizationState::Approved);
    /// What a submitted person has; the caller changes what matters and hands it to add().
    Person person(const std::string& person_id, const Organization& organization) const;
    void add(const Person& person);
    Person stored(const std::string& person_id);

    /// Sets a node's total as whoever may; must succeed.
    void give(const QuotaNode& node, const std::string& category, std::int64_t total);

    /// POST /persons/{person_id}/<action>
    Heard one(const std::string& action,
              const Visitor& who,
              const std::string& person_id,
              const Json& body = Json::object());
    /// POST /persons/<action>
    Heard many(const std::string& action,
               const Visitor& who,
               const Json& person_ids,
               Json body = Json::object());

    /// Payloads of the events of a type, in their order.
    std::vector<Json> told(const std::string& type) const;

    /// Throws when a node's numbers are not what the reservations, totals below and persons say.
    void recount();

    Desk desk;
};

} // namespace registration::test
