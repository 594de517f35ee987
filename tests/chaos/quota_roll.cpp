#include "quota_roll.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr const char* kWithoutCategory = "to_be_categorized";
constexpr const char* kWithCategory = "to_be_locked";
constexpr std::size_t kBatchMax = 20;
constexpr int kSingleShare = 50; ///< percent of visits that are to one person

int percent(std::mt19937_64& random)
{
    return std::uniform_int_distribution<int>(0, 99)(random);
}

bool worksFor(const Group& clerk, const Group& organization)
{
    return clerk.delegation_id == organization.delegation_id &&
           (clerk.sub_delegation_id.empty() ||
            clerk.sub_delegation_id == organization.sub_delegation_id);
}

} // namespace

std::string drawCategory(const EnrolledPerson& person, std::mt19937_64& random)
{
    const int drawn = percent(random);
    if (person.reuse) {
        return drawn < 60 ? "staff" : "vip"; // only an upgrade is offered
    }
    if (drawn < 45) {
        return "staff";
    }
    return drawn < 70 ? "vip" : "visitor";
}

void QuotaRoll::addOrganization(const std::string& organization_id, const Group& group)
{
    const std::lock_guard lock(mutex_);
    organizations_[organization_id].group = group;
    organization_ids_.push_back(organization_id);
}

void QuotaRoll::addPerson(const std::string& person_id, EnrolledPerson person)
{
    const std::lock_guard lock(mutex_);
    Organization& organization = organizations_.at(person.organization_id);
    if (isWaiting(person)) {
        ++undone_;
        organization.waiting.push_back(person_id);
    }
    persons_[person_id] = std::move(person);
}

void QuotaRoll::relocate(const std::string& organization_id, const Group& group)
{
    const std::lock_guard lock(mutex_);
    organizations_.at(organization_id).group = group;
}

bool QuotaRoll::isWaiting(const EnrolledPerson& person) const
{
    return person.state == kWithoutCategory || (person.state == kWithCategory && person.visits > 0);
}

Task QuotaRoll::drawTask(const EnrolledPerson& person, std::mt19937_64& random) const
{
    if (person.state == kWithoutCategory || person.acknowledged == 0) {
        return Task::Categorize;
    }
    const int drawn = percent(random);
    if (drawn < 45) {
        return Task::Categorize;
    }
    if (drawn < 60) {
        return Task::Uncategorize;
    }
    return drawn < 80 ? Task::Lock : Task::Cancel;
}

Lease QuotaRoll::take(const Group& clerk, std::mt19937_64& random)
{
    const std::lock_guard lock(mutex_);
    std::vector<const std::string*> some;
    for (const auto& [id, organization] : organizations_) {
        if (!organization.waiting.empty() && worksFor(clerk, organization.group)) {
            some.push_back(&id);
        }
    }
    Lease lease;
    if (some.empty()) {
        return lease;
    }
    lease.organization_id =
        *some[std::uniform_int_distribution<std::size_t>(0, some.size() - 1)(random)];
    auto& waiting = organizations_.at(lease.organization_id).waiting;
    const std::size_t wanted =
        percent(random) < kSingleShare
            ? 1
            : std::uniform_int_distribution<std::size_t>(2, kBatchMax)(random);
    const EnrolledPerson& first = persons_.at(waiting.front());
    lease.task = drawTask(first, random);
    lease.category = drawCategory(first, random);
    while (!waiting.empty() && lease.person_ids.size() < wanted) {
        lease.person_ids.push_back(waiting.front());
        waiting.pop_front();
    }
    return lease;
}

Lease QuotaRoll::takeOne(std::mt19937_64& random)
{
    const std::string id = drawOrganization(random);
    const std::lock_guard lock(mutex_);
    Lease lease;
    auto& waiting = organizations_.at(id).waiting;
    if (!waiting.empty()) {
        lease.task = Task::Cancel;
        lease.organization_id = id;
        lease.person_ids.push_back(waiting.back());
        waiting.pop_back();
    }
    return lease;
}

void QuotaRoll::acknowledge(const std::string& person_id, const nlohmann::json& shown)
{
    const std::lock_guard lock(mutex_);
    EnrolledPerson& person = persons_.at(person_id);
    const std::string category = shown.at("category");
    upgrades_ += person.reuse && category != person.category ? 1 : 0;
    person.state = shown.at("state");
    person.category = category;
    --person.visits;
    ++person.acknowledged;
    ++acknowledged_;
}

void QuotaRoll::refuse(const std::string& person_id, const std::string& code)
{
    const std::lock_guard lock(mutex_);
    ++refusals_[code];
    // Whose organization has just been moved has lost nothing: its new clerks come.
    persons_.at(person_id).visits -= code == "not_found" ? 0 : 1;
}

void QuotaRoll::giveBack(const Lease& lease)
{
    const std::lock_guard lock(mutex_);
    for (const std::string& id : lease.person_ids) {
        if (isWaiting(persons_.at(id))) {
            organizations_.at(lease.organization_id).waiting.push_back(id);
        } else {
            --undone_;
        }
    }
}

bool QuotaRoll::isDone() const
{
    const std::lock_guard lock(mutex_);
    return undone_ == 0;
}

std::int64_t QuotaRoll::acknowledged() const
{
    const std::lock_guard lock(mutex_);
    return acknowledged_;
}

std::map<std::string, EnrolledPerson> QuotaRoll::persons() const
{
    const std::lock_guard lock(mutex_);
    return persons_;
}

std::map<std::string, std::int64_t> QuotaRoll::refusals() const
{
    const std::lock_guard lock(mutex_);
    return refusals_;
}

std::int64_t QuotaRoll::upgrades() const
{
    const std::lock_guard lock(mutex_);
    return upgrades_;
}

std::string QuotaRoll::drawOrganization(std::mt19937_64& random) const
{
    const std::lock_guard lock(mutex_);
    return organization_ids_[std::uniform_int_distribution<std::size_t>(
        0, organization_ids_.size() - 1)(random)];
}

Group QuotaRoll::groupOf(const std::string& organization_id) const
{
    const std::lock_guard lock(mutex_);
    return organizations_.at(organization_id).group;
}

} // namespace chaos
