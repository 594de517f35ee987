// Organizer: opens an edition for the story: its rules, delegations, industries, texts and quotas.
// Works with an API key, as the organizer's own system would.
#pragma once

#include "installation.hpp"
#include "web_client.hpp"

#include <string>

namespace demo {

class Organizer {
public:
    /// `edition` is "ciie-7".
    Organizer(const Installation& installation, std::string edition);

    /// Everything that an application needs; again for an edition that is open already.
    void openEdition() const;
    /// `more` places of a limited category for the delegation.
    void addPlaces(const std::string& category, int more) const;
    /// Returns the token of the invitation's link.
    std::string inviteClerk(const std::string& mail) const;

private:
    void putRules() const;
    void putCatalogs() const;
    int placesOf(const std::string& kind, const std::string& id, const std::string& category) const;
    WebAnswer put(const std::string& path, const Json& body) const;

    std::string edition_;
    std::string source_; // where the shipped rules are
    WebClient hub_;
};

/// Of the delegation that the story is about.
extern const char* const kDelegation;

} // namespace demo
