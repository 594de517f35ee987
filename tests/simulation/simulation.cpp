#include "simulation.hpp"

#include "base/json.hpp"
#include "host.hpp"
#include "hub_process.hpp"
#include "oracle.hpp"
#include "provider.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

namespace hub::simulation {

namespace {

constexpr std::int64_t kTroubleMs = 20000;
constexpr std::int64_t kHealingMs = 1'200'000; // longer than the longest step of the resolver
constexpr std::array<const char*, 4> kLibraries = {"north", "south", "partner", "gossip"};

/// ZeroMQ carries the lane's and the router's inboxes only; one context serves all runs.
zmq::context_t& channels()
{
    static zmq::context_t context(0);
    return context;
}

journal::LaneSettings laneSettings(Seeded& random, Mutation mutation, SeededIds& ids)
{
    journal::LaneSettings settings;
    settings.group_max = 1 + random.below(32);
    settings.recent_events = 1 + random.below(16);
    settings.retry = {kTriesMax, 3, 200, 3000};
    settings.store_pause_ms = 0;
    settings.unit_ms_max = 0; // it would watch the real clock
    settings.ids = &ids;
    if (mutation == Mutation::EndlessRetries) {
        settings.retry.attempts_max = settings.retry.crashes_max = 1U << 30U;
    }
    return settings;
}

bus::RouterSettings routerSettings(Seeded& random)
{
    bus::RouterSettings settings;
    settings.heartbeat_ms = 2000 + random.below(8000);
    settings.hello_timeout_ms = 20000;
    settings.ready_timeout_ms = 30000;
    return settings;
}

/// An operator replays or dismisses a dead letter.
class DecideWork final : public journal::Work {
public:
    DecideWork(std::int64_t letter, bool replay)
        : letter_(letter)
        , replay_(replay)
    {}
    void run(journal::LaneContext& context) override
    {
        (void)context.group.attempt(
            [&] { context.deliveries.decide(context.group, letter_, replay_, "operator"); });
    }
    void committed() noexcept override {}
    void failed(const journal::UnitFailed&) noexcept override {}

private:
    std::int64_t letter_;
    bool replay_;
};

/// A client's request to the plugin.
class RequestWork final : public journal::Work {
public:
    RequestWork(Oracle& oracle, journal::Envelope envelope)
        : oracle_(oracle)
        , envelope_(std::move(envelope))
    {}
    void run(journal::LaneContext& context) override
    {
        failure_ =
            context.deliveries.runUnit(context.group, kOwner, envelope_, "request:" + envelope_.id);
    }
    void committed() noexcept override { oracle_.requestEnded(envelope_.id, !failure_); }
    void failed(const journal::UnitFailed&) noexcept override
    {
        oracle_.requestEnded(envelope_.id, false);
    }

private:
    Oracle& oracle_;
    journal::Envelope envelope_;
    std::optional<journal::UnitFailed> failure_;
};

class World {
public:
    World(ScratchStore& scratch, std::uint64_t seed, Mutation mutation, std::ostream* shown)
        : random_(seed)
        , weather_(Weather::drawn(random_))
        , timeline_(random_)
        , trace_(timeline_, shown)
        , oracle_((scratch.clear(), scratch.database().writer()), trace_)
        , world_{timeline_, random_, weather_, oracle_, trace_, mutation}
        , store_(scratch.database(), random_, weather_, trace_, mutation)
        , network_(world_)
        , provider_(timeline_, random_, weather_, oracle_, trace_)
        , contract_(mutation)
        , owner_(world_)
        , ids_(random_.next())
        , parts_{world_,
                 store_,
                 network_,
                 provider_,
                 contract_,
                 owner_,
                 ids_,
                 channels(),
                 laneSettings(random_, mutation, ids_),
                 routerSettings(random_)}
        , credit_(1 + random_.below(8))
    {
        oracle_.subscribes("partner", true);
        oracle_.subscribes("gossip", false);
    }

    ~World() { endHub(); }

    Outcome run(std::uint64_t seed)
    {
        planWork();
        startHub();
        tick();
        while (holds() && timeline_.elapsedMs() < kTroubleMs) {
            step();
        }
        trace_.add("healed");
        weather_ = Weather{};
        healed_ = true;
        std::string left = "";
        while (holds() && !isQuiet(left)) {
            oracle_.require(timeline_.elapsedMs() < kTroubleMs + kHealingMs,
                            "never quiet: " + left);
            step();
        }
        if (holds()) {
            oracle_.atEnd();
        }
        return {seed, oracle_.violation(), trace_.hash(), trace_.lines()};
    }

private:
    bool holds() const { return oracle_.violation().empty(); }

    void step()
    {
        timeline_.step();
        pump();
        oracle_.afterStep();
    }

    void pump()
    {
        if (!hub_) {
            return;
        }
        try {
            if (!hub_->turn(!random_.chance(weather_.laziness))) {
                loseHub("the store can't be trusted");
            }
        } catch (const HubDied&) {
            loseHub("killed");
        }
        const std::uint64_t broken = store_.broken();
        for (; broken_ < broken; ++broken_) {
            oracle_.disturbed();
        }
    }

    /// Time passes for lane, router and operator, too, when nothing else happens.
    void tick()
    {
        operate();
        timeline_.after(healed_ ? 500 : 20 + random_.below(400), [this] { tick(); });
    }

    void operate()
    {
        if (!hub_ || !random_.chance(healed_ ? 500 : 30)) {
            return;
        }
        for (const Oracle::Letter& letter : oracle_.openLetters()) {
            const bool replay = !letter.was_replayed && random_.below(2) == 0;
            hub_->lane().submit(std::make_unique<DecideWork>(letter.id, replay));
        }
    }

    // The hub's lives.

    void startHub()
    {
        trace_.add("hub starts");
        app::HostWatch watch;
        watch.ready = [](const bus::HostId&) {
        };
        watch.progress = [](const bus::HostId&) {
        };
        watch.answered = [](const app::LiveCall&, const journal::CallAnswer&) {
        };
        watch.gave = [](const bus::HostId&, std::uint64_t, std::int64_t) {
        };
        watch.settled = [](const bus::HostId&, std::uint64_t) {
        };
        watch.lost = [this](const bus::HostId& host, const std::string& why) {
            lost(host, why);
        };
        hub_ = std::make_unique<HubProcess>(parts_, std::move(watch));
        try {
            if (!hub_->begin()) {
                loseHub("did not come up");
                return;
            }
        } catch (const HubDied&) {
            loseHub("killed at its start");
            return;
        }
        for (const char* library : kLibraries) {
            admitSoon(library);
        }
    }

    void endHub()
    {
        hub_.reset();
        network_.hubDied();
        for (auto& [library, host] : std::exchange(hosts_, {})) {
            host->die("its hub is gone");
        }
    }

    void loseHub(const std::string& why)
    {
        trace_.add("hub ends: {}", why);
        oracle_.disturbed();
        endHub();
        store_.writer().rollback();
        ++life_;
        timeline_.after(100 + random_.below(2000), [this] { startHub(); });
    }

    // The fleet.

    void admitSoon(const std::string& library)
    {
        timeline_.after(10 + random_.below(800), [this, library, life = life_] {
            if (hub_ && life == life_ && hosts_.count(library) == 0) {
                admit(library);
            }
        });
    }

    void admit(const std::string& library)
    {
        const bus::HostId id{library, ++incarnations_};
        const std::string token = hub_->router().admit(id, {"{}", "{}", credit_});
        std::shared_ptr<Host> host;
        if (library == "partner" || library == "gossip") {
            host = std::make_shared<Subscriber>(world_, network_, id, credit_, outboxes_[library]);
        } else {
            host = std::make_shared<Connector>(world_, network_, id, credit_);
        }
        hosts_[library] = host;
        host->start(token, [this, id] { died(id); });
    }

    /// Its supervisor sees that the process ended, or nobody does until the router finds out.
    void died(const bus::HostId& id)
    {
        if (hub_ && random_.chance(700)) {
            timeline_.after(1 + random_.below(50), [this, id, life = life_] {
                if (hub_ && life == life_) {
                    hub_->router().expel(id, "crashed");
                }
            });
        }
    }

    void lost(const bus::HostId& id, const std::string& why)
    {
        const auto found = hosts_.find(id.library);
        if (found != hosts_.end() && found->second->id() == id) {
            const std::shared_ptr<Host> host = found->second;
            hosts_.erase(found);
            host->die(why);
        }
        admitSoon(id.library);
    }

    // What there is to do.

    void planWork()
    {
        const std::uint32_t happenings = 8 + random_.below(16);
        for (std::uint32_t i = 1; i <= happenings; ++i) {
            timeline_.after(random_.below(kTroubleMs * 3 / 4), [this, i] { happen(i); });
        }
    }

    void happen(std::uint32_t number)
    {
        static constexpr std::array<const char*, 6> kDeeds = {
            "send", "send", "stamp", "shout", "timer", ""};
        static constexpr std::array<const char*, 4> kKeys = {"a", "b", "c", ""};
        static constexpr std::array<const char*, 3> kNames = {"partner", "gossip", kOwner};
        base::Json payload = {{"number", "N" + std::to_string(number)},
                              {"do", kDeeds[random_.below(kDeeds.size())]},
                              {"account", kLibraries[random_.below(2)]}};
        if (random_.chance(60)) {
            payload["poison"] = kNames[random_.below(3)];
        } else if (random_.chance(40)) {
            payload["crashes"] = kNames[random_.below(2)];
        }
        const std::string key = kKeys[random_.below(kKeys.size())];
        if (random_.below(3) == 0) {
            request(key, payload.dump());
            return;
        }
        const std::string publisher = random_.below(2) == 0 ? "partner" : "gossip";
        outboxes_[publisher][number] = {ids_.make(timeline_.nowMs()), key, payload.dump()};
        if (const auto host = hosts_.find(publisher); host != hosts_.end()) {
            static_cast<Subscriber&>(*host->second).publish(number);
        }
    }

    void request(const std::string& key, const std::string& payload)
    {
        if (!hub_) {
            return;
        }
        journal::Envelope envelope;
        envelope.source = HUB_SOURCE_REQUEST;
        envelope.id = ids_.make(timeline_.nowMs());
        envelope.key = key;
        envelope.payload = payload;
        hub_->lane().submit(std::make_unique<RequestWork>(oracle_, std::move(envelope)));
    }

    bool isQuiet(std::string& left)
    {
        left = !hub_ ? "the hub is down" : oracle_.unrest();
        for (const auto& [publisher, outbox] : outboxes_) {
            if (left.empty() && !outbox.empty()) {
                left = publisher + " has something to publish";
            }
        }
        return left.empty();
    }

    Seeded random_;
    Weather weather_;
    Timeline timeline_;
    Trace trace_;
    Oracle oracle_;
    Surroundings world_;
    BreakingStore store_;
    Network network_;
    Provider provider_;
    Contract contract_;
    Owner owner_;
    SeededIds ids_;
    HubParts parts_;
    std::uint32_t credit_;
    std::unique_ptr<HubProcess> hub_;
    std::uint64_t life_ = 0;
    std::uint64_t incarnations_ = 0;
    std::uint64_t broken_ = 0;
    bool healed_ = false;
    std::map<std::string, std::shared_ptr<Host>> hosts_;
    std::map<std::string, Outbox> outboxes_;
};

} // namespace

Outcome simulate(ScratchStore& store, std::uint64_t seed, Mutation mutation, std::ostream* shown)
{
    return World(store, seed, mutation, shown).run(seed);
}

std::string describe(const Outcome& outcome)
{
    return fmt::format("seed {}: {}\n  replay: ./hub simulate --seed {}",
                       outcome.seed,
                       outcome.violation,
                       outcome.seed);
}

} // namespace hub::simulation
