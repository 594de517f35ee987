#include "domain/checkout.hpp"

#include <algorithm>
#include <cstddef>

namespace payments {

namespace {

bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != std::string_view::npos;
}

} // namespace

Browser browserOf(std::string_view user_agent, const std::vector<Wallet>& wallets)
{
    Browser browser;
    for (const Wallet& wallet : wallets) {
        const bool is_app = std::any_of(
            wallet.agents.begin(), wallet.agents.end(), [user_agent](const std::string& agent) {
                return holds(user_agent, agent);
            });
        if (is_app) {
            browser.wallet = wallet.id;
        }
    }
    browser.is_phone = !browser.wallet.empty() || holds(user_agent, "Mobile") ||
                       holds(user_agent, "Android") || holds(user_agent, "iPhone");
    return browser;
}

const std::string& productFor(const Wallet& wallet, const Browser& browser)
{
    if (browser.wallet == wallet.id) {
        return wallet.inside;
    }
    return browser.is_phone ? wallet.phone : wallet.desk;
}

bool isPayerBound(std::string_view product)
{
    return product == "jsapi";
}

CheckoutView viewOf(const Checkout& checkout,
                    const Payment& payment,
                    const std::optional<Attempt>& attempt,
                    std::int64_t now_ms)
{
    if (payment.state == PaymentState::Paid) {
        return CheckoutView::Paid;
    }
    // Somebody may have paid: whatever else is true, nobody shall pay again.
    if (attempt && attempt->state == AttemptState::Unknown) {
        return CheckoutView::Checking;
    }
    if (payment.state != PaymentState::Open) {
        return payment.state == PaymentState::Closing ? CheckoutView::Checking
                                                      : CheckoutView::Ended;
    }
    const bool is_running = attempt && isLive(attempt->state) &&
                            attempt->end_wanted == EndReason::None &&
                            now_ms < attempt->expires_at_ms;
    if (is_running) {
        return attempt->state == AttemptState::Waiting ? CheckoutView::Pay
                                                       : CheckoutView::Preparing;
    }
    if (now_ms >= choiceEndMs(checkout, payment)) {
        return CheckoutView::Expired;
    }
    return checkout.identity_call != 0 ? CheckoutView::Preparing : CheckoutView::Choose;
}

std::string_view toText(CheckoutView view)
{
    switch (view) {
    case CheckoutView::Choose:
        return "choose";
    case CheckoutView::Preparing:
        return "preparing";
    case CheckoutView::Pay:
        return "pay";
    case CheckoutView::Checking:
        return "checking";
    case CheckoutView::Paid:
        return "paid";
    case CheckoutView::Expired:
        return "expired";
    case CheckoutView::Ended:
        return "ended";
    }
    return "ended";
}

std::int64_t choiceEndMs(const Checkout& checkout, const Payment& payment)
{
    return std::min(checkout.expires_ms, payment.expires_ms);
}

bool isHasty(const std::vector<Attempt>& attempts, std::int64_t now_ms)
{
    constexpr std::int64_t kSpanMs = 60'000;
    constexpr std::ptrdiff_t kChoicesMax = 6;
    return std::count_if(attempts.begin(), attempts.end(), [now_ms](const Attempt& attempt) {
               return attempt.created_at_ms > now_ms - kSpanMs;
           }) >= kChoicesMax;
}

std::int64_t attemptEndMs(const Checkout& checkout, std::int64_t now_ms)
{
    constexpr std::int64_t kLeastMs = std::int64_t{5} * 60 * 1000;
    return std::max(checkout.expires_ms, now_ms + kLeastMs);
}

} // namespace payments
