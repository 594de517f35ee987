// Creation: how a payment begins, whoever asks for it: a client's request or an order's event.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <string>

namespace payments {

inline constexpr std::string_view kPaymentRequestedEvent = "order.payment_requested";

/// What is to be paid, and how; checked before.
struct Terms {
    std::string order_ref;
    std::string method;
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string subject;
};

/// A payment of these terms that nobody has seen yet.
Payment draftPayment(const Work& work, const Terms& terms);

/// Keeps it, with the first row of its timeline.
void keepPayment(const Work& work, Payment& payment);

/// From here on its time runs, and everybody may know. `attempt_number` is '' as long as there is
/// none.
void announcePayment(const Work& work, const Payment& payment, const std::string& attempt_number);

/// order.payment_requested: there is one open payment of the order with a code that can be paid,
/// made if need be; asking again changes nothing. What can't be paid so is answered by
/// payment.declined.
hub::Answer takePaymentRequest(const Work& work, const hub::Event& event);

} // namespace payments
