// The way of one organization from its account to its paid order, with the clerk who decides about
// it. Not thread-safe; every thread has its own.
#pragma once

#include "application.hpp"
#include "caller.hpp"
#include "shop.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

class ApplicationDesk {
public:
    /// The clerk is of the group.
    ApplicationDesk(const Installation& installation,
                    std::string edition,
                    Group group,
                    Caller clerk,
                    Memory& memory,
                    Effort& effort,
                    Progress& progress);

    /// Of the n-th organization: notes every acknowledgement when it has come. Throws
    /// std::runtime_error when a step is refused that nobody should be refused.
    void apply(std::size_t n, Application& application);

private:
    void openAccount(std::size_t n);
    void savePage(std::size_t n);
    void addPersons(std::size_t n);
    void correct(const std::string& person_id, EnteredPerson& person);
    void submit();
    void approve();
    void categorize();
    void lock();
    void order();
    void pay();

    std::string path(const std::string& rest) const;
    /// An act on persons, which says for each what it is now.
    void decide(const std::string& verb, const std::vector<std::string>& persons, Json body);
    std::vector<std::string> everybody() const;
    std::vector<std::string> visitors() const;

    const Installation& installation_;
    std::string edition_;
    Group group_;
    Caller clerk_;
    Shop shop_;
    Effort& effort_;
    Progress& progress_;
    // Of the organization that is served now.
    Application* application_ = nullptr;
    std::vector<Caller> contact_; ///< one, as soon as there is an account
};

} // namespace chaos
