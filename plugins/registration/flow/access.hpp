// Access: whose applications a request may see and change, by what its session's grants are about
// (requirements 4.17). Every route of this plugin asks here and nowhere else.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

class Access {
public:
    /// Of a session: "organization:<id>", "delegation:<id>" and "sub_delegation:<id>" among its
    /// scopes; with none of them, and of an API key, it is about the whole edition.
    static Access of(const requests::Request& request, const hub::Event& event);

    bool mayAct(const Organization& organization) const;
    bool mayAct(const Person& person) const;
    /// Of a group itself: its delegation, and of a sub-delegation ('' for none) its own staff, too.
    bool mayActFor(const std::string& delegation_id, const std::string& sub_delegation_id) const;
    /// For lists: the one node that they show; '' as kind means the whole edition.
    struct Node {
        std::string kind; // "delegation", "sub_delegation" or "organization"
        std::string id;
    };
    Node node() const;
    /// The organization of its contact; '' for everybody else.
    const std::string& ownOrganization() const noexcept { return organization_; }
    bool isAboutEdition() const noexcept;

private:
    bool covers(const std::string& organization_id,
                const std::string& delegation_id,
                const std::string& sub_delegation_id) const;

    std::string organization_;
    std::vector<std::string> delegations_;
    std::vector<std::string> sub_delegations_;
};

/// The same answer for what does not exist and for what is somebody else's.
requests::Refusal notFound(requests::Words what);

} // namespace registration
