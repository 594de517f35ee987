// PastPeople: how an organization takes over persons of a past edition: it sees them, compares a
// badge's face field by field, has the old badge used again or applies anew. The persons agree
// first: what is sensitive of them is not taken before.
#pragma once

#include "applicant.hpp"

#include <string>
#include <vector>

namespace demo {

class PastPeople {
public:
    explicit PastPeople(const Applicant& applicant);

    /// `count` of them, each with what may be done.
    void look(std::size_t count);
    /// Whose review did not pass.
    void tryToReuse(const std::string& name) const;
    /// With the old badge, for its part of the fee; returns the new person's id.
    std::string reuse(const std::string& name) const;
    /// With a new badge and a new photo.
    std::string applyAnew(const std::string& name) const;
    /// What the edition does not offer.
    void tryPickupOnSite(const std::string& person) const;
    /// Another photo would be another badge.
    void tryAnotherPhoto(const std::string& person) const;

private:
    std::string idOf(const std::string& name) const;
    void compareFaces(const std::string& name) const;
    /// `wish` beside the person's id.
    WebAnswer apply(const std::string& name, Json wish) const;
    std::string applied(const std::string& name, const Json& wish) const;
    WebAnswer save(const std::string& person, const Json& changes) const;
    /// How the badge comes, which is chosen anew.
    void chooseCourier(const std::string& person) const;

    const Applicant& applicant_;
    Json persons_;
};

} // namespace demo
