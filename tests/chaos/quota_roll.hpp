// Who is where and who is done with whom: the persons of a quota run by organization and group, and
// what of them was acknowledged. One clerk at a time has a person; nobody keeps the organizations
// from being moved meanwhile. Thread-safe.
#pragma once

#include "group.hpp"
#include "mode.hpp"

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

enum class Task { Categorize, Uncategorize, Lock, Cancel, Submit };

/// Persons of one organization that a clerk or a contact has taken for one task.
struct Lease {
    Task task = Task::Categorize;
    std::string category; ///< of Categorize and Submit
    std::string organization_id;
    std::vector<std::string> person_ids;
};

class QuotaRoll {
public:
    explicit QuotaRoll(Mode mode)
        : mode_(mode)
    {}

    void addOrganization(const std::string& organization_id, const Group& group);
    void addPerson(const std::string& person_id, EnrolledPerson person);
    void relocate(const std::string& organization_id, const Group& group);

    /// Until then the fight goes on: clerks change categories and take them back, and nobody's
    /// visits end.
    void letFinish();

    /// Some persons of organizations that the group's clerks work for, and what to do with them;
    /// nobody when there is nobody to do now.
    Lease take(const Group& clerk, std::mt19937_64& random);
    /// Some persons of the organization that were only saved, and the category to submit them
    /// with.
    Lease takeSaved(const std::string& organization_id, std::mt19937_64& random);
    /// One person of whatever organization that may be withdrawn.
    Lease takeOne(std::mt19937_64& random);
    /// Was done, as the answer shows it.
    void acknowledge(const std::string& person_id, const nlohmann::json& shown);
    /// Was refused; whoever still has no category is visited again.
    void refuse(const std::string& person_id, const std::string& code);
    /// Ends the lease of all of them.
    void giveBack(const Lease& lease);

    /// Everybody was visited as often as wished, and is submitted and has a category, or is gone.
    bool isDone() const;
    std::int64_t acknowledged() const;
    std::map<std::string, EnrolledPerson> persons() const;
    std::map<std::string, std::int64_t> refusals() const; ///< by code
    std::int64_t upgrades() const; ///< of a reused badge, to a higher category
    /// The categories that organizations chose, by person, as far as they were submitted.
    std::map<std::string, std::string> chosen() const;
    std::string drawOrganization(std::mt19937_64& random) const;
    Group groupOf(const std::string& organization_id) const;
    /// The organizations that are the group's own.
    std::vector<std::string> organizationsOf(const Group& group) const;

private:
    struct Organization {
        Group group;
        std::deque<std::string> waiting; ///< its persons that nobody has
    };

    /// Takes up to so many of its waiting persons, those who were only saved or the others.
    std::vector<std::string> pick(Organization& organization, bool saved, std::size_t wanted);
    std::size_t countWaiting(const Organization& organization, bool saved) const;
    /// How many clerks may take now.
    std::size_t countForClerks(const Organization& organization) const;
    Task drawTask(const EnrolledPerson& person, std::mt19937_64& random) const;
    bool isWaiting(const EnrolledPerson& person) const;

    Mode mode_;
    bool may_finish_ = false;
    mutable std::mutex mutex_;
    std::map<std::string, Organization> organizations_;
    std::vector<std::string> organization_ids_;
    std::map<std::string, EnrolledPerson> persons_;
    std::map<std::string, std::int64_t> refusals_;
    std::map<std::string, std::string> chosen_;
    std::size_t undone_ = 0;
    std::int64_t acknowledged_ = 0;
    std::int64_t upgrades_ = 0;
};

/// A category for whoever asks, most of them limited ones, so that the quotas are fought for.
std::string drawCategory(const EnrolledPerson& person, std::mt19937_64& random);

} // namespace chaos
