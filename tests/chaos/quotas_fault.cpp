// quotas: reviewers of all delegations fight for scarce places while the hub dies, organizations
// move and quotas are lowered. No place is given twice, and every counter is what a recount says.

#include "fault.hpp"
#include "journal.hpp"
#include "parallel.hpp"
#include "quota_clerk.hpp"
#include "quota_organizer.hpp"
#include "quota_recount.hpp"
#include "quota_world.hpp"
#include "registration_people.hpp"
#include "report.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <memory>
#include <stdexcept>

namespace chaos {

namespace {

constexpr const char* kEdition = "ciie-4";
constexpr int kFullRounds = 8;
constexpr std::int64_t kFullPersons = 10'000;
constexpr std::int64_t kClerksMax = 64;
constexpr std::int64_t kClerksMin = 16;
constexpr std::size_t kJoinAtOnce = 8;
constexpr Milliseconds kReturnLimit{60'000};
constexpr Milliseconds kProgressLimit{300'000}; ///< from one kill to the next

std::int64_t personsOf(const Options& options)
{
    return options.persons != 0 ? options.persons
                                : shareOf(kFullPersons, options.rounds, kFullRounds);
}

Setup setupOf(const Options& options)
{
    if (options.postgres) {
        throw std::invalid_argument(
            "--fault quotas reads the journal in SQLite's file; leave --store out");
    }
    Setup setup = registrationSetup(options);
    setup.settings = {"gateway.threads_max = 160"}; // every reviewer keeps a connection
    return setup;
}

class QuotasRun {
public:
    explicit QuotasRun(const Options& options)
        : options_(options)
        , installation_(options, setupOf(options))
        , office_(installation_, kEdition, effort_)
    {}

    int run()
    {
        build();
        fight();
        return conclude() ? 0 : 1;
    }

private:
    void build()
    {
        const auto start = Clock::now();
        world_ = buildQuotaWorld(installation_, office_, roll_, effort_, personsOf(options_));
        const std::vector<Group> staffed = staffedGroups(world_);
        const auto wanted = std::clamp(world_.persons / 20, kClerksMin, kClerksMax);
        callers_.resize(static_cast<std::size_t>(wanted));
        forEach(callers_.size(), kJoinAtOnce, [&](std::size_t n) {
            const std::string mail = "clerk-" + std::to_string(n) + "@example.com";
            callers_[n] = std::make_unique<Caller>(joinAsClerk(
                office_, staffed[n % staffed.size()], mail, installation_.hub(), effort_));
        });
        for (std::size_t n = 0; n < staffed.size(); ++n) {
            if (staffed[n].sub_delegation_id.empty()) {
                giveQuotaBelow(*callers_.at(n), world_, staffed[n].delegation_id);
            }
        }
        std::cout << world_.persons << " persons of " << staffed.size() << " groups are submitted, "
                  << callers_.size() << " reviewers are there after " << since(start).count()
                  << " ms" << std::endl;
    }

    /// All at once, and the hub dies again and again meanwhile.
    void fight()
    {
        const auto start = Clock::now();
        const std::vector<Group> staffed = staffedGroups(world_);
        QuotaOrganizer organizer(Caller(office_.server(), kEdition, effort_),
                                 kEdition,
                                 world_.groups,
                                 roll_,
                                 watch_,
                                 effort_,
                                 options_.seed);
        std::vector<std::thread> threads;
        threads.emplace_back([&] { organizer.work(); });
        for (std::size_t n = 0; n < callers_.size(); ++n) {
            threads.emplace_back([&, n] {
                QuotaClerk(std::move(*callers_[n]),
                           kEdition,
                           staffed[n % staffed.size()],
                           roll_,
                           watch_,
                           effort_,
                           options_.seed * 1000 + n)
                    .work();
            });
        }
        for (int round = 1; round <= options_.rounds && !effort_.hopeless; ++round) {
            kill(round);
        }
        const bool done = waitUntil(kProgressLimit, [this] { return roll_.isDone(); });
        if (!done) {
            failures_.push_back("not everybody was categorized in time");
            effort_.hopeless = true;
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        interventions_ = organizer.interventions();
        std::cout << "everybody is done after " << since(start).count() << " ms" << std::endl;
    }

    void kill(int round)
    {
        const std::int64_t due = world_.persons * round / (options_.rounds + 1);
        waitUntil(kProgressLimit, [&] { return roll_.acknowledged() >= due || roll_.isDone(); });
        const pid_t hub = installation_.processOf(Victim::Hub);
        if (hub == 0 || roll_.isDone()) {
            failures_.push_back("round " + std::to_string(round) + ": nothing was left to break");
            return;
        }
        ::kill(hub, SIGKILL);
        const auto killed = Clock::now();
        ++kills_;
        const bool back = waitUntil(kReturnLimit, [&] {
            const pid_t now = installation_.processOf(Victim::Hub);
            return now != 0 && now != hub && installation_.isHealthy();
        });
        std::cout << "round " << round << ": hub killed after " << roll_.acknowledged()
                  << " acknowledged acts, back after " << since(killed).count() << " ms"
                  << std::endl;
        if (!back) {
            failures_.push_back("the hub did not come back");
            effort_.hopeless = true;
        }
    }

    bool conclude()
    {
        Caller& reader = office_.caller();
        const Enrolment enrolment = readEnrolment(reader, kEdition);
        QuotaReplay replay(kEdition, world_.groups, world_.limited);
        readJournal(installation_.dataFolder() / "store", kEdition, [&](const JournalEvent& event) {
            replay.apply(event);
        });
        const Recount counted = recount(reader, kEdition, staffedGroups(world_), enrolment, replay);
        const std::vector<std::string> lost = findLost(roll_, enrolment);
        std::vector<std::string> doubled = enrolment.twice;
        doubled.insert(doubled.end(), replay.doubled().begin(), replay.doubled().end());
        std::vector<std::string> unequal = counted.unequal;
        const auto shown = watch_.unequal();
        unequal.insert(unequal.end(), shown.begin(), shown.end());
        std::vector<std::string> exceeded = replay.exceeded();
        for (const auto& more : {counted.exceeded, watch_.exceeded()}) {
            exceeded.insert(exceeded.end(), more.begin(), more.end());
        }
        return tell(counted, replay, lost, doubled, exceeded, unequal);
    }

    bool tell(const Recount& counted,
              const QuotaReplay& replay,
              const std::vector<std::string>& lost,
              const std::vector<std::string>& doubled,
              const std::vector<std::string>& exceeded,
              const std::vector<std::string>& unequal)
    {
        show("lost", lost);
        show("doubled", doubled);
        show("exceeded", exceeded);
        show("counters", unequal);
        show("unexpected", effort_.surprises());
        show("failed", failures_);
        tellFigures(counted, replay);
        Reasons reasons;
        reasons.add("lost", lost.size());
        reasons.add("doubled", doubled.size());
        reasons.add("exceeded", exceeded.size());
        reasons.add("counters NOT equal", unequal.size());
        reasons.add("unexpected answers", effort_.surprises().size());
        reasons.add("never answered", static_cast<std::size_t>(effort_.given_up));
        reasons.add(failures_);
        reasons.add(missedFloors(floors()));
        if (!reasons.empty()) {
            if (options_.weakness.empty()) {
                installation_.keep(); // else nobody wonders why
            }
            std::cout << reasons.line() << "\n";
        }
        std::cout << "lost " << lost.size() << ", doubled " << doubled.size() << ", exceeded "
                  << exceeded.size() << ", counters " << (unequal.empty() ? "equal" : "NOT equal")
                  << " recount" << std::endl;
        return reasons.empty();
    }

    void tellFigures(const Recount& counted, const QuotaReplay& replay)
    {
        std::cout << "acknowledged " << roll_.acknowledged() << ", upgrades " << roll_.upgrades()
                  << ", withdrawn " << interventions_.withdrawn << ", moved "
                  << interventions_.moved << ", reassigned " << interventions_.reassigned
                  << ", moves refused " << interventions_.refused_moves << ", quotas lowered "
                  << interventions_.lowered << ", raised " << interventions_.raised
                  << ", refused below use " << watch_.refusedBelowUse() << ", repeated requests "
                  << effort_.repeats << ", never answered " << effort_.given_up << "\nrefused:";
        for (const auto& [code, n] : roll_.refusals()) {
            std::cout << " " << code << " " << n;
        }
        std::cout << "\ncounters compared:";
        for (const auto& [level, n] : counted.compared) {
            std::cout << " " << level << " " << n;
        }
        std::cout << "; quota lines looked at " << watch_.looks()
                  << " times; events of the journal " << replay.events() << "\n";
    }

    std::vector<Floor> floors() const
    {
        const auto refusals = roll_.refusals();
        const auto exhausted = refusals.find("quota_exhausted");
        // A short run is over before an organizer has done much.
        const std::int64_t interventions = options_.rounds / 2;
        return {{"acknowledged", roll_.acknowledged(), world_.persons},
                {"kills of the hub", kills_, options_.rounds},
                {"upgrades", roll_.upgrades(), world_.persons / 50},
                {"refused for want of a place",
                 exhausted == refusals.end() ? 0 : exhausted->second,
                 world_.persons / 20},
                {"moved or reassigned",
                 interventions_.moved + interventions_.reassigned,
                 interventions},
                {"quotas lowered", interventions_.lowered, interventions},
                {"withdrawn", interventions_.withdrawn, interventions}};
    }

    const Options& options_;
    Effort effort_;
    Installation installation_;
    Office office_;
    QuotaRoll roll_;
    QuotaWatch watch_;
    QuotaWorld world_;
    std::vector<std::unique_ptr<Caller>> callers_;
    Interventions interventions_;
    std::vector<std::string> failures_;
    std::int64_t kills_ = 0;
};

int run(const Options& options)
{
    std::cout << "quotas: " << personsOf(options) << " persons, " << options.rounds
              << " rounds of kill -9, --seed " << options.seed << std::endl;
    return QuotasRun(options).run();
}

} // namespace

extern const Fault kQuotasFault;
const Fault kQuotasFault = {
    "quotas",
    "64 reviewers fight for places while the hub is killed, organizations move, quotas are lowered",
    kFullRounds,
    1,
    run};

} // namespace chaos
