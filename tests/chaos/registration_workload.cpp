// Organizations that register, are decided upon, order and pay, while a fault breaks the hub.

#include "application_desk.hpp"
#include "application_judge.hpp"
#include "journal.hpp"
#include "parallel.hpp"
#include "quota_recount.hpp"
#include "registration_office.hpp"
#include "registration_people.hpp"
#include "workload.hpp"

#include <deque>
#include <fstream>
#include <set>
#include <stdexcept>
#include <thread>

namespace chaos {

namespace {

constexpr const char* kEdition = "ciie-4";
constexpr std::size_t kDesks = 8;
constexpr std::int64_t kPlaces = 100'000; ///< of each limited category; scarce ones have a fault
const std::vector<Group> kGroups = {{"east", ""}, {"north", ""}};
const std::set<std::string> kLimited = {"staff", "vip"};

/// Whoever lost the answer asks for another code at once, and all phones are on this machine.
void allowManyCodes(const std::filesystem::path& folder)
{
    const auto file = folder / "hub/plugins.d/messaging.json";
    std::ifstream stream(file);
    Json settings = Json::parse(stream);
    settings["config"]["number_pause_s"] = 1;
    settings["config"]["number_hour_max"] = 100;
    settings["config"]["number_day_max"] = 100;
    settings["config"]["client_hour_max"] = 100'000;
    std::ofstream(file) << settings.dump(2);
}

class RegistrationWorkload : public Workload {
public:
    explicit RegistrationWorkload(Installation& installation)
        : installation_(installation)
        , balance_minor_(balanceOf(installation))
        , office_(installation, kEdition, effort_)
    {
        openEdition();
        std::vector<std::unique_ptr<ApplicationDesk>> desks(kDesks);
        forEach(kDesks, kDesks, [&](std::size_t n) { desks[n] = openDesk(n); });
        for (auto& desk : desks) {
            threads_.emplace_back([this, mine = std::move(desk)] { work(*mine); });
        }
    }

    ~RegistrationWorkload() override { stopAll(); }

    std::int64_t acknowledged() const override
    {
        return progress_.acknowledged() + memory_.exposure().acknowledged;
    }

    void giveUpHope() override
    {
        effort_.hopeless = true;
        memory_.giveUpHope();
    }

    void stop() override { stopAll(); }

    bool conclude(Proof proof, const Due& due) override
    {
        proof.at_rest = [&] {
            return lookAtRest(due);
        };
        return chaos::conclude(installation_, memory_, balance_minor_, proof).good;
    }

private:
    void openEdition()
    {
        office_.openEdition(rulesOfLongForms());
        office_.putGroups(kGroups);
        Json quotas = Json::array();
        for (const std::string& category : kLimited) {
            const auto give = [&](const char* kind, const std::string& id, std::int64_t total) {
                quotas.push_back({{"node_kind", kind},
                                  {"node_id", id},
                                  {"category", category},
                                  {"total", total}});
            };
            give("edition", kEdition, kPlaces * static_cast<std::int64_t>(kGroups.size()));
            for (const Group& group : kGroups) {
                give("delegation", group.delegation_id, kPlaces);
            }
        }
        expect(200,
               office_.caller().put(std::string("/api/v1/editions/") + kEdition + "/quotas",
                                    {{"quotas", quotas}}),
               "the quotas");
    }

    std::unique_ptr<ApplicationDesk> openDesk(std::size_t n)
    {
        const Group& group = kGroups[n % kGroups.size()];
        const std::string mail = "clerk-" + std::to_string(n) + "@example.com";
        return std::make_unique<ApplicationDesk>(
            installation_,
            kEdition,
            group,
            joinAsClerk(office_, group, mail, installation_.hub(), effort_),
            memory_,
            effort_,
            progress_);
    }

    /// One organization after the other; a desk that was told what nobody should be told closes.
    void work(ApplicationDesk& desk)
    {
        try {
            while (!stopping_ && !effort_.hopeless) {
                const std::size_t n = next_++;
                desk.apply(n, begin());
            }
        } catch (const std::exception& failure) {
            effort_.surprise(failure.what());
        }
    }

    Application& begin()
    {
        const std::lock_guard lock(mutex_);
        return applications_.emplace_back();
    }

    void stopAll()
    {
        stopping_ = true;
        for (std::thread& thread : threads_) {
            if (thread.joinable()) {
                thread.join();
            }
        }
    }

    Proof lookAtRest(const Due& due)
    {
        Proof proof;
        const Milliseconds limit{installation_.options().heal_seconds * 1000};
        waitUntil(
            limit,
            [&] {
                proof.findings = judgeApplications(office_.caller(), applications_);
                return proof.findings.lost.empty() || effort_.hopeless;
            },
            Milliseconds{500});
        count(proof);
        for (const std::string& sentence : effort_.surprises()) {
            proof.failures.push_back(sentence);
        }
        if (effort_.given_up != 0) {
            proof.failures.push_back(std::to_string(effort_.given_up) +
                                     " requests of registration were never answered");
        }
        tell(proof);
        proof.floors = floors(due);
        return proof;
    }

    /// Every counter against what the lists show and what the journal tells.
    void count(Proof& proof)
    {
        Caller& reader = office_.caller();
        const Enrolment enrolment = readEnrolment(reader, kEdition);
        QuotaReplay replay(kEdition, kGroups, kLimited);
        readJournal(installation_.dataFolder() / "store", kEdition, [&](const JournalEvent& event) {
            replay.apply(event);
        });
        const Recount counted = recount(readerOf(reader), {kEdition, kGroups}, enrolment, replay);
        for (const auto& more :
             {enrolment.twice, replay.doubled(), findStrangers(enrolment, applications_)}) {
            proof.findings.doubled.insert(proof.findings.doubled.end(), more.begin(), more.end());
        }
        for (const auto& more : {counted.unequal, counted.exceeded, replay.exceeded()}) {
            proof.failures.insert(proof.failures.end(), more.begin(), more.end());
        }
        std::int64_t compared = 0;
        for (const auto& [level, n] : counted.compared) {
            compared += n;
        }
        const std::string verdict = counted.unequal.empty() ? "equal" : "NOT equal";
        proof.figures.push_back("registration: counters " + verdict + " recount, " +
                                std::to_string(compared) + " compared; persons listed " +
                                std::to_string(enrolment.persons.size()));
    }

    void tell(Proof& proof) const
    {
        proof.figures.push_back(
            "registration: accounts " + std::to_string(progress_.accounts) + ", drafts " +
            std::to_string(progress_.drafts) + ", persons " + std::to_string(progress_.persons) +
            ", submissions " + std::to_string(progress_.submissions) + ", decisions " +
            std::to_string(progress_.decisions) + ", orders " + std::to_string(progress_.orders) +
            ", repeated requests " + std::to_string(effort_.repeats));
    }

    /// An organization is worth some twenty acknowledgements and has one order; half are enough.
    std::vector<Floor> floors(const Due& due) const
    {
        constexpr std::int64_t kWorth = 40;
        const std::int64_t organizations = due.acknowledged / kWorth;
        return {{"acknowledged", acknowledged(), due.acknowledged},
                {"repeated requests", effort_.repeats, 1},
                {"organizations", progress_.accounts, organizations},
                {"persons", progress_.persons, organizations * 2},
                {"decisions", progress_.decisions, organizations * 2},
                {"paid orders", memory_.exposure().paid, organizations}};
    }

    Installation& installation_;
    std::int64_t balance_minor_;
    Memory memory_;
    Effort effort_;
    Progress progress_;
    Office office_;
    std::mutex mutex_;
    std::deque<Application> applications_; ///< each is one desk's until that has stopped
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stopping_{false};
    std::vector<std::thread> threads_;
};

Setup setup(const Options& options)
{
    if (options.postgres) {
        throw std::invalid_argument(
            "--load registration reads the journal in SQLite's file; leave --store out");
    }
    Setup setup = registrationSetup(options);
    setup.settings = {"gateway.threads_max = 64"}; // every contact, clerk and customer keeps one
    setup.configure = [before = setup.configure](const std::filesystem::path& folder) {
        before(folder);
        allowManyCodes(folder);
    };
    return setup;
}

std::unique_ptr<Workload> start(Installation& installation)
{
    return std::make_unique<RegistrationWorkload>(installation);
}

} // namespace

extern const WorkloadKind kRegistrationWorkload;
const WorkloadKind kRegistrationWorkload = {
    "registration",
    "organizations that register with their persons, are decided upon, order and pay",
    setup,
    start};

} // namespace chaos
