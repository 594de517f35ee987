// Wallets: the three ways to pay, each with two accounts at its provider, so that one can take over
// from the other.
#pragma once

#include <array>
#include <string>

#include <nlohmann/json.hpp>

namespace hub::test {
class HubProcess;
} // namespace hub::test

namespace bench {

struct Wallet {
    const char* name;    // of the method, and of the provider in the simulator's books
    const char* library; // its connector
    std::array<const char*, 2> accounts;
    std::array<const char*, 2> sellers; // what the provider calls those
    int share;                          // of kShares payments
};

inline constexpr int kShares = 20;
inline constexpr std::array<Wallet, 3> kWallets = {{{"alipay",
                                                     "payment_alipay",
                                                     {"alipay-demo", "alipay-second"},
                                                     {"2088000000000001", "2088000000000002"},
                                                     10},
                                                    {"wechat",
                                                     "payment_wechat",
                                                     {"wechat-demo", "wechat-second"},
                                                     {"1900000001", "1900000002"},
                                                     7},
                                                    {"unionpay",
                                                     "payment_unionpay",
                                                     {"unionpay-demo", "unionpay-second"},
                                                     {"100000000000001", "100000000000002"},
                                                     3}}};

/// Of the payment with this number; the shares are mixed evenly.
const Wallet& walletOf(std::size_t number);
/// The wallet's other account. Throws std::invalid_argument for an account of none.
std::string otherAccountOf(const std::string& account);

/// Both sides of all accounts, while neither hub nor simulator runs: merchants with their keys
/// there, configuration and secrets here. Returns the methods for the configuration of `payments`.
nlohmann::json enableWallets(hub::test::HubProcess& hub);

} // namespace bench
