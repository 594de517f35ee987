// Checkouts: one code for all wallets. The code holds an address of ours; an attempt begins when an
// app opens it and its owner says so (POST), never by a look (GET).
#pragma once

#include "domain/checkout.hpp"
#include "flow/work.hpp"

#include <string>
#include <vector>

namespace payments {

/// The wallets that a method's accounts offer now.
std::vector<Wallet> walletsOf(const hub::Snapshot& snapshot, const Method& method);

/// The looks of all wallets, also of those that are not offered now: an attempt may be open there.
WalletLooks looksOf(const hub::Snapshot& snapshot);

std::string checkoutUrl(const Settings& settings, const Checkout& checkout);

Checkout openCheckout(const Work& work, const Payment& payment);

/// What a person chose on the page.
struct Choice {
    std::string wallet;
    std::string code; // of the wallet's log-in page; empty: it was not there
    std::string user_agent;
    std::string client_ip;
};

/// Begins an attempt, or asks who the payer is first; nothing when the checkout or the payment is
/// over. Answers the call after which there is news, 0 when there is none to wait for; what went
/// wrong stands in the checkout.
std::int64_t choose(const Work& work, Payment& payment, Checkout& checkout, const Choice& choice);

/// The outcome of payer_identity.
void takeIdentity(const Work& work, const hub::Event& event, const ProviderCall& call);

} // namespace payments
