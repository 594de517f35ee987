// provider: answers that are missing, late, wrong or not to be believed, and a way to the provider
// that breaks in every manner. Money moves once; other accounts and other providers go on.

#include "fault.hpp"
#include "http_raw.hpp"
#include "key_change.hpp"
#include "lost_notices.hpp"
#include "provider_sickness.hpp"
#include "proxy.hpp"
#include "shop.hpp"
#include "support/free_ports.hpp"
#include "verdict.hpp"
#include "wallet.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <sstream>
#include <thread>

namespace chaos {

namespace {

constexpr int kFullRounds = 21; ///< of each wallet
constexpr int kOrders = 3;      ///< created while the provider is sick
constexpr int kRefunds = 2;     ///< asked for while it is
constexpr int kFeltMin = 3;     ///< exchanges or connections that felt it
constexpr std::int64_t kAmount = 5'000;
constexpr int kLostOrders = 3; ///< of each wallet
constexpr Milliseconds kFeltLimit{6'000};
constexpr Milliseconds kWellLimit{25'000};
constexpr Milliseconds kCodeLimit{90'000};
/// The close of the first code is tried for 3 s before another account gives one.
constexpr Milliseconds kOtherAccountMax{8'000};
constexpr Milliseconds kNeighbourMax{3'000};

/// The demonstration's simulator, and one that another authority vouches for.
class Impostor {
public:
    Impostor(const std::filesystem::path& build, const std::filesystem::path& folder)
    {
        const std::string program = build / "bin/expohub-simulator";
        std::filesystem::create_directories(folder);
        if (chaos::run({program, "prepare", "--folder", folder}).code != 0) {
            throw std::runtime_error("expohub-simulator prepare fails in " + folder.string());
        }
        const std::filesystem::path output = folder / "out";
        process_ = std::make_unique<Background>(
            std::vector<std::string>{program, "serve", "--folder", folder, "--port", "0"}, output);
        waitUntil(Milliseconds{20'000}, [&] {
            std::ifstream file(output);
            std::string text;
            std::getline(file, text);
            const auto at = text.find("ready port=");
            port_ = at == std::string::npos ? 0 : std::atoi(text.c_str() + at + 11);
            return port_ != 0;
        });
        if (port_ == 0) {
            throw std::runtime_error("the second simulator did not come up; see " +
                                     output.string());
        }
    }
    std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

private:
    std::unique_ptr<Background> process_;
    int port_ = 0;
};

class SickProvider {
public:
    explicit SickProvider(const Options& options)
        : options_(options)
        , wallets_(chosenWallets(options))
        , installation_(options, setup())
        , impostor_(installation_.build(), installation_.folder() / "impostor")
        , balance_(balanceOf(installation_))
        , random_(options.seed)
    {
        for (const auto& wallet : wallets_) {
            wallet->enter(installation_.folder());
            shops_[wallet->name()] =
                std::make_unique<Shop>(installation_, memory_, tillOf(*wallet));
        }
    }

    int run();

private:
    Setup setup()
    {
        Setup setup;
        setup.connectors = librariesOf(wallets_);
        // A way of its own for every wallet; the accounts beside them have none that could break.
        setup.between = [this](std::uint16_t simulator) {
            simulator_ = simulator;
            for (const auto& wallet : wallets_) {
                ways_[wallet->name()] = std::make_unique<Proxy>(simulator);
            }
            return simulator;
        };
        setup.configure = [this](const std::filesystem::path& folder) {
            installWallets(
                wallets_, std::filesystem::canonical(options_.build), [&](const Wallet& wallet) {
                    return Site{folder, ways_.at(wallet.name())->port(), simulator_};
                });
        };
        setup.settings = {"egress.connect_timeout_ms = 1500",
                          "egress.first_byte_timeout_ms = 2500",
                          "egress.total_timeout_ms = 4000",
                          "egress.breaker_open_ms = 1500"};
        return setup;
    }
    std::string nextKey(const std::string& what)
    {
        return "provider-" + std::to_string(options_.seed) + "-" + wallet_->name() + "-" + what +
               "-" + std::to_string(++orders_made_);
    }
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            proof_.failures.push_back(sentence);
        }
    }
    void suffer(const Sickness& sickness);
    void fallIll(const Sickness& sickness);
    void recover();
    std::int64_t countFelt(const Sickness& sickness);
    void turnTo(Wallet& wallet);
    void otherAccountGoesOn(const Sickness& sickness);
    void otherWalletGoesOn(const Sickness& sickness);
    void breakerOpens(std::int64_t connections_before);
    double metric(const std::string& name) const;
    void settleAll();

    Options options_;
    Wallets wallets_;
    std::uint16_t simulator_ = 0;
    std::map<std::string, std::unique_ptr<Proxy>> ways_; ///< by wallet
    Installation installation_;
    Impostor impostor_;
    Memory memory_;
    std::int64_t balance_;
    std::map<std::string, std::unique_ptr<Shop>> shops_; ///< by wallet
    std::mt19937_64 random_;
    Proof proof_;
    // Whose turn it is.
    Wallet* wallet_ = nullptr;
    Proxy* proxy_ = nullptr;
    Shop* shop_ = nullptr;
    std::vector<Order> open_; ///< of its sick times, not paid yet
    int orders_made_ = 0;
    std::int64_t felt_sicknesses_ = 0;
    std::int64_t felt_exchanges_ = 0;
    std::int64_t bystanders_ = 0;
    std::int64_t neighbours_ = 0;
    Milliseconds slowest_bystander_{0};
};

void SickProvider::fallIll(const Sickness& sickness)
{
    switch (sickness.place) {
    case Sickness::Place::Answers:
        shop_->setFaults(options_.seed,
                         rulesOf(sickness,
                                 wallet_->name(),
                                 {wallet_->requests().create, wallet_->requests().refund}));
        break;
    case Sickness::Place::Way:
        proxy_->setScript(Script({{sickness.plan, 100, sickness.after_bytes_max}}, options_.seed));
        break;
    case Sickness::Place::Certificate:
        proxy_->setTarget(impostor_.port());
        break;
    case Sickness::Place::Nobody:
        proxy_->setTarget(hub::test::findFreePorts(1).front());
        break;
    }
    if (sickness.place != Sickness::Place::Answers) {
        proxy_->cut(); // connections from before are well
    }
}

void SickProvider::recover()
{
    shop_->clearFaults();
    proxy_->setScript({});
    proxy_->setTarget(simulator_);
    proxy_->cut();
}

std::int64_t SickProvider::countFelt(const Sickness& sickness)
{
    if (sickness.place == Sickness::Place::Way) {
        return proxy_->counts().of(sickness.plan.behavior);
    }
    if (sickness.place != Sickness::Place::Answers) {
        return proxy_->counts().connections;
    }
    std::int64_t count = 0;
    const Json log = shop_->simulator().get("/control/exchanges?limit=20000").body;
    for (const Json& exchange : log.value("exchanges", Json::array())) {
        count += textOf(exchange, "fault") == textOf(sickness.rule, "fault") ? 1 : 0;
    }
    return count;
}

double SickProvider::metric(const std::string& name) const
{
    RawConnection connection(installation_.httpPort());
    connection.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    std::istringstream lines(connection.receive(Milliseconds{5'000}).body);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(name + " ", 0) == 0) {
            return std::stod(line.substr(name.size() + 1));
        }
    }
    return 0;
}

void SickProvider::breakerOpens(std::int64_t connections_before)
{
    const std::string name = "hub_egress_breaker_open{account=\"" + wallet_->account() + "\"}";
    demand(waitUntil(Milliseconds{10'000}, [&] { return metric(name) == 1.0; }),
           "nobody listens, and the breaker stays closed");
    const std::int64_t tried = proxy_->counts().connections - connections_before;
    constexpr std::int64_t kTriedMax = 60;
    demand(tried <= kTriedMax, std::to_string(tried) + " connections were tried to nobody");
    proof_.figures.push_back("breaker open after " + std::to_string(tried) +
                             " connections to nobody");
}

/// A visitor whose code does not come takes the other account's, unless routing already has.
void SickProvider::otherAccountGoesOn(const Sickness& sickness)
{
    Order order = shop_->create(nextKey("bystander"), kAmount);
    const auto start = Clock::now();
    const auto asks_other = [&](const Json& attempt) {
        return textOf(attempt, "account") == wallet_->secondAccount();
    };
    HttpAnswer answer;
    if (!asks_other(shop_->payment(order).value("attempt", Json::object()))) {
        answer = shop_->persist("/api/v1/payments/" + order.payment_id + "/attempts",
                                {{"account", wallet_->secondAccount()}},
                                order.key + "-attempt");
    }
    const bool shown = waitUntil(kOtherAccountMax, [&] {
        const Json attempt = shop_->payment(order).value("attempt", Json::object());
        order.number = textOf(attempt, "number");
        order.code = asks_other(attempt) ? textOf(attempt, "qr_code") : "";
        return !order.code.empty();
    });
    slowest_bystander_ = std::max(slowest_bystander_, since(start));
    demand(shown && shop_->pay(order) && shop_->reaches(order, "paid", Milliseconds{3'000}),
           wallet_->name() + ", " + sickness.name +
               ": the other account gives no code, or it can't be paid: " + answer.body.dump());
    ++bystanders_;
}

/// Another provider's customer notices nothing.
void SickProvider::otherWalletGoesOn(const Sickness& sickness)
{
    const auto mine = std::find_if(
        wallets_.begin(), wallets_.end(), [this](const auto& one) { return one.get() == wallet_; });
    const auto next = std::next(mine) == wallets_.end() ? wallets_.begin() : std::next(mine);
    if (next == mine) {
        return;
    }
    Shop& shop = *shops_.at((*next)->name());
    Order order = shop.create(nextKey("neighbour"), kAmount);
    demand(shop.awaitCode(order, kNeighbourMax) && shop.pay(order) &&
               shop.reaches(order, "paid", kNeighbourMax),
           wallet_->name() + ", " + sickness.name + ": " + (*next)->name() +
               " gives no code, or it can't be paid");
    ++neighbours_;
}

void SickProvider::suffer(const Sickness& sickness)
{
    std::vector<Order> paid;
    for (int i = 0; i < kRefunds; ++i) {
        paid.push_back(shop_->create(nextKey("refund"), kAmount));
        demand(shop_->awaitCodeOrNext(paid.back(), kWellLimit) && shop_->pay(paid.back()) &&
                   shop_->reaches(paid.back(), "paid"),
               "before \"" + sickness.name + "\" " + paid.back().key + " can't be paid");
    }
    const std::int64_t felt_before = countFelt(sickness);
    const std::int64_t connections_before = proxy_->counts().connections;
    fallIll(sickness);
    std::vector<Order> orders;
    for (int i = 0; i < kOrders; ++i) {
        orders.push_back(shop_->create(nextKey("order"), kAmount));
    }
    for (const Order& order : paid) {
        demand(!shop_->refund(order, kAmount / 2, order.key + "-half").empty(),
               wallet_->name() + ", " + sickness.name + ": a refund of " + order.key +
                   " is not accepted");
    }
    std::int64_t felt = 0;
    waitUntil(kFeltLimit, [&] {
        felt = countFelt(sickness) - felt_before;
        return felt >= kFeltMin;
    });
    if (sickness.place == Sickness::Place::Nobody) {
        breakerOpens(connections_before);
    }
    if (sickness.place != Sickness::Place::Answers) {
        otherAccountGoesOn(sickness);
    }
    otherWalletGoesOn(sickness);
    for (const Order& order : orders) {
        const Json attempt = shop_->payment(order).value("attempt", Json::object());
        demand(!sickness.unbelievable || textOf(attempt, "account") != wallet_->account() ||
                   textOf(attempt, "qr_code").empty(),
               sickness.name + ": " + order.key + " has a code nevertheless");
    }
    recover();
    felt_sicknesses_ += felt > 0 ? 1 : 0;
    felt_exchanges_ += felt;
    open_.insert(open_.end(), orders.begin(), orders.end());
    std::cout << wallet_->name() << ": " << sickness.name << ": felt " << felt << " times"
              << std::endl;
}

/// Every order gets its code, late or not, and is paid.
void SickProvider::settleAll()
{
    const auto start = Clock::now();
    for (Order& order : open_) {
        const bool shown = shop_->awaitCodeOrNext(order, kCodeLimit);
        demand(shown, order.key + " has no code and is " + shop_->stateOf(order));
        demand(!shown || (shop_->pay(order) && shop_->reaches(order, "paid")),
               order.key + " can't be paid and is " + shop_->stateOf(order));
    }
    proof_.figures.push_back(wallet_->name() + ": orders of sick times paid " +
                             std::to_string(open_.size()) + ", the last " +
                             std::to_string(since(start).count()) + " ms after the end");
    open_.clear();
}

void SickProvider::turnTo(Wallet& wallet)
{
    wallet_ = &wallet;
    proxy_ = ways_.at(wallet.name()).get();
    shop_ = shops_.at(wallet.name()).get();
}

int SickProvider::run()
{
    const auto patients = static_cast<std::int64_t>(wallets_.size());
    for (const auto& wallet : wallets_) {
        turnTo(*wallet);
        std::vector<Sickness> all = sicknesses();
        std::shuffle(all.begin(), all.end(), random_);
        for (int round = 0; round < options_.rounds; ++round) {
            suffer(all[static_cast<std::size_t>(round) % all.size()]);
        }
        settleAll();
    }
    KeyChange(installation_, memory_, proof_, wallets_).run();
    loseNotices(installation_, memory_, proof_, wallets_, kLostOrders);
    proof_.figures.push_back("slowest code of the other account " +
                             std::to_string(slowest_bystander_.count()) + " ms (limit " +
                             std::to_string(kOtherAccountMax.count()) + ")");
    proof_.floors.push_back({"sicknesses felt", felt_sicknesses_, options_.rounds * patients});
    proof_.floors.push_back(
        {"exchanges that felt one", felt_exchanges_, options_.rounds * patients * 2});
    proof_.floors.push_back({"codes of the other account meanwhile",
                             bystanders_,
                             shareOf(8 * patients, options_.rounds, kFullRounds) / 2});
    proof_.floors.push_back({"payments at another provider meanwhile",
                             neighbours_,
                             patients == 1 ? 0 : options_.rounds * patients});
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "provider: " << options.rounds << " sicknesses of each, --provider "
              << options.provider << ", " << (options.postgres ? "PostgreSQL" : "SQLite")
              << ", --seed " << options.seed << std::endl;
    return SickProvider(options).run();
}

} // namespace

extern const Fault kProviderFault;
const Fault kProviderFault = {
    "provider",
    "answers missing, late, wrong or not to be believed, and a way to the provider that breaks",
    kFullRounds,
    2,
    run};

} // namespace chaos
