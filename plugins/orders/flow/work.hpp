// Work: what every rule of this plugin needs while one unit runs, and the steps that all rules
// share. An order is saved, recorded and told by the step that moves it, so that row, timeline and
// event can't part.
#pragma once

#include "domain/json.hpp"
#include "domain/records.hpp"
#include "settings.hpp"
#include "store/money_rows.hpp"
#include "store/rows.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orders {

inline constexpr std::string_view kExpiryTimer = "expiry";
inline constexpr std::string_view kReminderTimer = "reminder";

class Work {
public:
    /// Borrowed; lives on the stack of one unit.
    Work(const hub::Unit& unit, const hub::Event& event, const Settings& settings)
        : unit_(unit)
        , event_(event)
        , settings_(settings)
        , rows_(unit)
        , money_(unit)
        , now_ms_(unit.nowMs())
    {}

    const hub::Unit& unit() const noexcept { return unit_; }
    const Settings& settings() const noexcept { return settings_; }
    const Rows& rows() const noexcept { return rows_; }
    const MoneyRows& money() const noexcept { return money_; }
    std::int64_t nowMs() const noexcept { return now_ms_; }
    std::string edition() const { return std::string{event_.edition()}; }
    /// "person:<login>", "key:<id>" or the operator of a command.
    std::string principal() const { return std::string{event_.principal()}; }

    std::string drawId() const;
    /// One that no order has. Nothing when this millisecond's numbers seem to be used up.
    std::optional<std::string> drawNumber() const;

    /// Stores a new order and the first step of its timeline, and sets its timers.
    void open(const Order& order) const;
    /// Along the table. False, and nothing happened, when the table has no such step.
    bool advance(Order& order, OrderCause cause) const;
    /// Sets the timers of an unpaid order by its expiry.
    void schedule(const Order& order) const;
    void unschedule(const Order& order) const;

    /// Order, organization and amount are added to `payload`; with `persons` all ids, too.
    void publish(std::string_view type, const Order& order, Json payload, bool persons) const;

private:
    void record(const Order& order, std::string_view from, std::string_view cause) const;

    const hub::Unit& unit_;
    const hub::Event& event_;
    const Settings& settings_;
    Rows rows_;
    MoneyRows money_;
    std::int64_t now_ms_;
};

} // namespace orders
