// An organization that applies, with what it fills in: the plugin on the fake hub, whose tasks can
// write blobs, and a door by which a test runs a function of the plugin inside a unit.
#pragma once

#include "desk.hpp"
#include "flow/work.hpp"
#include "kept_blobs.hpp"

#include <functional>
#include <string>

namespace registration::test {

/// Visibly synthetic codes: Shanghai's kCode has this sister in Guangdong.
inline const std::string kOtherCode = "91440000MAXHUB022A";
inline const std::string kOtherOrganization = "01980000-0000-7000-8000-000000000002";
inline const std::string kPastOrganization = "01980000-0000-7000-8000-000000000009";

class Applicant {
public:
    explicit Applicant(const std::string& edition = kEdition);

    // What an organization of the mainland types.
    static Json organizationPage();
    static Json contactsPage();
    static Json intentionPage();

    /// With the consent that comes before the first page.
    void registered(const std::string& id = kOrganization,
                    const std::string& organization_class = "enterprise",
                    const std::string& region = "mainland",
                    const std::string& past = {});
    void agree(const std::string& id, const std::string& kind, const std::string& version);
    /// Registered, all pages filled in, a licence uploaded, one person submitted.
    void complete(const std::string& id = kOrganization);

    Heard page(const std::string& name, const std::string& id = kOrganization);
    /// Upon the present revision.
    Heard
    save(const std::string& name, const Json& document, const std::string& id = kOrganization);
    Heard upload(const std::string& bytes, const std::string& id = kOrganization);
    Heard preview(const std::string& id = kOrganization);
    Heard submit(const std::string& id = kOrganization);
    Heard act(const std::string& operation,
              const Visitor& who,
              const Json& body = Json::object(),
              const std::string& id = kOrganization);
    Heard look(const std::string& operation,
               const Visitor& who,
               const std::string& id = kOrganization,
               const Json& query = Json::object());
    /// Something of the edition, by whoever.
    Heard putOfEdition(const std::string& operation, const Json& body, const Json& path = {});
    Heard seeOfEdition(const std::string& operation,
                       const Visitor& who = kOrganizer,
                       const Json& query = Json::object());

    /// Straight into the tables, as other parts of the plugin bring it there.
    void addPerson(const std::string& person_id,
                   PersonState state = PersonState::Submitted,
                   const std::string& id = kOrganization);
    Organization organization(const std::string& id = kOrganization);
    std::string personState(const std::string& person_id);
    /// In one unit, twice: the first time it is rolled back.
    void run(const std::function<void(const Work&)>& action);

    /// Whether any entry of the array names the rule.
    static bool names(const Json& remarks, const std::string& rule);

    KeptBlobs blobs;
    Desk desk;
};

} // namespace registration::test
