#include "quota_roll.hpp"

#include <algorithm>

namespace chaos {

namespace {

constexpr const char* kWithoutCategory = "to_be_categorized";
constexpr const char* kWithCategory = "to_be_locked";
constexpr const char* kSaved = "saved";
constexpr std::size_t kBatchMax = 20;
constexpr int kSingleShare = 50; ///< percent of visits that are to one person

int percent(std::mt19937_64& random)
{
    return std::uniform_int_distribution<int>(0, 99)(random);
}

std::size_t drawBatch(std::mt19937_64& random)
{
    return percent(random) < kSingleShare
               ? 1
               : std::uniform_int_distribution<std::size_t>(2, kBatchMax)(random);
}

/// A higher one is an upgrade; the other way it is taken back.
int rankOf(const std::string& category)
{
    static const std::map<std::string, int> kRanks = {{"visitor", 1}, {"staff", 2}, {"vip", 3}};
    const auto found = kRanks.find(category);
    return found == kRanks.end() ? 0 : found->second;
}

/// Was submitted where organizations choose, and may still be canceled.
bool isSubmitted(const std::string& state)
{
    return state == "submitted" || state == "to_be_paid" || state == "to_be_reviewed";
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
    if (person.state == kWithoutCategory || person.state == kSaved) {
        return true;
    }
    const bool is_open =
        mode_ == Mode::ByDelegation ? person.state == kWithCategory : isSubmitted(person.state);
    return is_open && person.visits > 0;
}

std::size_t QuotaRoll::countWaiting(const Organization& organization, bool saved) const
{
    return static_cast<std::size_t>(std::count_if(
        organization.waiting.begin(), organization.waiting.end(), [&](const std::string& id) {
            return (persons_.at(id).state == kSaved) == saved;
        }));
}

/// Where all that clerks do is to cancel, the last one is left to the organizer until that has
/// withdrawn as many as it owes.
std::size_t QuotaRoll::countForClerks(const Organization& organization) const
{
    const std::size_t kept = mode_ == Mode::ByOrganization && !may_finish_ ? 1 : 0;
    const std::size_t waiting = countWaiting(organization, false);
    return waiting > kept ? waiting - kept : 0;
}

std::vector<std::string> QuotaRoll::pick(Organization& organization, bool saved, std::size_t wanted)
{
    std::vector<std::string> picked;
    std::deque<std::string> left;
    for (std::string& id : organization.waiting) {
        const bool is_fit = (persons_.at(id).state == kSaved) == saved;
        if (is_fit && picked.size() < wanted) {
            picked.push_back(std::move(id));
        } else {
            left.push_back(std::move(id));
        }
    }
    organization.waiting = std::move(left);
    return picked;
}

Task QuotaRoll::drawTask(const EnrolledPerson& person, std::mt19937_64& random) const
{
    if (mode_ == Mode::ByOrganization) {
        return Task::Cancel; // nothing else is left to a clerk
    }
    if (person.state == kWithoutCategory || person.acknowledged == 0) {
        return Task::Categorize;
    }
    const int drawn = percent(random);
    if (drawn < 45) {
        return Task::Categorize;
    }
    if (drawn < 60 || !may_finish_) {
        return Task::Uncategorize;
    }
    return drawn < 80 ? Task::Lock : Task::Cancel;
}

void QuotaRoll::letFinish()
{
    const std::lock_guard lock(mutex_);
    may_finish_ = true;
}

Lease QuotaRoll::take(const Group& clerk, std::mt19937_64& random)
{
    const std::lock_guard lock(mutex_);
    Lease lease;
    std::vector<const std::string*> some;
    for (const auto& [id, organization] : organizations_) {
        if (worksFor(clerk, organization.group) && countForClerks(organization) > 0) {
            some.push_back(&id);
        }
    }
    if (some.empty()) {
        return lease;
    }
    lease.organization_id =
        *some[std::uniform_int_distribution<std::size_t>(0, some.size() - 1)(random)];
    Organization& organization = organizations_.at(lease.organization_id);
    lease.person_ids =
        pick(organization, false, std::min(drawBatch(random), countForClerks(organization)));
    const EnrolledPerson& first = persons_.at(lease.person_ids.front());
    lease.task = drawTask(first, random);
    lease.category = drawCategory(first, random);
    return lease;
}

Lease QuotaRoll::takeSaved(const std::string& organization_id, std::mt19937_64& random)
{
    const std::lock_guard lock(mutex_);
    Lease lease;
    lease.task = Task::Submit;
    lease.organization_id = organization_id;
    lease.person_ids = pick(organizations_.at(organization_id), true, drawBatch(random));
    lease.category = drawCategory({}, random);
    return lease;
}

Lease QuotaRoll::takeOne(std::mt19937_64& random)
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> some;
    for (const auto& [id, organization] : organizations_) {
        if (countWaiting(organization, false) > 0) {
            some.push_back(id);
        }
    }
    Lease lease;
    if (!some.empty()) {
        lease.task = Task::Cancel;
        lease.organization_id =
            some[std::uniform_int_distribution<std::size_t>(0, some.size() - 1)(random)];
        lease.person_ids = pick(organizations_.at(lease.organization_id), false, 1);
    }
    return lease;
}

void QuotaRoll::acknowledge(const std::string& person_id, const nlohmann::json& shown)
{
    const std::lock_guard lock(mutex_);
    EnrolledPerson& person = persons_.at(person_id);
    const std::string category = shown.at("category");
    upgrades_ += person.reuse && rankOf(category) > rankOf(person.category) ? 1 : 0;
    const bool was_saved = person.state == kSaved;
    if (was_saved) {
        chosen_[person_id] = category;
    }
    person.state = shown.at("state");
    person.category = category;
    person.visits -= may_finish_ || was_saved ? 1 : 0;
    ++person.acknowledged;
    ++acknowledged_;
}

void QuotaRoll::refuse(const std::string& person_id, const std::string& code)
{
    const std::lock_guard lock(mutex_);
    ++refusals_[code];
    EnrolledPerson& person = persons_.at(person_id);
    // Whose organization has just been moved has lost nothing: its new clerks come.
    const bool is_over = may_finish_ && code != "not_found" && person.state != kSaved;
    person.visits -= is_over ? 1 : 0;
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
    return may_finish_ && undone_ == 0;
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

std::map<std::string, std::string> QuotaRoll::chosen() const
{
    const std::lock_guard lock(mutex_);
    return chosen_;
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

std::vector<std::string> QuotaRoll::organizationsOf(const Group& group) const
{
    const std::lock_guard lock(mutex_);
    std::vector<std::string> own;
    for (const auto& [id, organization] : organizations_) {
        if (organization.group == group) {
            own.push_back(id);
        }
    }
    return own;
}

} // namespace chaos
