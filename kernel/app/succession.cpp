#include "app/succession.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hub::app {

namespace {

constexpr std::uint64_t kAnswersMin = 20;
/// So much larger may the share of bad answers be.
constexpr double kWorseMax = 0.1;

double badShare(const SeatRecord& record) noexcept
{
    return record.answers == 0
               ? 0
               : static_cast<double>(record.bad) / static_cast<double>(record.answers);
}

} // namespace

bool isWorse(const SeatRecord& former, const SeatRecord& successor) noexcept
{
    if (successor.losses > 0) {
        return true;
    }
    return successor.answers >= kAnswersMin && badShare(successor) > badShare(former) + kWorseMax;
}

Succession::Succession(std::shared_ptr<Seat> former,
                       std::shared_ptr<Seat> successor,
                       SuccessionSettings settings,
                       const base::Clock& clock,
                       Hooks hooks)
    : former_(std::move(former))
    , successor_(std::move(successor))
    , settings_(settings)
    , clock_(clock)
    , hooks_(std::move(hooks))
{
    enter(Stage::Starting,
          settings_.ready_ms,
          fmt::format("version {} starts beside {}",
                      successor_->package().manifest.version,
                      former_->package().manifest.version));
    successor_->process().start();
}

void Succession::enter(Stage stage, std::int64_t patience_ms, std::string reason)
{
    stage_ = stage;
    until_ms_ = clock_.monotonicMs() + patience_ms;
    reason_ = std::move(reason);
}

Succession::Stage Succession::step()
{
    switch (stage_) {
    case Stage::Starting:
        start();
        break;
    case Stage::Probation:
        watch();
        break;
    case Stage::Retiring:
        if (plugin::hasEnded(former_->process().state())) {
            enter(Stage::Succeeded, 0, "took over");
        }
        break;
    default:
        break;
    }
    return stage_;
}

void Succession::start()
{
    const auto abandon = [this](const std::string& why) {
        successor_->process().requestStop(clock_.nowMs() + settings_.retire_ms);
        enter(Stage::Abandoned, 0, why);
    };
    const auto host = successor_->host();
    if (!host) {
        const plugin::HostProcessState state = successor_->process().state();
        if (plugin::hasEnded(state) || state == plugin::HostProcessState::BackingOff ||
            successor_->record().losses > 0) {
            abandon("its process ended before it was ready");
        } else if (isLate()) {
            abandon(fmt::format("it was not ready within {} ms", settings_.ready_ms));
        }
        return;
    }
    if (const auto tried = hooks_.try_out(*host, successor_->package()); !tried.ok()) {
        abandon(tried.error().message);
        return;
    }
    at_switch_ = former_->record();
    if (!hooks_.switch_over(*former_, *successor_)) {
        abandon("its process ended as it was to take over");
        return;
    }
    enter(Stage::Probation,
          settings_.probation_ms,
          fmt::format("version {} is on probation; {} waits",
                      successor_->package().manifest.version,
                      former_->package().manifest.version));
}

void Succession::watch()
{
    const SeatRecord record = successor_->record();
    const bool is_same_version =
        former_->package().manifest.sha256 == successor_->package().manifest.sha256;
    if (isWorse(at_switch_, record)) {
        rollBack(record.losses > 0
                     ? "its process ended"
                     : fmt::format("{} of its {} answers were bad, before it {} of {}",
                                   record.bad,
                                   record.answers,
                                   at_switch_.bad,
                                   at_switch_.answers));
    } else if (isLate() || (is_hurried_ && is_same_version)) {
        former_->process().requestStop(clock_.nowMs() + settings_.retire_ms);
        enter(Stage::Retiring, settings_.retire_ms, "took over; the former one ends");
    }
}

void Succession::rollBack(const std::string& why)
{
    hooks_.give_back(*successor_, *former_);
    successor_->process().requestStop(clock_.nowMs() + settings_.retire_ms);
    enter(Stage::RolledBack, 0, "rolled back: " + why);
}

bool Succession::isOver() const
{
    switch (stage_) {
    case Stage::Succeeded:
        return true;
    case Stage::Abandoned:
    case Stage::RolledBack:
        return plugin::hasEnded(successor_->process().state());
    default:
        return false;
    }
}

const char* toText(Succession::Stage stage) noexcept
{
    switch (stage) {
    case Succession::Stage::Starting:
        return "starting";
    case Succession::Stage::Probation:
        return "probation";
    case Succession::Stage::Retiring:
        return "retiring";
    case Succession::Stage::Succeeded:
        return "succeeded";
    case Succession::Stage::Abandoned:
        return "abandoned";
    case Succession::Stage::RolledBack:
        return "rolled_back";
    }
    return "unknown";
}

} // namespace hub::app
