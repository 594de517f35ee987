#include "burst_load.hpp"

#include "burst_evidence.hpp"
#include "support/hub_process.hpp"
#include "wallets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr std::size_t kPayers = 4;
constexpr int kBusy = 503;

chaos::Server simulatorOf(hub::test::HubProcess& hub)
{
    const std::string address = hub.simulatorAddress();
    const auto port = std::stoi(address.substr(address.rfind(':') + 1));
    const std::string ca = (hub.folder() / "simulator/ca.pem").string();
    return {static_cast<std::uint16_t>(port),
            new Poco::Net::Context(
                Poco::Net::Context::TLS_CLIENT_USE, "", "", ca, Poco::Net::Context::VERIFY_STRICT),
            ""};
}

std::int64_t nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::chrono::seconds leftUntil(Clock::time_point until)
{
    return std::max(std::chrono::duration_cast<std::chrono::seconds>(until - Clock::now()),
                    std::chrono::seconds(0));
}

} // namespace

BurstLoad::BurstLoad(PaymentsHub& hub)
    : hub_(hub)
    , payers_(simulatorOf(hub.hub()), kPayers)
    , portal_(hub.hub(),
              payers_,
              [this](const std::string& key, const json& payment) { remember(key, payment, 0); })
    , load_(hub.port(), kConnections)
    , pending_(kConnections)
{
    head_ = "POST /api/v1/payments HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
            hub.hub().token() +
            "\r\nContent-Type: application/json\r\nPrefer: wait=10\r\nIdempotency-Key: ";
}

void BurstLoad::run(std::size_t count,
                    const std::function<bool()>& goes_on,
                    std::chrono::seconds limit)
{
    const auto until = Clock::now() + limit;
    count_ = count;
    goes_on_ = goes_on;
    begun_at_ms_ = nowMs();
    load_.run(
        static_cast<double>(limit.count()),
        [this](std::size_t connection) { return next(connection); },
        [this](std::size_t connection, const HttpAnswer& answer) { took(connection, answer); });
    awaitEnd(until);
}

const std::string* BurstLoad::next(std::size_t connection)
{
    if (begun_ >= count_ && !goes_on_()) {
        return nullptr;
    }
    const std::size_t number = begun_++;
    Pending& pending = pending_[connection];
    pending.key = "burst-" + std::to_string(number + 1);
    pending.body = {{"order_ref", pending.key},
                    {"method", walletOf(number).name},
                    {"amount_minor", kAmountMinor},
                    {"currency", "CNY"},
                    {"subject", pending.key}};
    const std::string body = pending.body.dump();
    pending.request = head_ + pending.key + "\r\nContent-Length: " + std::to_string(body.size()) +
                      "\r\n\r\n" + body;
    return &pending.request;
}

void BurstLoad::took(std::size_t connection, const HttpAnswer& answer)
{
    const Pending& pending = pending_[connection];
    portal_.count(answer.status, "create " + pending.key);
    if (answer.status == kBusy) {
        portal_.createAgain(pending.key, pending.body);
    } else if (answer.status == 201) {
        const json payment = json::parse(answer.body);
        remember(pending.key, payment, answer.latency_ms);
        portal_.follow(payment);
    }
}

void BurstLoad::remember(const std::string& key, const json& payment, double create_ms)
{
    const std::lock_guard lock(mutex_);
    payments_.push_back({key, payment.at("payment_id"), create_ms});
    ++created_;
}

std::vector<BurstPayment> BurstLoad::payments() const
{
    const std::lock_guard lock(mutex_);
    return payments_;
}

void BurstLoad::awaitEnd(Clock::time_point until)
{
    const auto isIdle = [this] {
        return portal_.waiting() == 0 && payers_.waiting() == 0;
    };
    bool is_over = hub::test::becomesTrue(isIdle, leftUntil(until));
    const StoreReader store(hub_.storeFolder() / "hub.db");
    is_over =
        is_over && hub::test::becomesTrue([&] { return countOpen(store) == 0; }, leftUntil(until));
    if (!is_over) {
        throw std::runtime_error(
            fmt::format("the time is up: {} payments without a code, {} codes not paid, {} "
                        "payments not final: {}",
                        portal_.waiting(),
                        payers_.waiting(),
                        countOpen(store),
                        describeOpen(store)));
    }
}

} // namespace bench
