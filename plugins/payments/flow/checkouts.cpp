#include "flow/checkouts.hpp"

#include "flow/attempts.hpp"
#include "store/checkout_rows.hpp"
#include "store/operation_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace payments {

namespace {

constexpr std::size_t kTokenBytes = 16;

std::string toHex(const std::string& bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

/// Of the contract's `payer`; empty: nobody was named.
std::string identityIn(const std::string& payer)
{
    const Json json = Json::parse(payer, nullptr, false);
    return json.is_object() ? textOf(json, "identity") : "";
}

const Wallet* findWallet(const std::vector<Wallet>& wallets, const std::string& id)
{
    const auto found = std::find_if(
        wallets.begin(), wallets.end(), [&id](const Wallet& wallet) { return wallet.id == id; });
    return found == wallets.end() ? nullptr : &*found;
}

/// Nothing new may begin, and the page that comes next says why by itself.
bool isOver(const Work& work, const Payment& payment, const Checkout& checkout)
{
    const auto current = work.rows().attempt(payment.current_number);
    const CheckoutView view = viewOf(checkout, payment, current, work.nowMs());
    const bool may_choose = view == CheckoutView::Choose || view == CheckoutView::Pay ||
                            view == CheckoutView::Preparing;
    return !may_choose || work.nowMs() >= choiceEndMs(checkout, payment) ||
           work.rows().orderIsPaidBesides(payment) ||
           OperationRows{work.unit()}.stopOf(payment.method).has_value();
}

/// A word for the page; empty when one more attempt may begin.
std::string limitHit(const Work& work, const std::vector<Attempt>& attempts)
{
    if (attempts.size() >= kAttemptsMax) {
        return "too_many";
    }
    return isHasty(attempts, work.nowMs()) ? "too_fast" : "";
}

std::int64_t
begin(const Work& work, Payment& payment, Checkout& checkout, Wanted wanted, const Json& payer)
{
    const auto attempts = work.rows().attempts(payment.payment_id);
    checkout.trouble = limitHit(work, attempts);
    if (!checkout.trouble.empty()) {
        return 0;
    }
    wanted.payer = payer.empty() ? "" : payer.dump();
    wanted.expires_at_ms = attemptEndMs(checkout, work.nowMs());
    const bool live = std::any_of(
        attempts.begin(), attempts.end(), [](const Attempt& a) { return isLive(a.state); });
    const auto opened =
        live ? replaceAttempt(work, payment, wanted) : openAttempt(work, payment, wanted);
    checkout.identity_url.clear(); // its answer is used up, or nobody waits for it
    checkout.trouble = opened ? "" : "no_account";
    return opened ? opened->wait_call : 0;
}

/// The account that asks who pays: one where this payment has not failed, while there is one.
std::string accountToAsk(const Work& work,
                         const Payment& payment,
                         const Checkout& checkout,
                         const Wanted& wanted)
{
    const auto candidates = candidatesFor(work, payment, wanted, checkout.token);
    const std::set<std::string> failed = failedAccounts(work, payment);
    const auto fresh =
        std::find_if(candidates.begin(), candidates.end(), [&failed](const RouteRule& rule) {
            return failed.count(rule.account) == 0;
        });
    if (fresh != candidates.end()) {
        return fresh->account;
    }
    return candidates.empty() ? "" : candidates.front().account;
}

/// The account that will collect must be the one that names the payer.
std::int64_t identify(const Work& work,
                      const Payment& payment,
                      Checkout& checkout,
                      const Wanted& wanted,
                      const std::string& code)
{
    const std::string account = accountToAsk(work, payment, checkout, wanted);
    checkout.trouble =
        account.empty() ? "no_account" : limitHit(work, work.rows().attempts(payment.payment_id));
    if (!checkout.trouble.empty()) {
        return 0;
    }
    if (code.empty() || checkout.identity_account.empty()) {
        checkout.identity_account = account;
    }
    Json request = {{"state", checkout.token},
                    {"return_url", checkoutUrl(work.settings(), checkout)}};
    if (!code.empty()) {
        request = {{"code", code}};
    }
    const auto call =
        work.call("payer_identity", payment, checkout.identity_account, checkout.token, request);
    checkout.identity_call = call.value_or(0);
    checkout.trouble = call ? "" : "no_account";
    return checkout.identity_call;
}

/// The same wallet and product, for the same payer where it is for one, still under way: a second
/// press of the button. Another product of the wallet is another device: what the first one got
/// does not help there.
bool isRepetition(const Work& work,
                  const Payment& payment,
                  const Wanted& wanted,
                  const std::string& identity = {})
{
    const auto current = work.rows().attempt(payment.current_number);
    const bool same = current && isLive(current->state) && current->end_wanted == EndReason::None &&
                      current->wallet == wanted.wallet && current->product == wanted.product &&
                      work.nowMs() < current->expires_at_ms;
    return same && (!isPayerBound(wanted.product) ||
                    (!identity.empty() && current->account == wanted.account &&
                     identity == identityIn(current->payer)));
}

void takePayer(const Work& work, Payment& payment, Checkout& checkout, const std::string& identity)
{
    Wanted wanted;
    wanted.account = checkout.identity_account;
    wanted.product = "jsapi";
    if (const Method* method = work.settings().findMethod(payment.method)) {
        wanted.wallet =
            readAccounts(work.unit(), method->rules, work.nowMs())[wanted.account].wallet;
    }
    if (!isRepetition(work, payment, wanted, identity)) {
        begin(work, payment, checkout, wanted, {{"identity", identity}});
    }
}

} // namespace

std::vector<Wallet> walletsOf(const hub::Snapshot& snapshot, const Method& method)
{
    std::vector<Wallet> wallets;
    for (const Json& account : Json::parse(snapshot.accounts("payment"))) {
        const std::string name = textOf(account, "account");
        const Json traits = account.value("traits", Json::object());
        const std::string id = textOf(traits, "wallet");
        const bool is_routed =
            std::any_of(method.rules.begin(), method.rules.end(), [&name](const RouteRule& rule) {
                return rule.account == name;
            });
        if (id.empty() || !is_routed || textOf(account, "state") != "enabled" ||
            findWallet(wallets, id) != nullptr) {
            continue;
        }
        Wallet wallet;
        wallet.id = id;
        wallet.agents = traits.value("agents", wallet.agents);
        wallet.inside = textOf(traits, "inside");
        wallet.phone = textOf(traits, "phone");
        wallet.desk = textOf(traits, "desk");
        wallets.push_back(std::move(wallet));
    }
    return wallets;
}

WalletLooks looksOf(const hub::Snapshot& snapshot)
{
    WalletLooks looks;
    for (const Json& account : Json::parse(snapshot.accounts("payment"))) {
        const Json traits = account.value("traits", Json::object());
        const Json title = traits.value("title", Json::object());
        const std::string id = textOf(traits, "wallet");
        if (id.empty()) {
            continue;
        }
        looks.try_emplace(id,
                          WalletLook{textOf(title, "en"),
                                     textOf(title, "zh"),
                                     textOf(traits, "sign"),
                                     textOf(traits, "color")});
    }
    return looks;
}

std::string checkoutUrl(const Settings& settings, const Checkout& checkout)
{
    return settings.public_url + "/pay/" + checkout.token;
}

Checkout openCheckout(const Work& work, const Payment& payment)
{
    Checkout checkout;
    checkout.token = toHex(work.unit().random(kTokenBytes));
    checkout.payment_id = payment.payment_id;
    checkout.created_ms = work.nowMs();
    checkout.expires_ms = work.nowMs() + work.settings().attempt_life_ms;
    CheckoutRows{work.unit()}.insert(checkout);
    return checkout;
}

std::int64_t choose(const Work& work, Payment& payment, Checkout& checkout, const Choice& choice)
{
    if (isOver(work, payment, checkout)) {
        return 0;
    }
    const Method* method = work.settings().findMethod(payment.method);
    const auto wallets =
        method == nullptr ? std::vector<Wallet>{} : walletsOf(work.unit(), *method);
    const Wallet* wallet = findWallet(wallets, choice.wallet);
    if (wallet == nullptr) {
        checkout.trouble = "no_account";
        CheckoutRows{work.unit()}.save(checkout);
        return 0;
    }
    Wanted wanted;
    wanted.wallet = wallet->id;
    wanted.product = productFor(*wallet, browserOf(choice.user_agent, wallets));
    if (isRepetition(work, payment, wanted)) {
        checkout.trouble.clear();
        CheckoutRows{work.unit()}.save(checkout);
        return 0;
    }
    const std::int64_t call =
        isPayerBound(wanted.product)
            ? identify(work, payment, checkout, wanted, choice.code)
            : begin(work, payment, checkout, wanted, {{"client_ip", choice.client_ip}});
    CheckoutRows{work.unit()}.save(checkout);
    return call;
}

void takeIdentity(const Work& work, const hub::Event& event, const ProviderCall& call)
{
    const CheckoutRows rows{work.unit()};
    auto checkout = rows.find(call.number);
    if (!checkout || checkout->identity_call != call.call_id) {
        return; // a later choice made another call
    }
    checkout->identity_call = 0;
    const Json result = Json::parse(event.payload(), nullptr, false);
    const bool answered = event.outcome() == HUB_OUTCOME_SUCCEEDED && result.is_object();
    checkout->identity_url = answered ? textOf(result, "url") : "";
    checkout->trouble = answered ? "" : "identity";
    const std::string identity = answered ? textOf(result, "identity") : "";
    auto payment = work.rows().payment(checkout->payment_id);
    // Much may have happened while the wallet was asked.
    if (!identity.empty() && payment && !isOver(work, *payment, *checkout)) {
        takePayer(work, *payment, *checkout, identity);
    }
    rows.save(*checkout);
}

} // namespace payments
