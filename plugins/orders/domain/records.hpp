// What the tables hold, as values.
#pragma once

#include "domain/states.hpp"

#include <cstdint>
#include <string>

namespace orders {

inline constexpr const char* kCurrency = "CNY";

struct Order {
    std::string number;
    std::string edition;
    std::string organization_id;
    OrderState state = OrderState::Unpaid;
    std::string end_reason;
    std::string cancel_wanted;
    std::int64_t amount_minor = 0;
    std::string currency = kCurrency;
    std::int64_t persons = 0;
    std::int64_t pack_revision = 0;
    std::string payment_id;
    std::string created_by;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
    std::int64_t deadline_ms = 0; // 0: none
    std::int64_t paid_ms = 0;
};

struct Line {
    std::string number;
    std::int64_t line = 0;
    std::string person_id;
    std::string category;
    std::string admission_period;
    bool reuse = false;
    bool upgraded = false;
    std::int64_t amount_minor = 0;
};

struct Transition {
    std::int64_t ordinal = 0;
    std::int64_t time_ms = 0;
    std::string from_state;
    std::string cause;
    std::string to_state;
    std::string principal;
    std::string trace;
};

/// What the events of a payment have said so far. It only moves forward.
enum class SeenState { Open, Ended, Paid };

struct SeenPayment {
    std::string payment_id;
    std::string order_ref;
    SeenState state = SeenState::Open;
    std::int64_t seen_ms = 0;
};

/// The newest wish for a code that pays an order, and what payments made of it.
struct CheckoutWish {
    std::string number;
    std::int64_t wished_ms = 0;
    std::int64_t answered_ms = 0;   // 0: not yet
    std::string declined_code = {}; // '' unless it was declined
};

/// Money as payment.paid tells it.
struct Money {
    std::string payment_id;
    std::string order_ref;
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string account;
    std::string attempt_number;
    std::int64_t arrived_ms = 0;
};

struct Unapplied {
    Money money;
    std::string edition;
    std::string organization_id;
    std::string reason;
};

struct Exception {
    std::string exception_id;
    std::string edition;
    std::string organization_id;
    std::int64_t until_ms = 0;
    std::string reason;
    std::string granted_by;
    std::int64_t granted_ms = 0;
};

} // namespace orders
