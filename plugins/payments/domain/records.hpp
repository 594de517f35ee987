// What the tables hold, as values.
#pragma once

#include "domain/ledger.hpp"
#include "domain/states.hpp"

#include <cstdint>
#include <string>

namespace payments {

struct Payment {
    std::string payment_id;
    std::int64_t ordinal = 0;
    std::string edition;
    std::string order_ref;
    std::string method;
    PaymentState state = PaymentState::Open;
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string subject;
    std::string current_number; // the attempt that people see
    std::int64_t revision = 0;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
};

/// Why the end of an attempt is wanted.
enum class EndReason { None, Canceled, Replaced, Expired };

std::string_view toText(EndReason reason);
EndReason parseEndReason(std::string_view text);

struct Attempt {
    std::string number;
    std::string payment_id;
    std::int64_t ordinal = 0;
    std::string edition;
    std::int64_t created_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string subject;
    std::string account;
    std::string product;
    std::string wallet;       // whose app pays; empty: it does not matter
    std::string payer;        // JSON of the contract's `payer`; empty: nothing is known
    std::string presentation; // JSON of what the payer's app gets besides a code; empty: nothing
    AttemptState state = AttemptState::Queued;
    Application application = Application::None;
    EndReason end_wanted = EndReason::None;
    std::int64_t create_call = 0;
    std::int64_t confirming_ms = 0;
    std::string qr_code;
    std::string merchant;
    std::string provider_number;
    std::int64_t provider_refunded_minor = 0;
    std::int64_t paid_at_ms = 0;
    std::string message;
};

enum class RefundOrigin { Requested, SecondPayment, LatePayment, Provider };

std::string_view toText(RefundOrigin origin);
RefundOrigin parseRefundOrigin(std::string_view text);
/// The hub owes these by its own rules, so neither a refusal nor a failure is the end.
bool isAutomatic(RefundOrigin origin);

struct Refund {
    std::string number;
    std::string payment_id;
    std::int64_t ordinal = 0;
    std::string edition;
    std::string attempt_number;
    std::string account;
    std::int64_t created_at_ms = 0;
    std::int64_t sent_at_ms = 0; // with the number it names the refund at the provider
    bool may_have_left = false;  // from then on that name is frozen
    std::int64_t amount_minor = 0;
    std::string currency;
    std::string reason;
    RefundOrigin origin = RefundOrigin::Requested;
    RefundState state = RefundState::Requested;
    bool refused = false;
    std::string provider_refund_number;
    std::int64_t refunded_at_ms = 0;
    std::string message;
};

/// A call to a provider, made for an attempt or a refund.
struct ProviderCall {
    std::int64_t call_id = 0;
    std::string operation;
    std::string number;
    std::int64_t created_ms = 0;
    bool answered = false;
};

struct Transition {
    std::int64_t ordinal = 0;
    std::int64_t time_ms = 0;
    std::string subject; // payment, attempt, refund
    std::string number;
    std::string from_state;
    std::string cause;
    std::string to_state;
    std::string account;
    std::int64_t configuration_version = 0;
    std::string principal;
    std::string trace;
    std::string message;
};

} // namespace payments
