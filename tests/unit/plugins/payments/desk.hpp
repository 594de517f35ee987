// Desk: the payments plugin over the SDK's fake hub, with the words that its scenarios are told in.
// Every call that the plugin makes is checked against sdk/contracts/payment.json.
#pragma once

#include "domain/evidence.hpp"

#include <hub/testing/plugin_fake.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace payments::test {

inline constexpr const char* kMain = "alipay-main";
inline constexpr const char* kOther = "wallet-other";
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kAmount = 20'000;

/// A payment that the desk created.
struct Made {
    std::string payment_id;
    std::string number;
    hub_call_id create = 0;
};

class Desk {
public:
    /// `settings` are merged over the usual ones.
    explicit Desk(const Json& settings = Json::object());

    hub::testing::PluginFake& hub() noexcept { return hub_; }

    hub::Answer post(const Json& body);
    Made create(const std::string& order_ref = "order-1", std::int64_t amount_minor = kAmount);
    /// With its code on show.
    Made createWaiting(const std::string& order_ref = "order-1",
                       std::int64_t amount_minor = kAmount);
    Made createPaid(const std::string& order_ref = "order-1", std::int64_t amount_minor = kAmount);

    hub::Answer showCode(hub_call_id create);
    hub::Answer succeed(hub_call_id call, const Json& result);
    hub::Answer reject(hub_call_id call, const std::string& message = "refused");
    hub::Answer notSent(hub_call_id call);
    hub::Answer unknown(hub_call_id call);
    hub::Answer resolve(hub_call_id call, const Json& statement);

    /// A notice as the connector reads it; `changes` overrides members.
    hub::Answer notice(const std::string& number,
                       const std::string& state,
                       const Json& changes = Json::object(),
                       const std::string& account = kMain);
    hub::Answer refundNotice(const Json& refund, const std::string& state);

    hub::Answer newAttempt(const std::string& payment_id, const std::string& account = {});
    hub::Answer cancel(const std::string& payment_id);
    hub::Answer refund(const std::string& payment_id,
                       std::int64_t amount_minor,
                       const std::string& currency = "CNY");

    Json payment(const std::string& payment_id);
    std::string stateOf(const std::string& payment_id);
    std::string attemptState(const std::string& number);
    std::string refundState(const std::string& number);
    std::vector<Json> steps(const std::string& payment_id);

    /// The call's payload.
    Json payloadOf(const hub::testing::MadeCall& call) const;
    std::string lastRefundNumber();

    /// What is wrong with the ledger or with the calls made since; "" when all is well.
    std::string fault();

private:
    hub::testing::PluginFake hub_;
    std::size_t calls_checked_ = 0;
};

Json parse(const hub::Answer& answer);
std::string codeOf(const hub::Answer& answer);
void assertStatus(hub_status expected, const hub::Answer& answer);

} // namespace payments::test
