// Refunds: one number for ever, Σ of what succeeded or is on its way never above what was
// captured, and what the hub owes by its own rules is tried until it succeeds: the same refund
// while its fate is open, a new one when the provider states that it failed.
#pragma once

#include "flow/work.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace payments {

/// Not failed: succeeded or on its way.
std::int64_t refundedOrUnderWay(const std::vector<Refund>& refunds);

struct RefundRequest {
    std::int64_t amount_minor = 0;
    std::string reason;
    RefundOrigin origin = RefundOrigin::Requested;
};

/// `call_id` is 0 when no enabled account offers refunds now: the timer tries again.
struct RefundStarted {
    Refund refund;
    std::int64_t call_id = 0;
};

/// The caller has checked that the amount is left of what the attempt captured.
RefundStarted startRefund(const Work& work,
                          Payment& payment,
                          const Attempt& attempt,
                          const RefundRequest& request);

/// Books what went back at the provider without us: the part of its stated total that no refund
/// of ours explains. False when nothing is left to book.
bool bookProviderRefund(const Work& work,
                        Payment& payment,
                        Attempt& attempt,
                        const Evidence& evidence);

/// A query of this refund; nothing when no enabled account offers it now.
std::optional<std::int64_t> askRefund(const Work& work, const Payment& payment, Refund& refund);

/// Outcomes of refund and refund_query.
void takeRefundOutcome(const Work& work, const hub::Event& event, const ProviderCall& call);

/// A verified notice that the refund succeeded or failed. False when that is no news.
bool takeRefundNotice(const Work& work, Payment& payment, Refund& refund, const Json& reading);

void onRefundTimer(const Work& work, const std::string& number);

} // namespace payments
