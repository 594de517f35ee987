// CheckoutPage: the page behind a payment's code, as HTML that works without a script.
#pragma once

#include "domain/checkout.hpp"
#include "pages/html.hpp"
#include "store/operation_rows.hpp"

#include <optional>
#include <string>
#include <vector>

namespace payments {

struct CheckoutScene {
    Tongue tongue = Tongue::English;
    std::string url; // of this page
    Checkout checkout;
    Payment payment;
    std::optional<Attempt> attempt; // the payment's current one
    std::vector<Wallet> wallets;
    WalletLooks looks;
    Browser browser;
    std::optional<MethodStop> stop; // nothing new may begin: this is said instead
    CheckoutView view = CheckoutView::Choose;
    std::int64_t now_ms = 0;
    std::string code; // what the wallet's log-in page sent back; empty: nothing
};

std::string renderCheckout(const CheckoutScene& scene);
std::string renderUnknownCheckout(Tongue tongue);

} // namespace payments
