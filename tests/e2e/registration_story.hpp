// RegistrationStory: a Shanghai enterprise, a visitor of a past edition, from its registration to
// paid badges, one of them used again; told for the seventh edition, where organizations choose
// categories within a quota of their own, or for the fourth, where the delegation categorizes and
// locks. Everything goes through the public API and
// the pages; every step checks what it tells.
#pragma once

#include "applicant.hpp"
#include "clerk.hpp"
#include "enterprise.hpp"
#include "installation.hpp"
#include "organizer.hpp"
#include "past_edition.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace demo {

class RegistrationStory {
public:
    /// `number` is the edition's, 7 or 4.
    RegistrationStory(Installation installation, int number);

    /// Throws std::runtime_error naming the step that failed.
    void tell();

private:
    void openEdition();
    void bringPastPersons();
    void addPersons();
    void review() const;
    void chooseWithinQuota();
    void categorizeWithinQuota() const;
    void awaitPersons(const std::string& state, const std::vector<std::string>& persons) const;
    void orderAndPay() const;
    std::string createOrder() const;
    void showLines(const std::string& order) const;
    void showConsent() const;
    std::vector<std::string> payers() const;
    std::vector<std::string> everybody() const;
    std::string openCheckout(const std::string& order) const;
    void pay(const std::string& url) const;
    bool choosesItself() const noexcept { return number_ == 7; }

    Installation installation_;
    int number_;
    std::string edition_;
    std::uint64_t run_; // makes numbers and names of this telling its own
    Enterprise enterprise_;
    Organizer organizer_;
    Clerk clerk_;
    Applicant applicant_;
    PastEdition past_;
    std::vector<std::string> visitors_; // with new badges
    std::string reused_;                // with the badge of the past edition
    std::string guest_;                 // comes free
};

} // namespace demo
