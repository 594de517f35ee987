#include "plugin/host_process.hpp"

#include "base/assert.hpp"
#include "hubp/frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <random>
#include <utility>
#include <vector>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hub::plugin {

namespace {

constexpr std::int64_t kWaitMaxMs = 60000;
/// How long before our deadline that of STOP is, at most a quarter of the time that is left. Half
/// way between them SIGTERM goes out: the host had time to say BYE.
constexpr std::int64_t kMarginMs = 1000;

/// Unique in this process, so that what belongs to an earlier host of a library is never taken
/// for what belongs to a later one.
std::uint64_t nextIncarnation()
{
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

/// One user per library, so that no host can reach another by being the same. They own nothing
/// that stays, so it does not matter who was which one before.
std::uint32_t nextUid(std::uint32_t first)
{
    constexpr std::uint32_t kCount = 256;
    static std::atomic<std::uint32_t> last{0};
    return first + last++ % kCount;
}

std::vector<std::string> environmentOf(const HostProcessSettings& settings,
                                       std::uint32_t uid,
                                       const std::string& endpoint,
                                       const std::string& token)
{
    return {"HUB_HOST_ENDPOINT=" + endpoint,
            "HUB_HOST_TOKEN=" + token,
            "HUB_HOST_LIBRARY=" + std::filesystem::absolute(settings.library_path).string(),
            "HUB_HOST_MANIFEST=" + std::filesystem::absolute(settings.manifest_path).string(),
            "HUB_HOST_SANDBOX=" + settings.sandbox,
            fmt::format("HUB_HOST_UID={}", uid)};
}

bool isRefusal(const Child::Ending& ending)
{
    return ending.exit_code == static_cast<int>(hubp::HostExit::LibraryRefused);
}

} // namespace

bool hasEnded(HostProcessState state) noexcept
{
    return state == HostProcessState::Stopped || state == HostProcessState::Faulted;
}

HostProcess::HostProcess(HostProcessSettings settings,
                         bus::Router& router,
                         const base::Clock& clock,
                         HostProcessListener& listener)
    : settings_(std::move(settings))
    , uid_(nextUid(settings_.uid_first))
    , router_(router)
    , clock_(clock)
    , listener_(listener)
    , wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
    , policy_(settings_.restart, std::random_device{}())
{
    HUB_ASSERT(wake_ >= 0, "the process may open another file");
    thread_ = std::thread([this] { run(); });
}

HostProcess::~HostProcess()
{
    give(EndOrder{});
    thread_.join();
    ::close(wake_);
}

void HostProcess::start()
{
    give(StartOrder{});
}

void HostProcess::requestStop(std::int64_t deadline_unix_ms)
{
    give(StopOrder{deadline_unix_ms});
}

void HostProcess::stop(std::int64_t deadline_unix_ms)
{
    const std::uint64_t number = give(StopOrder{deadline_unix_ms});
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] {
        return orders_followed_ >= number && state_ != HostProcessState::Running &&
               state_ != HostProcessState::Stopping;
    });
}

void HostProcess::hostLost(const bus::HostId& host, const std::string& reason)
{
    give(LostOrder{host, reason});
}

void HostProcess::progress()
{
    give(ProgressOrder{});
}

HostProcessState HostProcess::state() const
{
    const std::lock_guard lock(mutex_);
    return starts_waiting_ > 0 && hasEnded(state_) ? HostProcessState::Starting : state_;
}

std::uint64_t HostProcess::give(Order order)
{
    std::uint64_t number = 0;
    {
        const std::lock_guard lock(mutex_);
        starts_waiting_ += std::holds_alternative<StartOrder>(order) ? 1U : 0U;
        orders_.push_back(std::move(order));
        number = ++orders_given_;
    }
    ::eventfd_write(wake_, 1);
    return number;
}

void HostProcess::run()
{
    pthread_setname_np(pthread_self(), "host-process");
    while (!ending_) {
        waitForWork();
        followOrders();
        watchChild();
        actOnTime();
    }
    if (child_) {
        child_.reset();
        router_.expel(host_, "the hub ended its process");
        change(HostProcessState::Stopped, "ended with the hub");
    }
}

void HostProcess::waitForWork()
{
    std::array<pollfd, 4> items = {{{wake_, POLLIN, 0},
                                    {child_ ? child_->pidDescriptor() : -1, POLLIN, 0},
                                    {child_ ? child_->output(0) : -1, POLLIN, 0},
                                    {child_ ? child_->output(1) : -1, POLLIN, 0}}};
    const std::int64_t due_ms = nextDueMs();
    const std::int64_t wait_ms =
        due_ms == 0 ? kWaitMaxMs
                    : std::clamp<std::int64_t>(due_ms - clock_.monotonicMs(), 0, kWaitMaxMs);
    ::poll(items.data(), items.size(), static_cast<int>(wait_ms));
    eventfd_t ignored = 0;
    ::eventfd_read(wake_, &ignored);
}

/// 0: nothing is due.
std::int64_t HostProcess::nextDueMs() const
{
    if (!child_) {
        return start_at_ms_;
    }
    return terminate_at_ms_ != 0 ? terminate_at_ms_ : kill_at_ms_;
}

void HostProcess::followOrders()
{
    std::deque<Order> orders;
    {
        const std::lock_guard lock(mutex_);
        orders.swap(orders_);
    }
    for (const Order& order : orders) {
        std::visit([this](const auto& what) { follow(what); }, order);
        const std::lock_guard lock(mutex_);
        ++orders_followed_;
        starts_waiting_ -= std::holds_alternative<StartOrder>(order) ? 1U : 0U;
    }
    changed_.notify_all();
}

void HostProcess::follow(const StartOrder&)
{
    wanted_ = true;
    policy_.progress();
    if (!child_) {
        launch();
    }
}

void HostProcess::follow(const StopOrder& order)
{
    wanted_ = false;
    start_at_ms_ = 0;
    if (!child_) {
        change(HostProcessState::Stopped, "stopped");
        return;
    }
    const std::int64_t left_ms = std::max<std::int64_t>(order.deadline_unix_ms - clock_.nowMs(), 0);
    const std::int64_t margin_ms = std::min(kMarginMs, left_ms / 4);
    kill_at_ms_ = clock_.monotonicMs() + left_ms;
    terminate_at_ms_ = kill_at_ms_ - margin_ms / 2;
    router_.dismiss(host_, order.deadline_unix_ms - margin_ms);
    change(HostProcessState::Stopping, "told to stop");
}

void HostProcess::follow(const LostOrder& order)
{
    // A host that says BYE is lost, too: it gets the time to end by itself, with its exit code.
    if (child_ && order.host == host_ && kill_at_ms_ == 0) {
        lost_reason_ = order.reason;
        kill_at_ms_ = clock_.monotonicMs() + settings_.lost_grace_ms;
    }
}

void HostProcess::follow(const ProgressOrder&)
{
    policy_.progress();
}

void HostProcess::follow(const EndOrder&)
{
    ending_ = true;
}

void HostProcess::actOnTime()
{
    const std::int64_t now_ms = clock_.monotonicMs();
    if (!child_) {
        if (start_at_ms_ != 0 && now_ms >= start_at_ms_) {
            launch();
        }
        return;
    }
    if (terminate_at_ms_ != 0 && now_ms >= terminate_at_ms_) {
        terminate_at_ms_ = 0;
        child_->signalGroup(SIGTERM);
    }
    if (kill_at_ms_ != 0 && now_ms >= kill_at_ms_) {
        kill_at_ms_ = now_ms + kWaitMaxMs;
        child_->signalGroup(SIGKILL);
    }
}

void HostProcess::watchChild()
{
    if (!child_) {
        return;
    }
    const auto sink = [this](std::string_view line) {
        last_line_ = line;
        listener_.hostOutput(settings_.library, line);
    };
    child_->readOutput(sink);
    if (const std::optional<Child::Ending> ending = child_->reap()) {
        child_->finishOutput(sink);
        child_.reset();
        ended(*ending);
    }
}

void HostProcess::launch()
{
    start_at_ms_ = 0;
    terminate_at_ms_ = 0;
    kill_at_ms_ = 0;
    lost_reason_.clear();
    last_line_.clear();
    host_ = {settings_.library, nextIncarnation()};
    const std::string token = router_.admit(host_, listener_.welcome(host_));
    auto child = Child::spawn(settings_.host_program,
                              environmentOf(settings_, uid_, router_.endpoint(), token));
    if (!child.ok()) {
        router_.expel(host_, child.error().message);
        crashed(child.error().message);
        return;
    }
    child_ = std::move(child).value();
    change(HostProcessState::Running, fmt::format("process {}", child_->pid()));
}

void HostProcess::ended(const Child::Ending& ending)
{
    std::string reason = ending.text;
    if (!lost_reason_.empty()) {
        reason += ", after it " + lost_reason_;
    } else if (!last_line_.empty()) {
        reason += ", its last line was: " + last_line_;
    }
    router_.expel(host_, reason);
    if (!wanted_) {
        change(HostProcessState::Stopped, reason);
    } else if (state() == HostProcessState::Stopping) {
        launch();
    } else if (isRefusal(ending)) {
        wanted_ = false;
        change(HostProcessState::Faulted, last_line_.empty() ? reason : last_line_);
    } else {
        crashed(reason);
    }
}

void HostProcess::crashed(const std::string& reason)
{
    if (const std::optional<std::int64_t> delay_ms = policy_.crashed()) {
        start_at_ms_ = clock_.monotonicMs() + *delay_ms;
        change(HostProcessState::BackingOff,
               fmt::format("{}; starts again in {} ms", reason, *delay_ms));
        return;
    }
    wanted_ = false;
    change(HostProcessState::Faulted,
           fmt::format("library \"{}\" crashed {} times without progress, the last time it {}; "
                       "repair it, then restart it",
                       settings_.library,
                       policy_.crashes(),
                       reason));
}

/// The listener hears it first: who waits in stop() returns after that.
void HostProcess::change(HostProcessState state, const std::string& reason)
{
    listener_.hostChanged(settings_.library, state, reason);
    {
        const std::lock_guard lock(mutex_);
        state_ = state;
    }
    changed_.notify_all();
}

} // namespace hub::plugin
