// Admission: where a submitted person goes by what became of its organization.
#pragma once

#include "flow/work.hpp"

#include <map>
#include <string>

namespace registration {

/// Whoever pays is told once for a step, however many persons it brought to the payment.
class PaymentsDue {
public:
    /// A person that came from another state and is `now`.
    void count(PersonState before, const Person& now, const Edition& edition);
    void tell(const Work& work) const;

private:
    struct Due {
        std::string edition;
        std::int64_t persons = 0;
    };

    std::map<std::string, Due> due_; // by organization
};

/// Moves a submitted person on, as far as its organization's state allows, and tells about it.
/// Nothing happens to others.
void follow(const Work& work,
            const Organization& organization,
            Person& person,
            const Edition& edition);

/// The same for all persons of the organization.
void followAll(const Work& work, const Organization& organization, const Edition& edition);

/// Tells that a person has come to be paid for or reviewed.
void announce(const Work& work, const Person& person);

} // namespace registration
