#include "key_change.hpp"

#include "processes.hpp"
#include "waiting.hpp"

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace chaos {

namespace {

constexpr int kCustomers = 2; ///< of each wallet
constexpr int kTold = 40;     ///< notices by either key while both are believed
constexpr std::int64_t kAmount = 3'000;
constexpr std::int64_t kPaidMin = 3; ///< orders of each wallet, over the whole change
constexpr Milliseconds kCodeLimit{20'000};
constexpr Milliseconds kForceLimit{15'000}; ///< until a change is in force

} // namespace

KeyChange::KeyChange(Installation& installation,
                     Memory& memory,
                     Proof& proof,
                     const Wallets& wallets)
    : installation_(installation)
    , memory_(memory)
    , proof_(proof)
    , wallets_(wallets)
    , desk_(installation.httpPort())
    , spare_(installation.folder() / "spare")
{
    for (const auto& wallet : wallets_) {
        paid_[wallet->name()] = 0;
    }
}

KeyChange::~KeyChange()
{
    endLoad();
}

void KeyChange::demand(bool holds, const std::string& sentence)
{
    if (!holds) {
        proof_.failures.push_back(sentence);
    }
}

KeyTools KeyChange::tools()
{
    const auto operate = [this](const std::vector<std::string>& command) {
        const Ended ended = installation_.command(command);
        std::string words;
        for (const std::string& word : command) {
            words += " " + word;
        }
        demand(ended.code == 0, "expohub" + words + " ended with " + ended.output);
        ++changes_;
    };
    const auto control = [this](const std::string& path, const Json& body) {
        const HttpAnswer answer =
            HttpsClient(installation_.simulator()).post("/control/" + path, body);
        demand(answer.status == 200, path + " was answered " + answer.body.dump());
    };
    return {installation_.folder(), spare_, operate, control};
}

void KeyChange::makeSpare() const
{
    std::filesystem::create_directories(spare_);
    const Ended made = chaos::run(
        {installation_.build() / "bin/expohub-simulator", "prepare", "--folder", spare_});
    if (made.code != 0) {
        throw std::runtime_error("expohub-simulator prepare fails in " + spare_.string());
    }
}

/// One customer's orders, one after the other, until it is told to stop.
void KeyChange::shop(const Wallet& wallet, int customer)
{
    Shop shop(installation_, memory_, tillOf(wallet));
    for (int number = 1; !stopping_; ++number) {
        const std::string key = "keys-" + std::to_string(installation_.options().seed) + "-" +
                                wallet.name() + "-" + std::to_string(customer) + "-" +
                                std::to_string(number);
        Order order = shop.create(key, kAmount);
        if (order.payment_id.empty() || !shop.awaitCodeOrNext(order, kCodeLimit) ||
            !shop.pay(order)) {
            continue;
        }
        ++paid_.at(wallet.name());
        if (number % 2 == 0 && shop.reaches(order, "paid", Milliseconds{2'000})) {
            shop.refund(order, kAmount / 2, key + "-half");
        }
    }
}

void KeyChange::beginLoad()
{
    for (const auto& wallet : wallets_) {
        for (int customer = 1; customer <= kCustomers; ++customer) {
            customers_.emplace_back([this, &wallet, customer] { shop(*wallet, customer); });
        }
    }
}

void KeyChange::endLoad()
{
    stopping_ = true;
    for (std::thread& customer : customers_) {
        customer.join();
    }
    customers_.clear();
}

KeyChange::Witness KeyChange::makeWitness(Wallet& wallet)
{
    Shop shop(installation_, memory_, tillOf(wallet));
    Order order = shop.create("witness-" + std::to_string(installation_.options().seed) + "-" +
                                  wallet.name() + "-" + std::to_string(witnesses_.size()),
                              kAmount);
    const bool shown = shop.awaitCodeOrNext(order, kCodeLimit);
    order.trade_number = shown ? shop.payFor(order) : "";
    if (order.trade_number.empty() || !shop.reaches(order, "paid")) {
        throw std::runtime_error(order.key + " does not become paid");
    }
    return {&wallet, order};
}

bool KeyChange::takes(const Witness& witness, Signer signer)
{
    const Wallet& wallet = *witness.wallet;
    const Notice notice = wallet.paid(witness.order, signer);
    return wallet.isSuccess(desk_.deliver(wallet.path(), notice));
}

bool KeyChange::comesToTake(const Witness& witness, Signer signer, bool takes_it)
{
    return waitUntil(
        kForceLimit, [&] { return takes(witness, signer) == takes_it; }, Milliseconds{50});
}

void KeyChange::demandBothBelieved(const Witness& witness, const std::string& what)
{
    int taken = 0;
    for (int i = 0; i < kTold; ++i) {
        taken += takes(witness, Signer::Former) ? 1 : 0;
        taken += takes(witness, Signer::Present) ? 1 : 0;
    }
    demand(taken == 2 * kTold,
           "while " + what + " of " + witness.wallet->name() + " changes, " +
               std::to_string(taken) + " of " + std::to_string(2 * kTold) +
               " notices by the old and the new one were taken");
}

void KeyChange::changeProviderKeys(int number)
{
    const KeyTools with = tools();
    std::vector<Witness> changing;
    for (const Witness& witness : witnesses_) {
        if (number < witness.wallet->keyChanges()) {
            changing.push_back(witness);
        }
    }
    bool restarts = false;
    for (const Witness& witness : changing) {
        witness.wallet->beginKeyChange(number, with);
        restarts = restarts || witness.wallet->needsRestart(number);
    }
    if (restarts) {
        installation_.restartSimulator();
    }
    for (const Witness& witness : changing) {
        const std::string what = witness.wallet->keyChange(number);
        demand(comesToTake(witness, Signer::Present, true),
               "a notice by the new key (" + what + ") is never taken");
        demandBothBelieved(witness, what);
        const bool retires = witness.wallet->endKeyChange(number, with);
        const bool settled = comesToTake(witness, Signer::Former, !retires);
        retired_ += retires ? 1 : 0;
        refused_ += retires && settled ? 1 : 0;
        if (retires && !settled) {
            proof_.findings.forged.push_back("a notice by the old key (" + what + " of " +
                                             witness.wallet->name() + ") is still taken");
        }
        demand(takes(witness, Signer::Present),
               "after the change (" + what + ") a notice by the new key is not taken");
        std::cout << witness.wallet->name() << ": " << what << " changed" << std::endl;
    }
}

/// Ours; the provider has them from its next start on.
void KeyChange::changeMerchantKeys()
{
    const KeyTools with = tools();
    for (const Witness& witness : witnesses_) {
        witness.wallet->changeMerchantKey(with);
    }
    installation_.restartSimulator();
    for (const auto& wallet : wallets_) {
        makeWitness(*wallet); // throws unless a payment is made and told of with the new keys
    }
}

/// What was told to go to the old address is taken there.
void KeyChange::changeAddresses()
{
    const KeyTools with = tools();
    for (const Witness& witness : witnesses_) {
        with.operate({"provider-account", "rotate-callback", witness.wallet->account()});
        demand(comesToTake(witness, Signer::Present, true),
               witness.wallet->name() + ": the callback address from before takes nothing");
    }
}

void KeyChange::run()
{
    makeSpare();
    for (const auto& wallet : wallets_) {
        witnesses_.push_back(makeWitness(*wallet));
    }
    beginLoad();
    int most = 0;
    for (const auto& wallet : wallets_) {
        most = std::max(most, wallet->keyChanges());
    }
    for (int number = 0; number < most; ++number) {
        changeProviderKeys(number);
    }
    changeMerchantKeys();
    changeAddresses();
    const bool busy = waitUntil(kForceLimit, [&] {
        return std::all_of(
            paid_.begin(), paid_.end(), [](const auto& one) { return one.second >= kPaidMin; });
    });
    demand(busy, "while keys change, too few orders are paid");
    endLoad();
    proof_.floors.push_back({"old keys refused", refused_, retired_});
    proof_.floors.push_back(
        {"commands that changed keys", changes_, static_cast<std::int64_t>(wallets_.size()) * 4});
    for (const auto& [name, paid] : paid_) {
        proof_.floors.push_back({"orders paid by " + name + " while keys changed", paid, kPaidMin});
    }
}

} // namespace chaos
