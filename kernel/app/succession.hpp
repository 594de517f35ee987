// Succession: a library is replaced by another version or configuration of itself while work goes
// on. The successor starts beside it, is tried, takes the new work and is watched; the former one
// stays that long, and takes the work back when the successor does worse.
#pragma once

#include "app/seat.hpp"
#include "base/clock.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hub::app {

struct SuccessionSettings {
    std::int64_t ready_ms = 30000;     // for the successor's start
    std::int64_t probation_ms = 60000; // after the switch
    std::int64_t retire_ms = 30000;    // for what the former one has in hand
};

/// Whether a successor does so much worse that the former one should be back. A lost process is
/// enough; of answers it takes some, or chance would decide.
bool isWorse(const SeatRecord& former, const SeatRecord& successor) noexcept;

/// Belongs to the thread that calls step().
class Succession {
public:
    enum class Stage { Starting, Probation, Retiring, Succeeded, Abandoned, RolledBack };

    struct Hooks {
        /// Whether a host of the successor answers as it should; may take seconds.
        std::function<Result<void>(const bus::HostId&, const plugin::Package&)> try_out;
        /// New work goes to `to` from now on. False: it is not there any more.
        std::function<bool(Seat& from, Seat& to)> switch_over;
        /// The same for the way back, which does not fail: a process that is gone comes again.
        std::function<void(Seat& from, Seat& to)> give_back;
    };

    /// Starts the successor.
    Succession(std::shared_ptr<Seat> former,
               std::shared_ptr<Seat> successor,
               SuccessionSettings settings,
               const base::Clock& clock,
               Hooks hooks);

    /// Somebody waits for the end: where only the configuration is new, the probation ends with the
    /// next step. A new version has its whole probation.
    void hasten() noexcept { is_hurried_ = true; }
    /// Goes on if its time has come.
    Stage step();
    Stage stage() const noexcept { return stage_; }
    /// Succeeded, abandoned or rolled back, and the seat that is not needed any more has ended.
    bool isOver() const;
    /// What an operator wants to know about the stage.
    const std::string& reason() const noexcept { return reason_; }
    Seat& former() const noexcept { return *former_; }
    Seat& successor() const noexcept { return *successor_; }

private:
    void enter(Stage stage, std::int64_t patience_ms, std::string reason);
    void start();
    void watch();
    void rollBack(const std::string& why);
    bool isLate() const { return clock_.monotonicMs() >= until_ms_; }

    std::shared_ptr<Seat> former_;
    std::shared_ptr<Seat> successor_;
    const SuccessionSettings settings_;
    const base::Clock& clock_;
    const Hooks hooks_;
    Stage stage_ = Stage::Starting;
    std::string reason_;
    std::int64_t until_ms_ = 0;
    bool is_hurried_ = false;
    SeatRecord at_switch_; // the former one's
};

const char* toText(Succession::Stage stage) noexcept;

} // namespace hub::app
