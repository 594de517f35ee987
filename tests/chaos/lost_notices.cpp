#include "lost_notices.hpp"

#include "waiting.hpp"

#include <algorithm>
#include <iostream>
#include <memory>
#include <vector>

namespace chaos {

namespace {

constexpr std::int64_t kAmount = 5'000;
constexpr int kCodeLife = 300; ///< the shortest there is
/// Past three quarters of a code's life, when it is first asked about, and within the five minutes
/// by which clocks may differ.
constexpr int kAheadSeconds = 240;
constexpr Milliseconds kFoundLimit{20'000};

/// One wallet's customers.
struct Silence {
    std::unique_ptr<Shop> shop;
    Order refunded;
    std::vector<Order> paid;
};

class Lost {
public:
    Lost(Installation& installation, Memory& memory, Proof& proof)
        : installation_(installation)
        , memory_(memory)
        , proof_(proof)
    {}

    void run(const Wallets& wallets, int orders_per_wallet);

private:
    void demand(bool holds, const std::string& sentence)
    {
        if (!holds) {
            proof_.failures.push_back(sentence);
        }
    }
    void shortenCodes();
    Silence begin(const Wallet& wallet);
    void pay(Silence& silence, int orders);
    void find(Silence& silence);

    Installation& installation_;
    Memory& memory_;
    Proof& proof_;
    int made_ = 0;
    std::int64_t lost_ = 0;
    std::int64_t found_ = 0;
    std::int64_t refunds_found_ = 0;
};

void Lost::shortenCodes()
{
    installation_.stopHub();
    editJson(installation_.dataFolder() / "plugins.d/payments.json",
             [](Json& content) { content["config"]["attempt_life_s"] = kCodeLife; });
    installation_.startHub();
}

/// An order that is known to be paid, and will be refunded.
Silence Lost::begin(const Wallet& wallet)
{
    Silence silence{std::make_unique<Shop>(installation_, memory_, tillOf(wallet)), {}, {}};
    const std::string key = "silence-" + std::to_string(installation_.options().seed) + "-" +
                            wallet.name() + "-" + std::to_string(++made_);
    silence.refunded = silence.shop->order(key, kAmount);
    demand(silence.shop->pay(silence.refunded) && silence.shop->reaches(silence.refunded, "paid"),
           key + " can't be paid");
    return silence;
}

void Lost::pay(Silence& silence, int orders)
{
    Shop& shop = *silence.shop;
    for (int i = 0; i < orders; ++i) {
        const std::string key = silence.refunded.key + "-" + std::to_string(i);
        silence.paid.push_back(shop.order(key, kAmount));
        demand(shop.pay(silence.paid.back()), key + " can't be paid");
    }
    const Order& refunded = silence.refunded;
    demand(!shop.refund(refunded, kAmount, refunded.key + "-refund").empty() &&
               shop.isRefundedAtProvider(refunded),
           refunded.key + " is not refunded");
    lost_ += orders;
}

void Lost::find(Silence& silence)
{
    Shop& shop = *silence.shop;
    for (const Order& order : silence.paid) {
        const bool is_paid = shop.reaches(order, "paid", kFoundLimit);
        found_ += is_paid ? 1 : 0;
        demand(is_paid, order.key + " was paid, told to nobody, and is " + shop.stateOf(order));
    }
    const bool is_refunded = waitUntil(kFoundLimit, [&] {
        return shop.payment(silence.refunded).value("refunded_minor", std::int64_t{0}) == kAmount;
    });
    refunds_found_ += is_refunded ? 1 : 0;
    demand(is_refunded, silence.refunded.key + " was refunded, and the hub does not find out");
}

void Lost::run(const Wallets& wallets, int orders_per_wallet)
{
    shortenCodes();
    std::vector<Silence> silences;
    for (const auto& wallet : wallets) {
        silences.push_back(begin(*wallet));
    }
    Shop& first = *silences.front().shop;
    first.setFaults(installation_.options().seed,
                    Json::array({{{"fault", "notify_none"}, {"match", {{"times", 0}}}}}));
    for (Silence& silence : silences) {
        pay(silence, orders_per_wallet);
    }
    const bool told = waitUntil(Milliseconds{1'000}, [&] {
        return std::any_of(silences.begin(), silences.end(), [](Silence& silence) {
            return silence.shop->stateOf(silence.paid.front()) == "paid";
        });
    });
    demand(!told, "a payment that nobody tells of was told of");
    installation_.stopHub();
    installation_.shiftHubClock(kAheadSeconds);
    installation_.startHub();
    const auto start = Clock::now();
    for (Silence& silence : silences) {
        find(silence);
    }
    proof_.figures.push_back("payments that nobody told of were found by query, the last " +
                             std::to_string(since(start).count()) + " ms after it fell due");
    proof_.floors.push_back({"lost notifications found", found_, lost_});
    proof_.floors.push_back({"refunds found that nobody told of",
                             refunds_found_,
                             static_cast<std::int64_t>(wallets.size())});
}

} // namespace

void loseNotices(Installation& installation,
                 Memory& memory,
                 Proof& proof,
                 const Wallets& wallets,
                 int orders_per_wallet)
{
    Lost(installation, memory, proof).run(wallets, orders_per_wallet);
}

} // namespace chaos
