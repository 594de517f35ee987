#include "story.hpp"

#include "code_picture.hpp"
#include "telling.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace demo {

namespace {

std::string hostOf(const std::string& url)
{
    return url.substr(0, url.find('/', 8));
}

std::string pathOf(const std::string& url)
{
    return url.substr(url.find('/', 8));
}

} // namespace

Story::Story(Installation installation)
    : installation_(std::move(installation))
    , hub_(installation_.hub_url, installation_.ca_file, installation_.token)
    , phone_("", installation_.ca_file, "")
    , run_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count()))
{}

void Story::tell()
{
    tally_before_ = tally();
    chapter("A visitor pays the badge fee · 观众支付证件费");
    const Payment first = create("A", 20000);
    showCode(first);
    pay(first);
    awaitState(first, "paid");
    awaitTally(1);
    awaitReceipt(first);

    chapter("The partner's library is away, and catches up · 合作方库停机后补收");
    stopSubscriberAndCatchUp();

    chapter("Part of the money goes back · 部分退款");
    refund(first, 5000);

    chapter("What is left behind · 账目与时间线");
    showTimeline(first);
    const Json ledger = installation_.command("ledger check");
    step("ledger check", "every booking sums to zero and fits the state tables");
    expect(!ledger.is_null(), "the ledger check gave no answer");
    fmt::print("{}", installation_.table("ledger check"));
}

Story::Payment Story::create(const std::string& order, int amount_minor)
{
    const WebAnswer answer = hub_.post("/api/v1/payments",
                                       {{"order_ref", "DEMO-" + run_ + order},
                                        {"method", "scan"},
                                        {"amount_minor", amount_minor},
                                        {"currency", "CNY"},
                                        {"subject", "Badge fee 证件费 " + order}},
                                       {{"Idempotency-Key", run_ + order}, {"Prefer", "wait=15"}});
    expect(answer.status == 201, "the payment was not created: " + answer.body);
    const Json body = answer.json();
    step("portal", "POST /api/v1/payments, " + yuan(amount_minor));
    step("hub",
         "wrote payment, attempt, the call payment.create and payment.created in one commit");
    const Json attempt = body.at("attempt");
    expect(attempt.contains("qr_code"), "no code came back in time: " + answer.body);
    step("payment_alipay",
         "in its own process: built alipay.trade.precreate, asked for a signature");
    step("hub", "signed it, marked the call as sending (fsync), sent it over TLS");
    step("simulated Alipay",
         "verified our signature, signed its answer; the connector verified it");
    return {body.at("payment_id"), attempt.at("number"), attempt.at("qr_code")};
}

void Story::showCode(const Payment& payment) const
{
    fmt::print("\n{}      {}\n\n", codePicture(payment.qr_code), payment.qr_code);
}

void Story::pay(const Payment& payment) const
{
    const WebClient wallet(hostOf(payment.qr_code), installation_.ca_file, "");
    const WebAnswer page = wallet.get(pathOf(payment.qr_code));
    expect(page.status == 200, "the page of the code does not open");
    expect(wallet.postForm(pathOf(payment.qr_code) + "/open", "").status < 400,
           "the wallet's page does not open the order");
    step("phone", "scanned the code, opened the order on the wallet's page; now the trade exists");
    const WebAnswer paid = wallet.postForm(pathOf(payment.qr_code) + "/pay", "");
    expect(paid.status < 400, "the wallet's page refused to pay: " + paid.body.substr(0, 200));
    step("phone", "pressed pay");
}

Json Story::awaitState(const Payment& payment, const std::string& state) const
{
    Json body;
    await("the state " + state, [&] {
        body = hub_.get("/api/v1/payments/" + payment.id).json();
        return body.at("state") == state;
    });
    step("simulated Alipay", "called back with a signed notice");
    step("payment_alipay", "verified the notice and read it");
    step("hub",
         fmt::format("checked account, number and amount; committed; answered `success`: {}",
                     state));
    return body;
}

int Story::tally() const
{
    int payments = 0;
    const Json answer = installation_.command("tally show");
    for (const Json& day : answer.at("days")) {
        payments += day.at("payments").get<int>();
    }
    return payments;
}

void Story::awaitTally(int payments_more) const
{
    await("the tally", [&] { return tally() == tally_before_ + payments_more; });
    step("plugin_example", "in the hub's process: took payment.paid exactly once, counted it");
}

void Story::awaitReceipt(const Payment& payment) const
{
    // The subscriber's answer to payment.paid is an event of its own with the same key.
    const Json event =
        installation_.command("event tail --from 1 --count 1 --type receipt.requested "
                              "--key " +
                              payment.id);
    expect(!event.is_null(), "no receipt was asked for");
    step("subscriber_example",
         "in its own process: got payment.paid over ZeroMQ, published receipt.requested");
}

void Story::stopSubscriberAndCatchUp()
{
    installation_.command("plugin disable subscriber_example");
    step("operator", "expohub plugin disable subscriber_example");
    const Payment second = create("B", 12345);
    pay(second);
    awaitState(second, "paid");
    awaitTally(2);
    installation_.command("plugin enable subscriber_example");
    step("operator", "expohub plugin enable subscriber_example");
    awaitReceipt(second);
}

void Story::refund(const Payment& payment, int amount_minor) const
{
    const WebAnswer answer = hub_.post(
        "/api/v1/payments/" + payment.id + "/refunds",
        {{"amount_minor", amount_minor}, {"currency", "CNY"}, {"reason", "withdrawn 退订"}},
        {{"Idempotency-Key", run_ + "refund"}, {"Prefer", "wait=15"}});
    expect(answer.status == 201, "the refund was not taken: " + answer.body);
    step("portal", "asked for " + yuan(amount_minor) + " back");
    await("the refund", [&] {
        const Json body = hub_.get("/api/v1/payments/" + payment.id).json();
        return body.at("refunded_minor") == amount_minor;
    });
    step("simulated Alipay", "refunded it; one number for ever, so a repetition refunds once");
    step("hub", "booked the refund; Σ refunds ≤ captured holds");
}

void Story::showTimeline(const Payment& payment) const
{
    fmt::print("{}", installation_.table("payment show " + payment.id));
}

} // namespace demo
