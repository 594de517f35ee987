// Who is where and who is done with whom: the persons of a quota run by organization and group, and
// what of them was acknowledged. One clerk at a time has a person; nobody keeps the organizations
// from being moved meanwhile. Thread-safe.
#pragma once

#include "group.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace chaos {

/// As it was acknowledged last.
struct EnrolledPerson {
    std::string organization_id;
    std::string state;
    std::string category;
    bool reuse = false;
    int visits = 0; ///< how often a clerk shall still come to it
    std::int64_t acknowledged = 0;
};

enum class Task { Categorize, Uncategorize, Lock, Cancel };

/// Persons of one organization that a clerk has taken for one task.
struct Lease {
    Task task = Task::Categorize;
    std::string category; ///< of Categorize
    std::string organization_id;
    std::vector<std::string> person_ids;
};

class QuotaRoll {
public:
    void addOrganization(const std::string& organization_id, const Group& group);
    void addPerson(const std::string& person_id, EnrolledPerson person);
    void relocate(const std::string& organization_id, const Group& group);

    /// Some persons of organizations that the group's clerks work for, and what to do with them;
    /// nobody when there is nobody to do now.
    Lease take(const Group& clerk, std::mt19937_64& random);
    /// One person of whatever organization that its contact may withdraw.
    Lease takeOne(std::mt19937_64& random);
    /// Was done, as the answer shows it.
    void acknowledge(const std::string& person_id, const nlohmann::json& shown);
    /// Was refused; whoever still has no category is visited again.
    void refuse(const std::string& person_id, const std::string& code);
    /// Ends the lease of all of them.
    void giveBack(const Lease& lease);

    /// Everybody was visited as often as wished, and has a category or is gone.
    bool isDone() const;
    std::int64_t acknowledged() const;
    std::map<std::string, EnrolledPerson> persons() const;
    std::map<std::string, std::int64_t> refusals() const; ///< by code
    std::int64_t upgrades() const;
    std::string drawOrganization(std::mt19937_64& random) const;
    Group groupOf(const std::string& organization_id) const;

private:
    struct Organization {
        Group group;
        std::deque<std::string> waiting; ///< its persons that nobody has
    };

    Task drawTask(const EnrolledPerson& person, std::mt19937_64& random) const;
    bool isWaiting(const EnrolledPerson& person) const;

    mutable std::mutex mutex_;
    std::map<std::string, Organization> organizations_;
    std::vector<std::string> organization_ids_;
    std::map<std::string, EnrolledPerson> persons_;
    std::map<std::string, std::int64_t> refusals_;
    std::size_t undone_ = 0;
    std::int64_t acknowledged_ = 0;
    std::int64_t upgrades_ = 0;
};

/// A category for whoever asks, most of them limited ones, so that the quotas are fought for.
std::string drawCategory(const EnrolledPerson& person, std::mt19937_64& random);

} // namespace chaos
