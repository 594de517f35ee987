#include "api/checkouts.hpp"

#include "api/answers.hpp"
#include "api/views.hpp"
#include "domain/number.hpp"
#include "flow/attempts.hpp"
#include "flow/checkouts.hpp"
#include "pages/checkout_page.hpp"
#include "store/checkout_rows.hpp"
#include "store/operation_rows.hpp"

#include <optional>
#include <utility>

namespace payments {

namespace {

struct Found {
    Checkout checkout;
    Payment payment;
    std::optional<Attempt> attempt;
};

std::optional<Found> find(const hub::Snapshot& snapshot, const std::string& token)
{
    const Rows rows{snapshot};
    auto checkout = CheckoutRows{snapshot}.find(token);
    auto payment = checkout ? rows.payment(checkout->payment_id) : std::nullopt;
    if (!payment) {
        return std::nullopt;
    }
    auto attempt = rows.attempt(payment->current_number);
    return Found{std::move(*checkout), std::move(*payment), std::move(attempt)};
}

Tongue tongueOf(const Json& payload)
{
    return textOf(payload, "language") == "zh" ? Tongue::Chinese : Tongue::English;
}

hub::Answer page(int status, const std::string& html)
{
    return ok({{"status", status}, {"body", html}});
}

Problem unknownCheckout()
{
    return {404, "not_found", "", "there is no such checkout", Json::object()};
}

} // namespace

hub::Answer
showCheckout(const hub::Snapshot& snapshot, const hub::Event& event, const Settings& settings)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const RequestParts request = readRequest(event.payload());
    const Tongue tongue = tongueOf(payload);
    const auto found = find(snapshot, textOf(request.path, "token"));
    if (!found) {
        return page(404, renderUnknownCheckout(tongue));
    }
    CheckoutScene scene;
    scene.tongue = tongue;
    scene.url = checkoutUrl(settings, found->checkout);
    scene.now_ms = snapshot.nowMs();
    scene.checkout = found->checkout;
    scene.payment = found->payment;
    scene.attempt = found->attempt;
    if (const Method* method = settings.findMethod(found->payment.method)) {
        scene.wallets = walletsOf(snapshot, *method);
    }
    scene.looks = looksOf(snapshot);
    scene.stop = OperationRows{snapshot}.stopOf(found->payment.method);
    scene.browser = browserOf(textOf(payload, "user_agent"), scene.wallets);
    scene.view = Rows{snapshot}.orderIsPaidBesides(found->payment)
                     ? CheckoutView::Paid
                     : viewOf(scene.checkout, scene.payment, scene.attempt, scene.now_ms);
    // The log-in page returns what we gave it: somebody else's link must not pay for this one.
    const bool is_ours = textOf(request.query, "state") == found->checkout.token;
    scene.code = is_ours ? textOf(request.query, "code") : "";
    return page(200, renderCheckout(scene));
}

hub::Answer getCheckout(const hub::Snapshot& snapshot, const hub::Event& event, const Settings&)
{
    const auto found = find(snapshot, textOf(readRequest(event.payload()).path, "token"));
    if (!found) {
        return refuse(unknownCheckout());
    }
    const CheckoutView view =
        viewOf(found->checkout, found->payment, found->attempt, snapshot.nowMs());
    return ok({{"status", 200},
               {"body",
                {{"view", toText(view)},
                 {"revision", found->payment.revision},
                 {"expires_at", toRfc3339(found->checkout.expires_ms)}}}});
}

hub::Answer chooseWallet(const Work& work, const hub::Event& event)
{
    const Json payload = Json::parse(event.payload(), nullptr, false);
    const RequestParts request = readRequest(event.payload());
    auto found = find(work.unit(), textOf(request.path, "token"));
    if (!found) {
        return page(404, renderUnknownCheckout(tongueOf(payload)));
    }
    Json answer = {{"status", 200}, {"location", "/pay/" + found->checkout.token}};
    if (textOf(request.body, "wallet").empty()) {
        // A wallet's page sends people back by a form of its own, which proves nothing.
        return ok(std::move(answer));
    }
    const Choice choice = {textOf(request.body, "wallet"),
                           textOf(request.body, "code"),
                           textOf(payload, "user_agent"),
                           textOf(payload, "client_ip")};
    const std::int64_t call = choose(work, found->payment, found->checkout, choice);
    if (call != 0) {
        answer["wait"] = {{"call", std::to_string(call)},
                          {"operation", "checkout.get"},
                          {"path", {{"token", found->checkout.token}}}};
    }
    return ok(std::move(answer));
}

hub::Answer createCheckout(const Work& work, const hub::Event& event)
{
    const std::string payment_id = textOf(readRequest(event.payload()).path, "payment_id");
    const auto payment = work.rows().payment(payment_id);
    if (!payment) {
        return refuse(
            {404, "not_found", "", "there is no payment \"" + payment_id + "\"", Json::object()});
    }
    if (payment->state != PaymentState::Open) {
        return refuse({409,
                       "payment_not_open",
                       "",
                       "the payment is " + std::string{toText(payment->state)} +
                           "; create a new payment if the order is still to be paid",
                       Json::object()});
    }
    openCheckout(work, *payment);
    return ok({{"status", 201},
               {"body", viewOf(work.unit(), *payment, work.settings())},
               {"location", "/api/v1/payments/" + payment_id}});
}

Json checkoutView(const hub::Snapshot& snapshot, const Payment& payment, const Settings& settings)
{
    const auto checkout = CheckoutRows{snapshot}.newestOf(payment.payment_id);
    if (!checkout) {
        return nullptr;
    }
    return {{"url", checkoutUrl(settings, *checkout)},
            {"expires_at", toRfc3339(checkout->expires_ms)}};
}

} // namespace payments
