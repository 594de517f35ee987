// races: many clients at one key, one payment, one moment; and kill -9 between the intent and
// what leaves for the provider.

#include "fault.hpp"
#include "key_change.hpp"
#include "lost_notices.hpp"
#include "shop.hpp"
#include "verdict.hpp"
#include "wallet.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <functional>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

namespace chaos {

namespace {

constexpr int kFullRounds = 20;
constexpr int kThreads = 32;
constexpr int kOrdersAtKill = 8;
constexpr int kLostOrders = 3; ///< of each wallet
constexpr std::int64_t kAmount = 10'000;
constexpr Milliseconds kReturnLimit{40'000};
constexpr Milliseconds kHubReturnMax{5'000};

/// Runs `work` on that many threads; all begin at one moment.
void together(int threads, const std::function<void(int)>& work)
{
    std::atomic<int> waiting{threads};
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([&, i] {
            --waiting;
            while (waiting > 0) {
                std::this_thread::yield();
            }
            work(i);
        });
    }
    for (std::thread& one : all) {
        one.join();
    }
}

class Races {
public:
    explicit Races(const Options& options)
        : options_(options)
        , wallets_(chosenWallets(options))
        , installation_(options, setup())
        , balance_(balanceOf(installation_))
        , shop_(installation_, memory_)
        , random_(options.seed)
    {
        for (const auto& wallet : wallets_) {
            wallet->enter(installation_.folder());
        }
        for (int i = 0; i < kThreads; ++i) {
            shops_.push_back(std::make_unique<Shop>(installation_, memory_));
        }
    }

    int run()
    {
        for (int round = 1; round <= options_.rounds; ++round) {
            for (const auto& wallet : wallets_) {
                turnTo(*wallet);
                race(round);
            }
            std::cout << "round " << round << " of " << options_.rounds << std::endl;
        }
        shop_.clearFaults();
        checkResends();
        for (const auto& wallet : wallets_) {
            demandExposure(wallet->name() + ": ");
        }
        KeyChange(installation_, memory_, proof_, wallets_).run();
        loseNotices(installation_, memory_, proof_, wallets_, kLostOrders);
        proof_.figures.push_back("queried before sent again " +
                                 std::to_string(did_["queried before sent again"]) +
                                 ", longest return " + std::to_string(longest_.count()) + " ms");
        return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
    }

private:
    Setup setup()
    {
        Setup setup;
        setup.connectors = librariesOf(wallets_);
        setup.between = [this](std::uint16_t simulator) {
            simulator_ = simulator;
            return simulator;
        };
        setup.configure = [this](const std::filesystem::path& folder) {
            installWallets(
                wallets_, std::filesystem::canonical(options_.build), [&](const Wallet&) {
                    return Site{folder, simulator_, simulator_};
                });
        };
        return setup;
    }
    void turnTo(Wallet& wallet)
    {
        wallet_ = &wallet;
        const Till till = tillOf(wallet);
        shop_.setTill(till);
        for (const auto& shop : shops_) {
            shop->setTill(till);
        }
    }
    void race(int round)
    {
        shop_.setFaults(options_.seed, rules());
        sameKey();
        otherBody();
        sameRefund();
        fullRefunds();
        partialRefunds();
        refundDuringClose();
        crashAfterIntent(round);
    }
    void demandExposure(const std::string& wallet)
    {
        const std::vector<std::pair<const char*, std::int64_t>> kShares = {
            {"creates of one key", 32},
            {"creates of one key with two bodies", 32},
            {"refunds of one key", 32},
            {"full refunds at once", 32},
            {"partial refunds at once", 32},
            {"refunds while it is closed and paid", 1},
            {"hub killed", 1},
            {"calls open at a kill", 4},
        };
        for (const auto& [what, share] : kShares) {
            const std::string text = wallet + what;
            proof_.floors.push_back({text, did_[text], share * options_.rounds});
        }
    }
    /// How often this was done to the wallet whose turn it is.
    std::int64_t& did(const char* what) { return did_[wallet_->name() + ": " + what]; }
    /// Refunds and creates whose result stays unknown for a while.
    Json rules() const
    {
        const Requests requests = wallet_->requests();
        const auto sometimes = [](const char* fault, const std::string& method, double chance) {
            return Json{{"fault", fault},
                        {"match", {{"method", method}, {"times", 0}, {"chance", chance}}}};
        };
        Json late = sometimes("delay", requests.create, 0.3);
        late["ms"] = 150;
        return Json::array({sometimes("drop_after_booking", requests.refund, 0.1),
                            sometimes("drop_before_booking", requests.refund, 0.1),
                            late});
    }
    std::string nextKey(const std::string& what)
    {
        return "races-" + std::to_string(options_.seed) + "-" + wallet_->name() + "-" + what + "-" +
               std::to_string(++orders_);
    }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            const std::lock_guard lock(mutex_);
            proof_.failures.push_back(sentence);
        }
    }
    Order paid(const std::string& what)
    {
        Order order = shop_.order(nextKey(what), kAmount);
        if (!shop_.pay(order) || !shop_.reaches(order, "paid")) {
            throw std::runtime_error(order.key + " does not become paid");
        }
        return order;
    }

    void sameKey();
    void otherBody();
    void sameRefund();
    void fullRefunds();
    void partialRefunds();
    int refundsAtOnce(const Order& order, std::int64_t amount_minor);
    void refundDuringClose();
    void crashAfterIntent(int round);
    void awaitHub(pid_t killed);
    void checkResends();

    Options options_;
    Wallets wallets_;
    Wallet* wallet_ = nullptr; ///< whose turn it is
    std::uint16_t simulator_ = 0;
    Installation installation_;
    Memory memory_;
    std::int64_t balance_;
    Shop shop_;
    std::vector<std::unique_ptr<Shop>> shops_;
    std::mt19937_64 random_;
    std::mutex mutex_;
    Proof proof_;
    std::map<std::string, std::int64_t> did_;
    Milliseconds longest_{0};
    int orders_ = 0;
};

void Races::sameKey()
{
    const std::string key = nextKey("same");
    memory_.countParallel();
    std::set<std::string> ids;
    together(kThreads, [&](int i) {
        const Order order = shops_[static_cast<std::size_t>(i)]->create(key, kAmount);
        const std::lock_guard lock(mutex_);
        ids.insert(order.payment_id);
        ++did("creates of one key");
    });
    demand(ids.size() == 1, key + " was answered with " + std::to_string(ids.size()) + " payments");
    Order order{key, kAmount, *ids.begin(), "", ""};
    demand(shop_.awaitCode(order) && shop_.pay(order) && shop_.reaches(order, "paid"),
           key + " can't be paid");
}

void Races::otherBody()
{
    const std::string key = nextKey("other");
    std::map<std::int64_t, std::set<std::string>> ids;
    std::atomic<int> conflicts{0};
    together(kThreads, [&](int i) {
        const std::int64_t amount = kAmount + i % 2;
        const HttpAnswer answer = shops_[static_cast<std::size_t>(i)]->persist(
            "/api/v1/payments", shop_.bodyOf(key, amount), key);
        conflicts += answer.status == 409 ? 1 : 0;
        const std::lock_guard lock(mutex_);
        ++did("creates of one key with two bodies");
        if (answer.status == 201) {
            ids[amount].insert(textOf(answer.body, "payment_id"));
        }
    });
    demand(ids.size() == 1 && ids.begin()->second.size() == 1 && conflicts == kThreads / 2,
           key + ": " + std::to_string(ids.size()) + " bodies were taken and " +
               std::to_string(conflicts) + " refused with 409");
    if (!ids.empty()) {
        memory_.sendsPayment(key, ids.begin()->first);
        memory_.acknowledgePayment(key, *ids.begin()->second.begin());
    }
}

void Races::sameRefund()
{
    const Order order = paid("refund");
    const std::string key = order.key + "-refund";
    const std::int64_t amount = kAmount / 4;
    memory_.sendsRefund(order.key, {key, amount, ""});
    together(kThreads, [&](int i) {
        const HttpAnswer answer =
            shops_[static_cast<std::size_t>(i)]->askRefund(order, amount, key);
        demand(answer.status == 201, key + " was answered " + std::to_string(answer.status));
        if (answer.status == 201) {
            memory_.acknowledgeRefund(order.key, key, textOf(answer.body, "refund_id"));
        }
        const std::lock_guard lock(mutex_);
        ++did("refunds of one key");
    });
}

/// How many were accepted.
int Races::refundsAtOnce(const Order& order, std::int64_t amount_minor)
{
    std::atomic<int> accepted{0};
    together(kThreads, [&](int i) {
        const std::string key = order.key + "-refund-" + std::to_string(i);
        const HttpAnswer answer =
            shops_[static_cast<std::size_t>(i)]->askRefund(order, amount_minor, key);
        if (answer.status == 201) {
            ++accepted;
            memory_.sendsRefund(order.key, {key, amount_minor, ""});
            memory_.acknowledgeRefund(order.key, key, textOf(answer.body, "refund_id"));
        } else {
            demand(answer.status == 422 && textOf(answer.body, "code") == "refund_over_captured",
                   key + " was answered " + std::to_string(answer.status) + " " +
                       answer.body.dump());
        }
    });
    return accepted;
}

void Races::fullRefunds()
{
    const Order order = paid("full");
    const int accepted = refundsAtOnce(order, kAmount);
    did("full refunds at once") += kThreads;
    demand(accepted == 1,
           order.key + ": " + std::to_string(accepted) + " full refunds were accepted");
}

void Races::partialRefunds()
{
    const Order order = paid("part");
    const std::int64_t part = std::uniform_int_distribution<std::int64_t>(400, 3'000)(random_);
    const int accepted = refundsAtOnce(order, part);
    did("partial refunds at once") += kThreads;
    demand(accepted == kAmount / part,
           order.key + ": " + std::to_string(accepted) + " refunds of " + std::to_string(part) +
               " were accepted of " + std::to_string(kAmount));
}

/// Whoever comes first, hub and books end with the same money.
void Races::refundDuringClose()
{
    Order order = shop_.order(nextKey("close"), kAmount);
    shop_.simulator().post("/control/open", {{"qr", order.code}});
    const std::string key = order.key + "-refund";
    together(3, [&](int i) {
        Shop& shop = *shops_[static_cast<std::size_t>(i)];
        if (i == 0) {
            shop.pay(order);
        } else if (i == 1) {
            const HttpAnswer answer =
                shop.persist("/api/v1/payments/" + order.payment_id + "/cancel",
                             Json::object(),
                             order.key + "-cancel");
            if (answer.status == 200 || answer.status == 202) {
                memory_.acknowledgeCancel(order.key);
            }
        } else {
            // Refused as long as it is not paid.
            waitUntil(Milliseconds{500}, [&] {
                const HttpAnswer answer = shop.askRefund(order, kAmount, key);
                if (answer.status == 201) {
                    memory_.sendsRefund(order.key, {key, kAmount, ""});
                    memory_.acknowledgeRefund(order.key, key, textOf(answer.body, "refund_id"));
                }
                return answer.status == 201;
            });
        }
    });
    ++did("refunds while it is closed and paid");
}

void Races::awaitHub(pid_t killed)
{
    const auto start = Clock::now();
    const bool back = waitUntil(kReturnLimit, [&] {
        const pid_t now = installation_.processOf(Victim::Hub);
        return now != 0 && now != killed && installation_.isHealthy();
    });
    longest_ = std::max(longest_, since(start));
    demand(back && since(start) <= kHubReturnMax,
           "the hub took " + std::to_string(since(start).count()) + " ms to come back");
}

/// Creates are acknowledged; the hub dies before, while or just after they leave.
void Races::crashAfterIntent(int round)
{
    Json late = {{"fault", "delay"},
                 {"ms", 200},
                 {"match", {{"method", wallet_->requests().create}, {"times", 0}}}};
    shop_.setFaults(options_.seed, Json::array({late}));
    std::vector<Order> orders(kOrdersAtKill);
    std::vector<std::string> keys;
    for (int i = 0; i < kOrdersAtKill; ++i) {
        keys.push_back(nextKey("crash"));
    }
    const pid_t hub = installation_.processOf(Victim::Hub);
    std::atomic<int> open{0};
    together(kOrdersAtKill, [&](int i) {
        const auto at = static_cast<std::size_t>(i);
        orders[at] = shops_[at]->create(keys[at], kAmount);
        open += shops_[at]->stateOf(orders[at]) == "creating" ? 1 : 0;
    });
    did("calls open at a kill") += open;
    // Even rounds: at once, before most have left; odd ones: while the provider takes its time.
    ::poll(nullptr, 0, round % 2 == 0 ? 0 : std::uniform_int_distribution<int>(1, 150)(random_));
    ::kill(hub, SIGKILL);
    ++did("hub killed");
    awaitHub(hub);
    shop_.clearFaults();
    for (Order& order : orders) {
        demand(shop_.awaitCodeOrNext(order, Milliseconds{40'000}),
               order.key + " has no code after the crash and is " + shop_.stateOf(order));
        demand(shop_.pay(order) && shop_.reaches(order, "paid"), order.key + " can't be paid");
    }
}

/// A create that arrived is not sent again before the provider was asked.
void Races::checkResends()
{
    std::set<std::string> creates;
    std::set<std::string> queries;
    for (const auto& wallet : wallets_) {
        creates.insert(wallet->requests().create);
        queries.insert(wallet->requests().query);
    }
    const Json log = shop_.simulator().get("/control/exchanges?limit=20000").body;
    std::map<std::string, std::string> last;
    for (const Json& exchange : log.value("exchanges", Json::array())) {
        const std::string number = textOf(exchange, "out_trade_no");
        const std::string method = textOf(exchange, "method");
        std::string& before = last[number];
        if (creates.contains(method) && !before.empty()) {
            demand(queries.contains(before),
                   number + " was sent again after " + before + ", not after a query");
            did_["queried before sent again"] += queries.contains(before) ? 1 : 0;
        }
        if (creates.contains(method) || queries.contains(method)) {
            before = method;
        }
    }
}

int run(const Options& options)
{
    std::cout << "races: " << options.rounds << " rounds, " << kThreads << " threads, --provider "
              << options.provider << ", " << (options.postgres ? "PostgreSQL" : "SQLite")
              << ", --seed " << options.seed << std::endl;
    return Races(options).run();
}

} // namespace

extern const Fault kRacesFault;
const Fault kRacesFault = {"races",
                           "32 clients at one key or one payment, and a kill before sending",
                           kFullRounds,
                           2,
                           run};

} // namespace chaos
