// provider: answers that are missing, late, wrong or not to be believed, and a way to the provider
// that breaks in every manner. Money moves once, other accounts go on.

#include "callbacks_desk.hpp"
#include "fault.hpp"
#include "http_raw.hpp"
#include "provider_sickness.hpp"
#include "proxy.hpp"
#include "shop.hpp"
#include "verdict.hpp"

#include <Poco/Net/ServerSocket.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>
#include <thread>

namespace chaos {

namespace {

constexpr int kFullRounds = 20;
constexpr int kOrders = 3;  ///< created while the provider is sick
constexpr int kRefunds = 2; ///< asked for while it is
constexpr int kFeltMin = 3; ///< exchanges or connections that felt it
constexpr std::int64_t kAmount = 5'000;
constexpr int kAheadSeconds =
    460; ///< three quarters of a code's life, when it is first asked about
constexpr Milliseconds kFeltLimit{6'000};
constexpr Milliseconds kWellLimit{25'000};
constexpr Milliseconds kCodeLimit{90'000};
/// The close of the first code is tried for 3 s before another account gives one.
constexpr Milliseconds kOtherAccountMax{8'000};

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

std::uint16_t findSilentPort()
{
    Poco::Net::ServerSocket socket;
    socket.bind(Poco::Net::SocketAddress("127.0.0.1", 0), false);
    return socket.address().port(); // closed again at once
}

/// Both accounts collect; the second one's way has no proxy.
void makeSecondAccount(const std::filesystem::path& folder, std::uint16_t simulator)
{
    addOtherAccounts(folder);
    const auto change = [&](const char* name, const std::function<void(Json&)>& edit) {
        std::ifstream in(folder / name);
        Json content = Json::parse(in);
        in.close();
        edit(content);
        std::ofstream(folder / name) << content.dump(2);
    };
    change("hub/plugins.d/payment_alipay.json", [&](Json& content) {
        const std::string place = "127.0.0.1:" + std::to_string(simulator);
        Json& second = content["accounts"][kSecondAccount];
        second["config"]["gateway_url"] = "https://" + place + "/gateway.do";
        second["http_exact"] = {place};
    });
    change("hub/plugins.d/payments.json", [](Json& content) {
        content["config"]["methods"]["scan"]["accounts"] = {kAccount, kSecondAccount};
    });
    change("simulator/simulator.json", [&](Json& content) {
        Json& apps = content["alipay"]["apps"];
        Json second = apps[0];
        const Merchant merchant = readMerchant(folder, kSecondAccount);
        second["app_id"] = merchant.app_id;
        second["seller_id"] = merchant.seller_id;
        apps.push_back(second);
    });
}

class SickProvider {
public:
    explicit SickProvider(const Options& options)
        : options_(options)
        , installation_(options, setup())
        , impostor_(installation_.build(), installation_.folder() / "impostor")
        , balance_(balanceOf(installation_))
        , shop_(installation_, memory_)
        , random_(options.seed)
    {}

    int run();

private:
    Setup setup()
    {
        Setup setup;
        setup.between = [this](std::uint16_t simulator) {
            simulator_ = simulator;
            proxy_ = std::make_unique<Proxy>(simulator);
            return proxy_->port();
        };
        setup.configure = [this](const std::filesystem::path& folder) {
            makeSecondAccount(folder, simulator_);
        };
        setup.settings = {"egress.connect_timeout_ms = 1500",
                          "egress.first_byte_timeout_ms = 2500",
                          "egress.total_timeout_ms = 4000",
                          "egress.breaker_open_ms = 1500"};
        return setup;
    }
    std::string nextKey(const std::string& what)
    {
        return "provider-" + std::to_string(options_.seed) + "-" + what + "-" +
               std::to_string(++orders_made_);
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
    void otherAccountGoesOn(const Sickness& sickness);
    void breakerOpens(std::int64_t connections_before);
    double metric(const std::string& name) const;
    bool awaitCodeOrNext(Order& order, Milliseconds limit);
    void settleAll();
    void lostNotification();

    Options options_;
    std::uint16_t simulator_ = 0;
    std::unique_ptr<Proxy> proxy_;
    Installation installation_;
    Impostor impostor_;
    Memory memory_;
    std::int64_t balance_;
    Shop shop_;
    std::mt19937_64 random_;
    Proof proof_;
    std::vector<Order> open_;
    int orders_made_ = 0;
    std::int64_t felt_sicknesses_ = 0;
    std::int64_t felt_exchanges_ = 0;
    std::int64_t bystanders_ = 0;
    Milliseconds slowest_bystander_{0};
};

void SickProvider::fallIll(const Sickness& sickness)
{
    switch (sickness.place) {
    case Sickness::Place::Answers:
        shop_.setFaults(options_.seed, rulesOf(sickness));
        break;
    case Sickness::Place::Way:
        proxy_->setScript(Script({{sickness.plan, 100, sickness.after_bytes_max}}, options_.seed));
        break;
    case Sickness::Place::Certificate:
        proxy_->setTarget(impostor_.port());
        break;
    case Sickness::Place::Nobody:
        proxy_->setTarget(findSilentPort());
        break;
    }
    if (sickness.place != Sickness::Place::Answers) {
        proxy_->cut(); // connections from before are well
    }
}

void SickProvider::recover()
{
    shop_.clearFaults();
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
    const Json log = shop_.simulator().get("/control/exchanges?limit=20000").body;
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
    const std::string name = std::string("hub_egress_breaker_open{account=\"") + kAccount + "\"}";
    demand(waitUntil(Milliseconds{10'000}, [&] { return metric(name) == 1.0; }),
           "nobody listens, and the breaker stays closed");
    const std::int64_t tried = proxy_->counts().connections - connections_before;
    constexpr std::int64_t kTriedMax = 60;
    demand(tried <= kTriedMax, std::to_string(tried) + " connections were tried to nobody");
    proof_.figures.push_back("breaker open after " + std::to_string(tried) +
                             " connections to nobody");
}

/// A visitor whose code does not come takes the other account's.
void SickProvider::otherAccountGoesOn(const Sickness& sickness)
{
    Order order = shop_.create(nextKey("bystander"), kAmount);
    const auto start = Clock::now();
    const HttpAnswer answer = shop_.persist("/api/v1/payments/" + order.payment_id + "/attempts",
                                            {{"account", kSecondAccount}},
                                            order.key + "-attempt");
    const bool shown =
        answer.status == 201 && waitUntil(kOtherAccountMax, [&] {
            const Json attempt = shop_.payment(order).value("attempt", Json::object());
            order.number = textOf(attempt, "number");
            order.code =
                textOf(attempt, "account") == kSecondAccount ? textOf(attempt, "qr_code") : "";
            return !order.code.empty();
        });
    slowest_bystander_ = std::max(slowest_bystander_, since(start));
    demand(shown && shop_.pay(order) && shop_.reaches(order, "paid", Milliseconds{3'000}),
           sickness.name +
               ": the other account gives no code, or it can't be paid: " + answer.body.dump());
    ++bystanders_;
}

/// Codes that were never made are asked for again, as a portal does.
bool SickProvider::awaitCodeOrNext(Order& order, Milliseconds limit)
{
    int asked = 0;
    return waitUntil(
        limit,
        [&] {
            const Json payment = shop_.payment(order);
            const Json attempt = payment.value("attempt", Json::object());
            order.number = textOf(attempt, "number");
            order.code = textOf(attempt, "qr_code");
            if (textOf(payment, "state") == "unpaid") {
                shop_.persist("/api/v1/payments/" + order.payment_id + "/attempts",
                              Json::object(),
                              order.key + "-attempt-" + std::to_string(++asked));
            }
            return !order.code.empty();
        },
        Milliseconds{100});
}

void SickProvider::suffer(const Sickness& sickness)
{
    std::vector<Order> paid;
    for (int i = 0; i < kRefunds; ++i) {
        paid.push_back(shop_.create(nextKey("refund"), kAmount));
        demand(awaitCodeOrNext(paid.back(), kWellLimit) && shop_.pay(paid.back()) &&
                   shop_.reaches(paid.back(), "paid"),
               "before \"" + sickness.name + "\" " + paid.back().key + " can't be paid");
    }
    const std::int64_t felt_before = countFelt(sickness);
    const std::int64_t connections_before = proxy_->counts().connections;
    fallIll(sickness);
    std::vector<Order> orders;
    for (int i = 0; i < kOrders; ++i) {
        orders.push_back(shop_.create(nextKey("order"), kAmount));
    }
    for (const Order& order : paid) {
        demand(!shop_.refund(order, kAmount / 2, order.key + "-half").empty(),
               sickness.name + ": a refund of " + order.key + " is not accepted");
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
    for (Order& order : orders) {
        demand(!sickness.unbelievable || !shop_.awaitCode(order, Milliseconds{0}),
               sickness.name + ": " + order.key + " has a code nevertheless");
    }
    recover();
    felt_sicknesses_ += felt > 0 ? 1 : 0;
    felt_exchanges_ += felt;
    open_.insert(open_.end(), orders.begin(), orders.end());
    std::cout << sickness.name << ": felt " << felt << " times" << std::endl;
}

/// Every order gets its code, late or not, and is paid.
void SickProvider::settleAll()
{
    const auto start = Clock::now();
    for (Order& order : open_) {
        const bool shown = awaitCodeOrNext(order, kCodeLimit);
        demand(shown, order.key + " has no code and is " + shop_.stateOf(order));
        demand(!shown || (shop_.pay(order) && shop_.reaches(order, "paid")),
               order.key + " can't be paid and is " + shop_.stateOf(order));
    }
    proof_.figures.push_back("orders of sick times paid " + std::to_string(open_.size()) +
                             ", the last " + std::to_string(since(start).count()) +
                             " ms after the end");
}

/// Nobody tells of the payment; near the end of the code the hub asks.
void SickProvider::lostNotification()
{
    shop_.setFaults(options_.seed,
                    Json::array({{{"fault", "notify_none"}, {"match", {{"times", 0}}}}}));
    const Order order = shop_.order(nextKey("silence"), kAmount);
    demand(shop_.pay(order), order.key + " can't be paid");
    demand(!shop_.reaches(order, "paid", Milliseconds{1'000}), order.key + " was told of");
    installation_.stopHub();
    installation_.setHubEnvironment(
        {"LD_PRELOAD=" + (installation_.build() / "tests/hub_clock_shift.so").string(),
         "HUB_CLOCK_SHIFT_S=" + std::to_string(kAheadSeconds)});
    installation_.startHub();
    const auto start = Clock::now();
    const bool found = shop_.reaches(order, "paid", Milliseconds{20'000});
    demand(found, order.key + " was paid, told to nobody, and is " + shop_.stateOf(order));
    proof_.figures.push_back("a payment that nobody told of was found by query " +
                             std::to_string(since(start).count()) + " ms after it fell due");
    proof_.floors.push_back({"lost notifications found", found ? 1 : 0, 1});
}

int SickProvider::run()
{
    std::vector<Sickness> all = sicknesses();
    std::shuffle(all.begin(), all.end(), random_);
    for (int round = 0; round < options_.rounds; ++round) {
        suffer(all[static_cast<std::size_t>(round) % all.size()]);
    }
    settleAll();
    lostNotification();
    proof_.figures.push_back("slowest code of the other account " +
                             std::to_string(slowest_bystander_.count()) + " ms (limit " +
                             std::to_string(kOtherAccountMax.count()) + ")");
    proof_.floors.push_back({"sicknesses felt", felt_sicknesses_, options_.rounds});
    proof_.floors.push_back({"exchanges that felt one", felt_exchanges_, options_.rounds * 2LL});
    proof_.floors.push_back({"codes of the other account meanwhile",
                             bystanders_,
                             shareOf(8, options_.rounds, kFullRounds) / 2});
    return conclude(installation_, memory_, balance_, proof_).good ? 0 : 1;
}

int run(const Options& options)
{
    std::cout << "provider: " << options.rounds << " sicknesses, "
              << (options.postgres ? "PostgreSQL" : "SQLite") << ", --seed " << options.seed
              << std::endl;
    return SickProvider(options).run();
}

} // namespace

extern const Fault kProviderFault;
const Fault kProviderFault = {
    "provider",
    "answers missing, late, wrong or not to be believed, and a way to the provider that breaks",
    kFullRounds,
    4,
    run};

} // namespace chaos
