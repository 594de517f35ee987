// Keys that change while payments go on: the providers' and ours, by the commands that an operator
// has. For every wallet: both keys are believed for a while, then the old one is not.
#pragma once

#include "installation.hpp"
#include "memory.hpp"
#include "verdict.hpp"
#include "wallet.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace chaos {

class KeyChange {
public:
    KeyChange(Installation& installation, Memory& memory, Proof& proof, const Wallets& wallets);
    ~KeyChange();
    KeyChange(const KeyChange&) = delete;
    KeyChange& operator=(const KeyChange&) = delete;

    /// What does not hold is in the proof, with floors. The simulator is started again on the way
    /// and has no faults then.
    void run();

private:
    /// A payment that is known, whose notice is told again and again.
    struct Witness {
        Wallet* wallet = nullptr;
        Order order;
    };

    void demand(bool holds, const std::string& sentence);
    KeyTools tools();
    void makeSpare() const;
    void beginLoad();
    void endLoad();
    void shop(const Wallet& wallet, int customer);
    Witness makeWitness(Wallet& wallet);
    bool takes(const Witness& witness, Signer signer);
    bool comesToTake(const Witness& witness, Signer signer, bool takes_it);
    void changeProviderKeys(int number);
    void demandBothBelieved(const Witness& witness, const std::string& what);
    void changeMerchantKeys();
    void changeAddresses();

    Installation& installation_;
    Memory& memory_;
    Proof& proof_;
    const Wallets& wallets_;
    Deliverer desk_;
    std::filesystem::path spare_;
    std::vector<Witness> witnesses_;
    std::vector<std::thread> customers_;
    std::atomic<bool> stopping_{false};
    std::map<std::string, std::atomic<std::int64_t>> paid_; ///< orders by wallet
    std::int64_t changes_ = 0;
    std::int64_t refused_ = 0;
    std::int64_t retired_ = 0;
};

} // namespace chaos
