#include "quota_fight.hpp"

#include "journal.hpp"
#include "parallel.hpp"
#include "quota_clerk.hpp"
#include "quota_contact.hpp"
#include "registration_people.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <utility>

namespace chaos {

namespace {

constexpr std::int64_t kClerksMax = 64;
constexpr std::int64_t kClerksMin = 16;
constexpr std::size_t kContactsOfOrganization = 2; ///< windows of one contact, at once
constexpr std::size_t kJoinAtOnce = 8;
constexpr int kGivingShare = 3;          ///< percent, of clerks who categorize
constexpr int kGivingShareOfGivers = 30; ///< of those who have little else to do
constexpr Milliseconds kReturnLimit{60'000};
constexpr Milliseconds kProgressLimit{300'000}; ///< from one kill to the next

template <typename One>
void append(std::vector<One>& all, const std::vector<One>& more)
{
    all.insert(all.end(), more.begin(), more.end());
}

} // namespace

QuotaFight::QuotaFight(const Installation& installation,
                       Mode mode,
                       std::int64_t persons,
                       Effort& effort)
    : installation_(installation)
    , mode_(mode)
    , persons_(persons)
    , effort_(effort)
    , edition_(editionOf(mode))
    , office_(installation, edition_, effort)
    , roll_(mode)
{}

void QuotaFight::build()
{
    const auto start = Clock::now();
    world_ = buildQuotaWorld(installation_, office_, roll_, effort_, mode_, persons_);
    staffed_ = staffedGroups(world_);
    joinClerks();
    giveQuotas();
    std::cout << edition_ << ": " << persons_ << " persons of " << staffed_.size() << " groups, "
              << clerks_.size() << " reviewers and "
              << world_.contacts.size() * kContactsOfOrganization << " contacts are there after "
              << since(start).count() << " ms" << std::endl;
}

void QuotaFight::joinClerks()
{
    const auto wanted = mode_ == Mode::ByDelegation
                            ? std::clamp(persons_ / 20, kClerksMin, kClerksMax)
                            : static_cast<std::int64_t>(staffed_.size());
    clerks_.resize(static_cast<std::size_t>(wanted));
    forEach(clerks_.size(), kJoinAtOnce, [&](std::size_t n) {
        const std::string mail = edition_ + "-clerk-" + std::to_string(n) + "@example.com";
        clerks_[n] = std::make_unique<Caller>(joinAsClerk(
            office_, staffed_[n % staffed_.size()], mail, installation_.hub(), effort_));
    });
}

/// From above to below.
void QuotaFight::giveQuotas()
{
    for (std::size_t n = 0; n < staffed_.size(); ++n) {
        if (staffed_[n].sub_delegation_id.empty()) {
            giveQuotaBelow(*clerks_.at(n), world_, staffed_[n].delegation_id);
        }
    }
    for (std::size_t n = 0; mode_ == Mode::ByOrganization && n < staffed_.size(); ++n) {
        giveQuotaToOrganizations(*clerks_.at(n), world_, roll_.organizationsOf(staffed_[n]));
    }
}

/// All at once.
void QuotaFight::begin(std::vector<std::thread>& threads)
{
    const std::uint64_t seed = installation_.options().seed * 1000;
    for (std::size_t n = 0; n < clerks_.size(); ++n) {
        threads.emplace_back([this, n, seed] {
            QuotaClerk(std::move(*clerks_[n]),
                       edition_,
                       staffed_[n % staffed_.size()],
                       mode_ == Mode::ByDelegation ? kGivingShare : kGivingShareOfGivers,
                       roll_,
                       watch_,
                       effort_,
                       seed + n)
                .work();
        });
    }
    for (std::size_t n = 0; n < world_.contacts.size() * kContactsOfOrganization; ++n) {
        threads.emplace_back([this, n, seed] {
            const Contact& contact = world_.contacts[n / kContactsOfOrganization];
            QuotaContact(contact.caller.another(),
                         edition_,
                         contact.organization_id,
                         roll_,
                         watch_,
                         effort_,
                         seed + n)
                .work();
        });
    }
}

void QuotaFight::fight()
{
    const auto start = Clock::now();
    const Options& options = installation_.options();
    QuotaOrganizer organizer(Caller(office_.server(), edition_, effort_),
                             edition_,
                             world_.groups,
                             mode_,
                             roll_,
                             watch_,
                             effort_,
                             options.seed);
    std::vector<std::thread> threads;
    threads.emplace_back([&] { organizer.work(interventionsWanted()); });
    begin(threads);
    for (int round = 1; round <= options.rounds && !effort_.hopeless; ++round) {
        kill(round);
    }
    const bool done = waitUntil(kProgressLimit, [this] { return roll_.isDone(); });
    if (!done) {
        failures_.push_back("not everybody of " + edition_ + " was done in time");
        effort_.hopeless = true;
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    interventions_ = organizer.interventions();
    std::cout << edition_ << ": everybody is done after " << since(start).count() << " ms"
              << std::endl;
}

void QuotaFight::kill(int round)
{
    const std::string story = edition_ + ", round " + std::to_string(round) + ": ";
    const std::int64_t due = persons_ * round / (installation_.options().rounds + 1);
    waitUntil(kProgressLimit, [&] { return roll_.acknowledged() >= due || roll_.isDone(); });
    const pid_t hub = installation_.processOf(Victim::Hub);
    if (hub == 0 || roll_.isDone()) {
        failures_.push_back(story + "nothing was left to break");
        return;
    }
    ::kill(hub, SIGKILL);
    const auto killed = Clock::now();
    ++kills_;
    const bool back = waitUntil(kReturnLimit, [&] {
        const pid_t now = installation_.processOf(Victim::Hub);
        return now != 0 && now != hub && installation_.isHealthy();
    });
    std::cout << story << "hub killed after " << roll_.acknowledged()
              << " acknowledged acts, back after " << since(killed).count() << " ms" << std::endl;
    if (!back) {
        failures_.push_back(story + "the hub did not come back");
        effort_.hopeless = true;
    }
}

void QuotaFight::judge(QuotaFindings& findings)
{
    Caller& reader = office_.caller();
    const Enrolment enrolment = readEnrolment(reader, edition_);
    QuotaReplay replay(edition_, world_.groups, world_.limited, roll_.chosen());
    readJournal(installation_.dataFolder() / "store", edition_, [&](const JournalEvent& event) {
        replay.apply(event);
    });
    const Recount counted =
        recount(readerOf(reader), {edition_, staffed_, mode_}, enrolment, replay);
    append(findings.lost, findLost(roll_, enrolment));
    append(findings.doubled, enrolment.twice);
    append(findings.doubled, replay.doubled());
    append(findings.exceeded, replay.exceeded());
    append(findings.exceeded, counted.exceeded);
    append(findings.exceeded, watch_.exceeded());
    append(findings.unequal, counted.unequal);
    append(findings.unequal, watch_.unequal());
    append(findings.failures, failures_);
    append(findings.floors, floors(counted));
    tellFigures(counted, replay);
}

void QuotaFight::tellFigures(const Recount& counted, const QuotaReplay& replay) const
{
    std::cout << edition_ << ": acknowledged " << roll_.acknowledged() << ", upgrades "
              << roll_.upgrades() << ", withdrawn " << interventions_.withdrawn << ", moved "
              << interventions_.moved << ", reassigned " << interventions_.reassigned
              << ", moves refused " << interventions_.refused_moves << ", quotas lowered "
              << interventions_.lowered << ", raised " << interventions_.raised
              << ", quotas given in all " << watch_.given() << ", refused below use "
              << watch_.refusedBelowUse() << "\nrefused:";
    for (const auto& [code, n] : roll_.refusals()) {
        std::cout << " " << code << " " << n;
    }
    std::cout << "\ncounters compared:";
    for (const auto& [level, n] : counted.compared) {
        std::cout << " " << level << " " << n;
    }
    std::cout << "; of quotas and not 0:";
    for (const auto& [level, n] : counted.held) {
        std::cout << " " << level << " " << n;
    }
    std::cout << "; quota lines looked at " << watch_.looks() << " times; events of the journal "
              << replay.events() << "\n";
}

std::int64_t QuotaFight::interventionsWanted() const
{
    return std::max(1, installation_.options().rounds / 2);
}

std::vector<Floor> QuotaFight::floors(const Recount& counted) const
{
    const auto refusals = roll_.refusals();
    const auto exhausted = refusals.find("quota_exhausted");
    const std::int64_t interventions = interventionsWanted();
    std::vector<Floor> floors = {
        {"acknowledged", roll_.acknowledged(), persons_},
        {"kills of the hub", kills_, installation_.options().rounds},
        {"refused for want of a place",
         exhausted == refusals.end() ? 0 : exhausted->second,
         persons_ / 20},
        {"moved to another delegation", interventions_.moved, interventions},
        {"reassigned within one", interventions_.reassigned, interventions},
        {"quotas lowered", interventions_.lowered, interventions},
        {"withdrawn", interventions_.withdrawn, interventions}};
    std::vector<const char*> levels = {"edition", "delegation", "sub_delegation"};
    if (mode_ == Mode::ByDelegation) {
        floors.push_back({"upgrades", roll_.upgrades(), persons_ / 50});
    } else {
        levels.push_back("organization");
    }
    for (const char* level : levels) {
        const auto held = counted.held.find(level);
        floors.push_back({std::string("used quotas of level ") + level,
                          held == counted.held.end() ? 0 : held->second,
                          1});
    }
    for (Floor& floor : floors) {
        floor.what = edition_ + " " + floor.what;
    }
    return floors;
}

} // namespace chaos
