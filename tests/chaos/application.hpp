// What an organization's contact and its delegation's clerk were told: one application with its
// persons and its order, as acknowledged last. The measure of "lost" and "doubled".
#pragma once

#include "group.hpp"
#include "https_client.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

namespace chaos {

struct SavedPage {
    std::int64_t revision = 0;
    Json document;
};

struct EnteredPerson {
    std::int64_t revision = 0; ///< of the form
    Json form;
    std::string state;
    std::string category;
};

struct Application {
    Group group;
    std::string organization_id; ///< empty: no account was acknowledged
    std::map<std::string, SavedPage> pages;
    std::map<std::string, EnteredPerson> persons;
    std::string state;
    std::string order; ///< its number; empty: none was acknowledged
    std::int64_t amount_minor = 0;
    bool is_paid = false; ///< the wallet said so
};

/// How often each was acknowledged. Thread-safe.
struct Progress {
    std::atomic<std::int64_t> accounts{0}; ///< each by a code to a phone
    std::atomic<std::int64_t> drafts{0};   ///< of pages and persons, saved with If-Match
    std::atomic<std::int64_t> persons{0};
    std::atomic<std::int64_t> submissions{0}; ///< of persons and organizations
    std::atomic<std::int64_t> decisions{0};   ///< reviews, categories, locks
    std::atomic<std::int64_t> orders{0};

    std::int64_t acknowledged() const
    {
        return accounts + drafts + persons + submissions + decisions + orders;
    }
};

} // namespace chaos
