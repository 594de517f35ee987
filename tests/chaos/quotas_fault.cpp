// quotas: people fight for scarce places while the hub dies, organizations move and quotas are
// lowered, at first where delegations categorize, then where organizations choose. No place is
// given twice, and every counter is what a recount says.

#include "fault.hpp"
#include "quota_fight.hpp"
#include "report.hpp"

#include <iostream>
#include <stdexcept>

namespace chaos {

namespace {

constexpr int kFullRounds = 8;
constexpr std::int64_t kFullPersons = 10'000;
/// Where organizations choose there are half as many again: each takes three requests instead of a
/// place in a batch.
constexpr std::int64_t kChoosersPart = 2;

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
    setup.settings = {"gateway.threads_max = 160"}; // everybody keeps a connection
    return setup;
}

class QuotasRun {
public:
    explicit QuotasRun(const Options& options)
        : options_(options)
        , installation_(options, setupOf(options))
    {}

    int run()
    {
        fight(Mode::ByDelegation, personsOf(options_));
        if (!effort_.hopeless) {
            fight(Mode::ByOrganization, personsOf(options_) / kChoosersPart);
        }
        return conclude() ? 0 : 1;
    }

private:
    void fight(Mode mode, std::int64_t persons)
    {
        QuotaFight fight(installation_, mode, persons, effort_);
        fight.build();
        fight.fight();
        fight.judge(found_);
    }

    bool conclude()
    {
        std::cout << "repeated requests " << effort_.repeats << ", never answered "
                  << effort_.given_up << "\n";
        show("lost", found_.lost);
        show("doubled", found_.doubled);
        show("exceeded", found_.exceeded);
        show("counters", found_.unequal);
        show("unexpected", effort_.surprises());
        show("failed", found_.failures);
        const Reasons reasons = reasonsToFail();
        if (!reasons.empty()) {
            if (options_.weakness.empty()) {
                installation_.keep(); // else nobody wonders why
            }
            std::cout << reasons.line() << "\n";
        }
        std::cout << "lost " << found_.lost.size() << ", doubled " << found_.doubled.size()
                  << ", exceeded " << found_.exceeded.size() << ", counters "
                  << (found_.unequal.empty() ? "equal" : "NOT equal") << " recount" << std::endl;
        return reasons.empty();
    }

    Reasons reasonsToFail() const
    {
        Reasons reasons;
        reasons.add("lost", found_.lost.size());
        reasons.add("doubled", found_.doubled.size());
        reasons.add("exceeded", found_.exceeded.size());
        reasons.add("counters NOT equal", found_.unequal.size());
        reasons.add("unexpected answers", effort_.surprises().size());
        reasons.add("never answered", static_cast<std::size_t>(effort_.given_up));
        reasons.add(found_.failures);
        reasons.add(missedFloors(found_.floors));
        return reasons;
    }

    const Options& options_;
    Effort effort_;
    Installation installation_;
    QuotaFindings found_;
};

int run(const Options& options)
{
    const std::int64_t persons = personsOf(options);
    std::cout << "quotas: " << persons << " persons categorized by delegations and "
              << persons / kChoosersPart << " by organizations, " << options.rounds
              << " rounds of kill -9 each, --seed " << options.seed << std::endl;
    return QuotasRun(options).run();
}

} // namespace

extern const Fault kQuotasFault;
const Fault kQuotasFault = {
    "quotas",
    "64 reviewers, then 64 contacts fight for places while the hub is killed, organizations move",
    kFullRounds,
    1,
    run};

} // namespace chaos
