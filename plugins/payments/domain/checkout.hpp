// Checkout: what the page behind a payment's code shows, decided from what is known. Pure.
#pragma once

#include "domain/records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace payments {

struct Checkout {
    std::string token;
    std::string payment_id;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
    std::string identity_account;
    std::int64_t identity_call = 0;
    std::string identity_url;
    std::string trouble;
};

/// An app that pays, as its connector's manifest describes it.
struct Wallet {
    std::string id;
    std::vector<std::string> agents; // parts of the User-Agent of its browser
    std::string inside;              // product when the page is opened in the app
    std::string phone;               // in another browser of a phone
    std::string desk;                // on a desktop
};

/// What people see of a wallet, as its connector's manifest says it; empty: it does not.
struct WalletLook {
    std::string title_en;
    std::string title_zh;
    std::string sign;  // one character
    std::string color; // of its mark, "#rrggbb"
};

/// By the wallet's id.
using WalletLooks = std::map<std::string, WalletLook>;

/// What the page was opened in.
struct Browser {
    std::string wallet; // the app; empty: a browser
    bool is_phone = false;
};

Browser browserOf(std::string_view user_agent, const std::vector<Wallet>& wallets);
/// What to ask the wallet's provider for.
const std::string& productFor(const Wallet& wallet, const Browser& browser);

/// What it gets is for one payer, whom the account that collects has named: it can't be had from
/// another account.
bool isPayerBound(std::string_view product);

enum class CheckoutView {
    Choose,    // no attempt is under way: the wallets are offered
    Preparing, // the provider was asked and has not answered
    Pay,       // the attempt can be paid
    Checking,  // nobody knows: do not pay again
    Paid,
    Expired, // a new code is needed
    Ended    // the payment is canceled or closed
};

/// `attempt` is the payment's current one, if it has one.
CheckoutView viewOf(const Checkout& checkout,
                    const Payment& payment,
                    const std::optional<Attempt>& attempt,
                    std::int64_t now_ms);

std::string_view toText(CheckoutView view);

/// Until then a wallet can be chosen. A choice makes neither the code nor the payment live longer.
std::int64_t choiceEndMs(const Checkout& checkout, const Payment& payment);

/// Choices that follow each other faster than people choose: each one costs the provider an order
/// and a close.
bool isHasty(const std::vector<Attempt>& attempts, std::int64_t now_ms);

/// An attempt lives to the checkout's end, at least five minutes.
std::int64_t attemptEndMs(const Checkout& checkout, std::int64_t now_ms);

} // namespace payments
