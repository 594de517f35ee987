// The organizer's side of a hub with registration: opens an edition, brings past editions in,
// invites staff, and is its own clerk by an API key, as the organizer's system would.
#pragma once

#include "caller.hpp"
#include "group.hpp"
#include "installation.hpp"

#include <string>
#include <vector>

namespace chaos {

/// An installation with identity, messaging, registration and orders, as the demonstration's.
Setup registrationSetup(const Options& options);

/// What a run that is about neither has no use for: the long pages, photos, the licence, the face
/// of the old badge.
const std::vector<std::string>& rulesOfLongForms();

class Office {
public:
    /// `edition` is one that is shipped: "ciie-4". Makes its API key.
    Office(const Installation& installation, const std::string& edition, Effort& effort);

    /// The shipped rules without deadlines, and a privacy clause, version 1; `rules_off` are those
    /// that the run has no use for.
    void openEdition(const std::vector<std::string>& rules_off);
    void putGroups(const std::vector<Group>& groups);
    /// `expohub import KIND EDITION`; returns when it is done.
    void import(const std::string& kind, const std::string& edition, const std::string& csv);
    /// Of a group's clerk; returns the token of the invitation's link. From any thread.
    std::string invite(const Group& group, const std::string& mail) const;

    const std::string& edition() const noexcept { return edition_; }
    /// For another thread of the organizer.
    Server server() const { return server_; }
    Caller& caller() noexcept { return caller_; }

private:
    const Installation& installation_;
    std::string edition_;
    Effort& effort_;
    Server server_;
    Caller caller_;
};

} // namespace chaos
