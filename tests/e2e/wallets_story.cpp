#include "wallets_story.hpp"

#include "code_picture.hpp"
#include "telling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

namespace demo {

namespace {

const std::string kDesktop =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 "
    "Safari/537.36";

std::string textOf(const Json& object, const char* name)
{
    return object.at(name).get<std::string>();
}

bool isPaid(const Page& page)
{
    return page.says("Paid. Thank you.");
}

} // namespace

WalletsStory::WalletsStory(Installation installation)
    : installation_(std::move(installation))
    , portal_(installation_.hub_url, installation_.ca_file, installation_.token)
    , run_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count()))
{}

void WalletsStory::tell()
{
    chapter("One code on a desktop, three apps that scan it · 桌面聚合码，三种应用扫码");
    payByCode(alipayApp(), 20000);
    payByCode(wechatApp(), 18800);
    payByCode(unionpayApp(), 15000);

    chapter("On the same phone, which can't scan its own screen · 手机浏览器内支付");
    payOnThePhone(alipayApp(), 9900);
    payOnThePhone(wechatApp(), 8800);
    payOnThePhone(unionpayApp(), 6600);

    chapter("A change of mind: opened in WeChat, paid by Alipay · 改变主意：微信打开，支付宝付款");
    changeOfMind();

    chapter("Refunds · 退款");
    refundAll();

    chapter("What is left behind · 时间线与账目");
    for (const Order& order : orders_) {
        showTimeline(order);
    }
    compareBooks();
}

WalletsStory::Order
WalletsStory::create(const std::string& title, std::int64_t amount_minor, std::int64_t refund_minor)
{
    const std::string mark = run_ + "-" + std::to_string(orders_.size() + 1);
    const WebAnswer answer = portal_.post("/api/v1/payments",
                                          {{"order_ref", "WALLETS-" + mark},
                                           {"method", "wallets"},
                                           {"amount_minor", amount_minor},
                                           {"currency", "CNY"},
                                           {"subject", "Badge fee 证件费"}},
                                          {{"Idempotency-Key", mark}});
    expect(answer.status == 201,
           "the payment was not created (a hub that was up before knows no method \"wallets\": "
           "./hub down first): " +
               answer.body);
    const Json body = answer.json();
    Order order{title,
                textOf(body, "payment_id"),
                textOf(body.at("checkout"), "url"),
                amount_minor,
                refund_minor};
    step("portal",
         fmt::format("POST /api/v1/payments, {}: {}: a checkout, and no provider was asked",
                     title,
                     yuan(amount_minor)));
    orders_.push_back(order);
    return order;
}

void WalletsStory::payByCode(const App& app, std::int64_t amount_minor)
{
    const Order order = create(app.name + " by code", amount_minor, amount_minor);
    Browser desktop(installation_.ca_file, kDesktop);
    expect(desktop.open(order.url).says("Scan with any of these apps"),
           "the desktop shows no code: " + desktop.page().html);
    expect(!payment(order).contains("attempt"), "a look at the page began an attempt");
    if (orders_.size() == 1) {
        showCode(order.url);
    }
    step("desktop", "shows one code for all wallets; a look begins nothing");
    Phone phone(installation_, app);
    phone.open(order.url);
    step(phone.name(), "scanned it; the page knows the app and goes on to its payment");
    phone.goToWallet();
    showAttempt(order);
    phone.pay();
    step(phone.name(), "pressed pay on the wallet's page");
    awaitPaid(order, app.wallet);
    // What the page's script asks for, and loads the page again when it differs.
    const WebAnswer state =
        portal_.get("/api/v1/checkouts/" + order.url.substr(order.url.rfind('/') + 1));
    expect(state.json().at("view") == "paid" && isPaid(desktop.reload()),
           "the desktop's page does not say that it is paid: " + desktop.page().html);
    step("desktop", "the page has changed: Paid. Thank you.");
}

void WalletsStory::payOnThePhone(const App& app, std::int64_t amount_minor)
{
    const Order order = create(app.name + " on the phone", amount_minor, amount_minor / 3);
    Phone phone(installation_, phoneBrowser());
    phone.open(order.url);
    phone.choose(app.wallet);
    step(phone.name(), "opened the order's link, chose " + app.name);
    phone.goToWallet();
    showAttempt(order);
    phone.pay();
    step(phone.name(), "pressed pay on the wallet's page");
    awaitPaid(order, app.wallet);
    phone.open(order.url);
    expect(isPaid(phone.page()), "the phone's page does not say that it is paid");
    step(phone.name(), "back on the page: Paid. Thank you.");
}

void WalletsStory::changeOfMind()
{
    const Order order = create("a change of mind", 12000, 12000);
    Phone first(installation_, wechatApp());
    first.open(order.url);
    first.goToWallet();
    showAttempt(order);
    step(first.name(), "opened it as far as WeChat's own page, and stopped there");
    Phone second(installation_, alipayApp());
    second.open(order.url);
    second.goToWallet();
    showAttempt(order);
    awaitClosed(order, "wechat-demo");
    step("hub", "closed the WeChat order first; its close is confirmed");
    expect(!first.payLate(), "WeChat took money for an order that was closed");
    step(first.name(), "pressed pay after all: the order is closed, nothing was taken");
    second.pay();
    step(second.name(), "pressed pay");
    awaitPaid(order, "alipay");
    first.open(order.url);
    expect(isPaid(first.page()), "the page in WeChat does not say that it is paid");
    step(first.name(), "the page says: Paid. Thank you.");
}

void WalletsStory::showAttempt(const Order& order) const
{
    const Json attempt = payment(order).at("attempt");
    expect(attempt.at("state") == "waiting",
           "the attempt is " + attempt.dump() + ", expected one that waits for the payer");
    step("hub",
         fmt::format("attempt {} at {}, product {}",
                     textOf(attempt, "number"),
                     textOf(attempt, "account"),
                     textOf(attempt, "product")));
}

void WalletsStory::awaitPaid(const Order& order, const std::string& wallet) const
{
    await(order.title + " being paid", [&] { return payment(order).at("state") == "paid"; });
    const Json attempt = payment(order).at("attempt");
    expect(attempt.at("wallet") == wallet,
           order.title + " was paid by " + attempt.dump() + ", expected " + wallet);
    step("hub", "the provider's signed notice is verified and booked: paid");
}

void WalletsStory::awaitClosed(const Order& order, const std::string& account) const
{
    await("the close at " + account, [&] {
        const Json steps = timeline(order);
        return std::any_of(steps.begin(), steps.end(), [&](const Json& one) {
            return one.at("account") == account && one.at("to") == "closed";
        });
    });
}

void WalletsStory::showCode(const std::string& url) const
{
    fmt::print("\n{}      {}\n\n", codePicture(url), url);
}

void WalletsStory::refundAll()
{
    for (const Order& order : orders_) {
        const WebAnswer answer = portal_.post("/api/v1/payments/" + order.payment_id + "/refunds",
                                              {{"amount_minor", order.refund_minor},
                                               {"currency", "CNY"},
                                               {"reason", "withdrawn 退订"}},
                                              {{"Idempotency-Key", order.payment_id}});
        expect(answer.status == 201, "the refund was not taken: " + answer.body);
        step("portal",
             fmt::format("{}: asked for {} of {} back",
                         order.title,
                         yuan(order.refund_minor),
                         yuan(order.amount_minor)));
    }
    for (const Order& order : orders_) {
        await("the refund of " + order.title,
              [&] { return payment(order).at("refunded_minor") == order.refund_minor; });
    }
    step("hub", "all are given back, as the providers say");
}

void WalletsStory::showTimeline(const Order& order) const
{
    fmt::print("\n  {} · {}\n", order.title, order.payment_id);
    for (const Json& one : timeline(order)) {
        const std::string from = textOf(one, "from");
        fmt::print("    {}  {:<8} {:<30} {:<14} {} {}\n",
                   textOf(one, "time").substr(11, 12),
                   textOf(one, "subject"),
                   textOf(one, "number"),
                   textOf(one, "account"),
                   from.empty() ? textOf(one, "to") : from + " → " + textOf(one, "to"),
                   textOf(one, "message"));
    }
}

/// What each provider owes us by our ledger is what it has for us by its books.
void WalletsStory::compareBooks() const
{
    const WebClient simulator(installation_.simulator_url, installation_.ca_file, "");
    fmt::print("\n{}\n", installation_.table("ledger check"));
    const Json ledger = installation_.command("ledger check");
    expect(ledger.at("balanced") == true, "the ledger is not balanced: " + ledger.dump());
    std::map<std::string, std::int64_t> booked;
    for (const Json& account : ledger.at("accounts")) {
        booked[textOf(account, "account")] = account.at("booked_minor");
    }
    const Json balances = simulator.get("/control/books").json().at("balances");
    int compared = 0;
    for (const Json& balance : balances) {
        const std::string provider = textOf(balance, "provider");
        const auto account = booked.find("receivable:" + provider + "-demo");
        if (account == booked.end()) {
            continue; // who sends short messages takes money, and collects none
        }
        ++compared;
        const std::int64_t theirs = balance.at("balance_minor");
        const std::int64_t ours = account->second;
        expect(ours == theirs,
               fmt::format("{}'s books say {}, the ledger {}", provider, yuan(theirs), yuan(ours)));
        step("books",
             fmt::format("{}: {} in the ledger, {} in the provider's books",
                         provider,
                         yuan(ours),
                         yuan(theirs)));
    }
    expect(compared == 3, "not every wallet has books: " + balances.dump());
}

Json WalletsStory::payment(const Order& order) const
{
    return portal_.get("/api/v1/payments/" + order.payment_id).json();
}

Json WalletsStory::timeline(const Order& order) const
{
    return portal_.get("/api/v1/payments/" + order.payment_id + "/timeline").json().at("steps");
}

} // namespace demo
