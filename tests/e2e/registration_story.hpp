// RegistrationStory: a Shanghai enterprise from its registration to paid badges, told for the
// seventh edition, where organizations choose categories within a quota of their own, or for the
// fourth, where the delegation categorizes and locks. Everything goes through the public API and
// the pages; every step checks what it tells.
#pragma once

#include "applicant.hpp"
#include "clerk.hpp"
#include "enterprise.hpp"
#include "installation.hpp"
#include "organizer.hpp"

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
    void addPersons();
    void chooseWithinQuota();
    void categorizeWithinQuota() const;
    void awaitPersons(const std::string& state, const std::vector<std::string>& persons) const;
    void orderAndPay() const;
    std::string createOrder() const;
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
    std::vector<std::string> payers_;
    std::string guest_; // comes free
};

} // namespace demo
