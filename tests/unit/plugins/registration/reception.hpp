// The reception where an organization's contact enters persons: complete sample forms, and the
// steps that most tests begin with.
#pragma once

#include "floor.hpp"
#include "support/suite.hpp"

#include <string>

namespace registration::test {

// Of the requirements, section 10: provinces without a town, births of 1900.
inline const std::string kFemaleNumber = "110000190001010020";
inline const std::string kMaleNumber = "31000019000101001X";
inline const std::string kOtherNumber = "11000019000101008X"; // female
inline const std::string kOtherOrganization = "01980000-0000-7000-8000-000000000009";
/// What persons agreed to.
inline const Json kConsents = {{"sensitive", "1"}};

/// All that a person of the mainland needs but the photo.
Json completeForm(const std::string& name = "样本甲", const std::string& number = kFemaleNumber);
/// The same for a visitor from abroad.
Json passportForm(const std::string& number = "X0000001");

bool hasReason(const Json& problem, const std::string& code, const std::string& pointer);
bool hasRemark(const Json& remarks, const std::string& code, const std::string& pointer);
bool offers(const Json& fields, const std::string& name);

class Reception {
public:
    /// With the organization kOrganization of the delegation shanghai, still a draft, and
    /// kOtherOrganization.
    explicit Reception(const std::string& edition = kEdition,
                       const std::string& past_organization_id = {});

    Heard write(const std::string& operation, Json body, const std::string& person_id = {});
    Heard read(const std::string& operation, const Json& query = Json::object());
    Heard show(const std::string& person_id);
    /// Whoever is added has agreed to it.
    Heard add(const Json& form, const std::string& kind = "mainland");
    Heard save(const std::string& person_id, const Json& form, std::int64_t revision);
    Heard submit(const std::string& person_id);

    /// Must succeed; its id.
    std::string added(const Json& form, const std::string& kind = "mainland");
    /// With a photo, which a task would have kept.
    std::string ready(const Json& form, const std::string& kind = "mainland");
    void putPhoto(const std::string& person_id, const std::string& digest);
    std::string stateOf(const std::string& person_id);
    void changeOrganization(const std::function<void(Organization&)>& change);
    void changePerson(const std::string& person_id, const std::function<void(Person&)>& change);

    Visitor contact = contactOf(kOrganization);
    Floor floor;
};

/// A list of the persons of a page, by one of their members.
std::string listOf(const Heard& heard, const std::string& member);

} // namespace registration::test
