// Callback: the provider's notices of payments, each the first for its own, signed beforehand and
// answered after the commit. Payments are made once; each round begins with a copy of that
// installation, so that all rounds do the same.

#include "chaos/callbacks_notice.hpp"
#include "payments_hub.hpp"
#include "rsa.hpp"
#include "support/hub_process.hpp"

#include <fmt/format.h>

#include <iostream>
#include <stdexcept>
#include <unordered_set>

namespace bench {

namespace {

using nlohmann::json;

constexpr double kLimitSeconds = 1;   // before and after each round
constexpr std::size_t kProbes = 3000; // the first second is a cold one
/// Payments for each that the probe could have had: a round shall not run out of them.
constexpr double kReserve = 2;
constexpr std::size_t kProgress = 5000;
constexpr Mark kMark = {Mark::Rule::AtLeast, 0.08};

struct Notice {
    std::string payment_id;
    std::string number;
    std::string request;
};

/// What identifies us at the provider.
struct Merchant {
    std::string app_id;
    std::string seller_id;
    std::string path;
};

Merchant merchantOf(PaymentsHub& hub)
{
    const json account =
        json::parse(hub::test::readFile(hub.hub().folder() / "hub/plugins.d/payment_alipay.json"))
            .at("accounts")
            .at(kAccount);
    const std::string token = account.at("callback_token");
    return {account.at("config").at("app_id"),
            account.at("config").at("seller_id"),
            fmt::format("/callback/payment_alipay/{}/{}", kAccount, token)};
}

chaos::Fields paidFields(const Merchant& merchant, const std::string& number)
{
    const std::string amount = fmt::format("{}.{:02}", kAmountMinor / 100, kAmountMinor % 100);
    return {{"notify_time", "2026-11-05 10:00:01"},
            {"notify_type", "trade_status_sync"},
            {"notify_id", "2026110500222100001" + number.substr(number.size() / 2)},
            {"charset", "utf-8"},
            {"version", "1.0"},
            {"app_id", merchant.app_id},
            {"auth_app_id", merchant.app_id},
            {"seller_id", merchant.seller_id},
            {"trade_no", "20261105" + number.substr(number.size() - 14)},
            {"out_trade_no", number},
            {"subject", "Sample ticket"},
            {"trade_status", "TRADE_SUCCESS"},
            {"total_amount", amount},
            {"receipt_amount", amount},
            {"buyer_pay_amount", amount},
            {"gmt_create", "2026-11-05 09:59:00"},
            {"gmt_payment", "2026-11-05 10:00:00"},
            {"fund_bill_list", "[{\"amount\":\"" + amount + "\",\"fundChannel\":\"PCREDIT\"}]"}};
}

class Callbacks {
public:
    explicit Callbacks(const Options& options)
        : options_(options)
        , hub_(options)
        , merchant_(merchantOf(hub_))
    {}

    Lines measure();

private:
    /// Open payments with their codes, and a signed notice for each.
    void make(HttpLoad& load, std::size_t count);
    void sign(std::size_t first);
    /// From notices_[begin] on, for so long, or until there is no further one.
    HttpRun deliver(HttpLoad& load, double seconds);
    void measureRound();
    /// Throws unless exactly the payments whose notices were taken are paid.
    void demandPaid();
    std::unordered_set<std::string> paid();

    Options options_;
    PaymentsHub hub_;
    Merchant merchant_;
    std::vector<Notice> notices_;
    std::vector<SignedText> texts_;
    std::size_t next_ = 0;
    std::size_t probed_ = 0;
    bool ran_out_ = false;
    int batches_ = 0;
    std::vector<double> rates_;
    std::vector<double> limits_;
    std::vector<double> hub_us_; // processor time of a callback
    std::vector<double> connector_us_;
    std::vector<double> seconds_;
    std::vector<double> latencies_ms_;
};

void Callbacks::make(HttpLoad& load, std::size_t count)
{
    const std::size_t first = notices_.size();
    Creates creates(hub_, "callback-" + std::to_string(++batches_), kConnections);
    creates.limit(count);
    const double no_end = 1e9;
    load.run(no_end, creates.next(), [&](std::size_t, const HttpAnswer& answer) {
        if (!creates.took(answer)) {
            return;
        }
        const json body = json::parse(answer.body);
        notices_.push_back({body.at("payment_id"), body.at("attempt").at("number"), {}});
        if (notices_.size() % kProgress == 0) {
            std::cerr << "callback: " << notices_.size() << " payments, " << first + count
                      << " wanted" << std::endl;
        }
    });
    creates.demandCodes();
    sign(first);
}

void Callbacks::sign(std::size_t first)
{
    const chaos::Key key = chaos::Key::readPrivate(hub_.providerKey());
    for (std::size_t i = first; i < notices_.size(); ++i) {
        Notice& notice = notices_[i];
        chaos::Fields fields = paidFields(merchant_, notice.number);
        const std::string text = chaos::signedText(fields);
        const std::string signature = key.sign(text);
        texts_.push_back({text, chaos::fromBase64(signature)});
        fields["sign"] = signature;
        fields["sign_type"] = "RSA2";
        const std::string form = chaos::toForm(fields);
        notice.request = fmt::format(
            "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            "application/x-www-form-urlencoded; charset=utf-8\r\nContent-Length: {}\r\n\r\n{}",
            merchant_.path,
            form.size(),
            form);
    }
}

HttpRun Callbacks::deliver(HttpLoad& load, double seconds)
{
    const HttpRun run = load.run(
        seconds,
        [&](std::size_t) -> const std::string* {
            ran_out_ = next_ == notices_.size();
            return ran_out_ ? nullptr : &notices_[next_++].request;
        },
        [](std::size_t, const HttpAnswer& answer) {
            if (answer.status != 200 || answer.body != "success") {
                throw std::runtime_error(fmt::format(
                    "a genuine first notice was answered {} {}", answer.status, answer.body));
            }
        });
    return run;
}

std::unordered_set<std::string> Callbacks::paid()
{
    std::unordered_set<std::string> found;
    std::string cursor;
    do {
        const auto page = hub_.hub().get("/api/v1/payments?state=paid&limit=200" +
                                         (cursor.empty() ? "" : "&cursor=" + cursor));
        if (page.status != 200) {
            throw std::runtime_error("the payments can't be listed: " + page.body.dump());
        }
        for (const json& item : page.body.at("items")) {
            if (item.at("captured_minor") == kAmountMinor) {
                found.insert(item.at("payment_id"));
            }
        }
        const json& next = page.body.at("next_cursor");
        cursor = next.is_string() ? next.get<std::string>() : "";
    } while (!cursor.empty());
    return found;
}

void Callbacks::demandPaid()
{
    const auto found = paid();
    for (std::size_t i = 0; i < next_; ++i) {
        if (!found.contains(notices_[i].payment_id)) {
            throw std::runtime_error("payment " + notices_[i].payment_id +
                                     " is not paid, though its notice was answered with success");
        }
    }
    const json books = hub_.hub().ask({"ledger", "check"});
    if (found.size() != next_ || !books.at("balanced")) {
        throw std::runtime_error(
            fmt::format("{} payments are paid, {} were: {}", found.size(), next_, books.dump()));
    }
}

void Callbacks::measureRound()
{
    hub_.bringBack();
    hub_.start();
    HttpLoad load(hub_.port(), kConnections);
    next_ = probed_;
    deliver(load, kWarmUpSeconds);
    const double before = verifyRate(hub_.providerPublicKey(), texts_, kLimitSeconds);
    const Spent begin = hub_.spent();
    const HttpRun run = deliver(load, options_.seconds);
    const Spent end = hub_.spent();
    const double after = verifyRate(hub_.providerPublicKey(), texts_, kLimitSeconds);
    const auto count = static_cast<double>(run.answered);
    hub_us_.push_back((end.hub - begin.hub) / count * 1e6);
    connector_us_.push_back((end.connector - begin.connector) / count * 1e6);
    rates_.push_back(run.perSecond());
    limits_.push_back((before + after) / 2);
    seconds_.push_back(run.seconds);
    latencies_ms_.insert(latencies_ms_.end(), run.latencies_ms.begin(), run.latencies_ms.end());
    demandPaid();
    if (static_cast<int>(rates_.size()) < options_.runs) {
        hub_.stop();
    }
}

Lines Callbacks::measure()
{
    hub_.start();
    {
        HttpLoad load(hub_.port(), kConnections);
        make(load, kProbes);
        const HttpRun probe = deliver(load, kWarmUpSeconds);
        probed_ = next_;
        const double length = kWarmUpSeconds + options_.seconds;
        make(load, static_cast<std::size_t>(probe.perSecond() * length * kReserve));
    }
    hub_.stop();
    hub_.keep();
    for (int i = 0; i < options_.runs; ++i) {
        measureRound();
    }
    json line = hub_.facts();
    line.update({{"name", "callback.durable"},
                 {"unit", "callbacks/s"},
                 {"limit_name", "the same messages verified a second by one core with EVP"},
                 {"runs", options_.runs},
                 {"seconds", median(seconds_)},
                 {"ran_out", ran_out_},
                 {"payments", notices_.size()},
                 {"callbacks", latencies_ms_.size()},
                 {"hub_us", median(hub_us_)},
                 {"connector_us", median(connector_us_)},
                 {"p50_ms", percentile(latencies_ms_, 0.5)},
                 {"p99_ms", percentile(latencies_ms_, 0.99)}});
    judgeRounds(line, rates_, limits_, kMark);
    return {line};
}

} // namespace

std::vector<Figure> callbackFigures()
{
    return {{"callback.durable", [](const Options& options) {
                 return Callbacks(options).measure();
             }}};
}

} // namespace bench
