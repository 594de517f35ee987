// Work: what every rule of this plugin needs while one unit runs, and the steps that all rules
// share: moving a thing along its table, publishing, calling a provider, booking. A thing is
// saved by the step that moves it, so that row, timeline and event can't part.
#pragma once

#include "domain/evidence.hpp"
#include "domain/records.hpp"
#include "settings.hpp"
#include "store/ledger_rows.hpp"
#include "store/rows.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace payments {

inline constexpr std::string_view kAttemptTimer = "attempt";
inline constexpr std::string_view kOpenTimer = "open";
inline constexpr std::string_view kPaymentTimer = "payment";
inline constexpr std::string_view kRefundTimer = "refund";

class Work {
public:
    /// Borrowed; lives on the stack of one unit.
    Work(const hub::Unit& unit, const hub::Event& event, const Settings& settings)
        : unit_(unit)
        , event_(event)
        , settings_(settings)
        , rows_(unit)
        , now_ms_(unit.nowMs())
    {}

    const hub::Unit& unit() const noexcept { return unit_; }
    const Settings& settings() const noexcept { return settings_; }
    const Rows& rows() const noexcept { return rows_; }
    std::int64_t nowMs() const noexcept { return now_ms_; }
    std::string edition() const { return std::string{event_.edition()}; }
    std::string principal() const { return std::string{event_.principal()}; }

    std::string drawId() const;
    std::string drawNumber(const std::string& kind) const;

    /// Along the table, with a row of the timeline. False, and nothing happened, when the table
    /// has no such step.
    bool advance(Payment& payment, PaymentCause cause, const std::string& message = {}) const;
    bool advance(Payment& payment,
                 Attempt& attempt,
                 AttemptCause cause,
                 const std::string& message = {}) const;
    bool advance(Payment& payment,
                 Refund& refund,
                 RefundCause cause,
                 const std::string& message = {}) const;

    /// First rows of the timeline.
    void recordCreated(Payment& payment) const;
    void recordCreated(Payment& payment, const Attempt& attempt) const;
    void recordCreated(Payment& payment, const Refund& refund) const;
    /// Something that people should know and that moves nothing.
    void note(Payment& payment,
              const Attempt& attempt,
              std::string_view cause,
              const std::string& message) const;
    void note(Payment& payment,
              const Refund& refund,
              std::string_view cause,
              const std::string& message) const;

    /// The event's payload is `identifiers` with payment_id and order_ref added.
    void publish(std::string_view type, const Payment& payment, Json identifiers) const;

    void book(const Booking& booking, const Payment& payment, const std::string& number) const;

    /// Nothing when no enabled account offers the operation now.
    std::optional<std::int64_t> call(const std::string& operation,
                                     const Payment& payment,
                                     const std::string& account,
                                     const std::string& number,
                                     const Json& payload) const;

    void warn(const std::string& message) const;

private:
    void record(Payment& payment, Transition transition) const;

    const hub::Unit& unit_;
    const hub::Event& event_;
    const Settings& settings_;
    Rows rows_;
    std::int64_t now_ms_;
};

} // namespace payments
