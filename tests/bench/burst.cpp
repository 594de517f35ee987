#include "burst.hpp"

#include "burst_evidence.hpp"
#include "burst_load.hpp"
#include "burst_swap.hpp"
#include "payments_hub.hpp"
#include "rsa.hpp"
#include "support/hub_process.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>

namespace bench {

namespace {

using nlohmann::json;

constexpr std::chrono::seconds kLimit{600};
constexpr double kLimitSeconds = 1; // of the signing rate, before and after
constexpr std::size_t kShown = 10;
constexpr Mark kNone = {Mark::Rule::AtMost, 0};
constexpr Mark kRateMark = {Mark::Rule::AtLeast, 0.15};

PaymentsSetup setupOf(const InstalledLibraries* libraries)
{
    PaymentsSetup setup{{}, true, {"egress.first_byte_timeout_ms = 500"}};
    if (libraries != nullptr) {
        setup.settings.push_back("plugins.folder = " + libraries->folder().string());
        setup.settings.emplace_back("plugin_host.probation_ms = 5000");
    }
    return setup;
}

/// Five of a hundred requests time out, half of them booked; three of a hundred notices come twice
/// and two are overtaken. The first rule that hits wins, hence the later one's chance.
json faults()
{
    const auto rule = [](const char* fault, double chance, json more) {
        json made = {{"fault", fault}, {"match", {{"times", 0}, {"chance", chance}}}};
        made.update(more);
        return made;
    };
    return {{"seed", 2026},
            {"rules",
             {rule("delay", 0.025, {{"ms", 1000}}),
              rule("silence", 0.025 / 0.975, {{"ms", 1000}}),
              rule("notify_duplicate", 0.03, {{"count", 2}}),
              rule("notify_reorder", 0.02 / 0.97, {{"ms", 2000}})}}};
}

json appliedFaults(const json& state)
{
    json applied;
    for (const json& rule : state.at("rules")) {
        applied[rule.at("fault").get<std::string>()] = rule.at("applied");
    }
    return applied;
}

json shown(const std::vector<std::string>& sentences)
{
    return std::vector<std::string>(
        sentences.begin(),
        sentences.begin() + static_cast<std::ptrdiff_t>(std::min(sentences.size(), kShown)));
}

/// A line whose value must be 0, whatever the load.
json noneOf(const char* name, const std::vector<std::string>& sentences, const json& facts)
{
    json line = facts;
    line.update({{"name", name}, {"unit", "cases"}, {"limit_name", "one"}, {"missed_fails", true}});
    judge(line, static_cast<double>(sentences.size()), 1, kNone);
    if (!sentences.empty()) {
        line["cases"] = shown(sentences);
    }
    return line;
}

class Burst {
public:
    Burst(const Options& options, bool with_swap)
        : options_(options)
        , libraries_(with_swap ? std::make_unique<InstalledLibraries>(options.build) : nullptr)
        , hub_(options, setupOf(libraries_.get()))
    {}

    Lines measure()
    {
        hub_.start();
        hub_.hub().simulator("POST", "/control/faults", faults());
        const double before = signRate(hub_.merchantKey(), kLimitSeconds);
        load_ = std::make_unique<BurstLoad>(hub_);
        const Spent begin = hub_.spent();
        runLoad();
        spent_ = hub_.spent();
        spent_.hub -= begin.hub;
        spent_.connector -= begin.connector;
        signs_ = (before + signRate(hub_.merchantKey(), kLimitSeconds)) / 2;
        finish();
        return libraries_ ? swapLines() : lines();
    }

private:
    void runLoad()
    {
        const auto count = static_cast<std::size_t>(options_.payments);
        if (!libraries_) {
            load_->run(
                count, [] { return false; }, kLimit);
            return;
        }
        swap_ = std::make_unique<BurstSwap>(hub_, *libraries_, *load_, count / 10);
        load_->run(
            count, [this] { return !swap_->isOver(); }, kLimit);
    }

    /// What only a running hub tells; then both stores lie still.
    void finish()
    {
        facts_ = hub_.facts();
        const BurstRequests requests = load_->portal().requests();
        facts_.update({{"runs", 1},
                       {"payments", load_->created()},
                       {"paid", load_->paid()},
                       {"faults", appliedFaults(hub_.hub().simulator("GET", "/control/faults"))},
                       {"requests", requests.done},
                       {"answered_503_and_sent_again", requests.again},
                       {"asked_elsewhere", requests.elsewhere},
                       {"ended_otherwise", requests.otherwise.size()}});
        const json ledger = hub_.hub().ask({"ledger", "check"});
        hub_.stop();
        evidence_ = readEvidence(hubStore(), books(), load_->payments());
        if (!ledger.at("balanced")) {
            evidence_.unequal.push_back("the hub itself says of its ledger: " + ledger.dump());
        }
        for (const std::string& refusal : load_->refusals()) {
            evidence_.lost.push_back("a code could not be paid: " + refusal);
        }
        facts_.update({{"callbacks", evidence_.callbacks},
                       {"ended_unpaid", evidence_.ended_unpaid},
                       {"not_sent", evidence_.not_sent}});
    }

    std::filesystem::path hubStore() const { return hub_.storeFolder() / "hub.db"; }
    std::filesystem::path books() { return hub_.hub().folder() / "simulator/books.db"; }

    Lines lines()
    {
        const double seconds =
            static_cast<double>(evidence_.last_final_ms - load_->begunAtMs()) / 1000;
        const auto count = static_cast<double>(load_->created());
        facts_["seconds"] = seconds;
        facts_["hub_us"] = spent_.hub / count * 1e6;
        facts_["connector_us"] = spent_.connector / count * 1e6;
        json rate = facts_;
        rate.update({{"name", "burst.payments"},
                     {"unit", "payments/s, from the first create to the last one final"},
                     {"limit_name", "RSA-2048 signatures a second of one core by EVP"}});
        judge(rate, count / seconds, signs_, kRateMark);
        return {noneOf("burst.lost", evidence_.lost, facts_),
                noneOf("burst.doubled", evidence_.doubled, facts_),
                noneOf("burst.books", evidence_.unequal, facts_),
                rate,
                ownLine("burst.own_p50_us", 0.5),
                ownLine("burst.own_p99_us", 0.99)};
    }

    json ownLine(const char* name, double share) const
    {
        json line = facts_;
        line.update({{"name", name},
                     {"unit", "us of a payment's create and notice without the provider's time"},
                     {"measured", evidence_.own_us.size()},
                     {"value", percentile(evidence_.own_us, share)},
                     {"verdict", "for information"}});
        return line;
    }

    Lines swapLines()
    {
        std::vector<std::string> wrong = load_->portal().requests().otherwise;
        if (evidence_.not_sent != 0) {
            wrong.push_back(std::to_string(evidence_.not_sent) + " attempts ended not sent");
        }
        facts_.update(swap_->judge(hubStore(), books(), wrong));
        for (const auto* found : {&evidence_.lost, &evidence_.doubled, &evidence_.unequal}) {
            wrong.insert(wrong.end(), found->begin(), found->end());
        }
        return {noneOf("burst.swap", wrong, facts_)};
    }

    Options options_;
    std::unique_ptr<InstalledLibraries> libraries_;
    PaymentsHub hub_;
    std::unique_ptr<BurstLoad> load_;
    std::unique_ptr<BurstSwap> swap_;
    double signs_ = 0;
    Spent spent_; // of no meaning when a connector was replaced
    BurstEvidence evidence_;
    json facts_;
};

} // namespace

std::vector<Figure> burstFigures()
{
    return {{"burst",
             [](const Options& options) {
                 return Burst(options, false).measure();
             }},
            {"burst.swap", [](const Options& options) {
                 return Burst(options, true).measure();
             }}};
}

} // namespace bench
