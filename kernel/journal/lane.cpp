#include "journal/lane.hpp"

#include "base/assert.hpp"
#include "base/failpoint.hpp"
#include "journal/timers.hpp"

#include <chrono>
#include <future>
#include <utility>

#include <pthread.h>

namespace hub::journal {

namespace {

constexpr std::size_t kInternalBudget = 256;
constexpr std::size_t kDutiesMax = 64;
// Internal work that broke a group is left alone for this long.
constexpr std::int64_t kInternalPauseMs = 1000;
constexpr std::int64_t kViewsMs = 500;
// How long cursors that moved wait for a group that is written anyway. A subscriber whose
// acknowledgement is lost with the power gets the event again, as after any crash.
constexpr std::int64_t kCursorsMs = 10;

} // namespace

Lane::Lane(store::Database& database,
           const base::Clock& clock,
           const Directory& directory,
           Outlet& outlet,
           CommitListener& listener,
           LaneSettings settings,
           std::function<void(const std::string&)> fatal)
    : database_(database)
    , clock_(clock)
    , directory_(directory)
    , outlet_(outlet)
    , listener_(listener)
    , settings_(std::move(settings))
    , fatal_(std::move(fatal))
    , zmq_(0)
    , inbox_(zmq_, "inproc://lane", settings_.inbox_max)
    , watchdog_(settings_.unit_ms_max, fatal_)
    , marker_(settings_.marker_file)
    , log_(settings_.recent_events)
    , deliveries_(log_, directory_, marker_, hosts_, outlet, settings_.retry, quarantine_)
    , desk_(directory_, deliveries_, quarantine_)
    , calls_(hosts_, outlet, desk_, quarantine_)
{
    marker_.watchedBy(watchdog_);
}

Lane::~Lane()
{
    stop();
}

void Lane::start()
{
    load();
    thread_ = std::thread([this] { loop(); });
}

bool Lane::begin()
{
    load();
    return takeOver();
}

void Lane::load()
{
    sequences_.load(database_.writer());
    committed_seq_ = sequences_.lastEvent();
    counters_.last_seq = committed_seq_;
    quarantine_.load(database_.writer());
    calls_.wakeDue(database_.writer(), clock_.nowMs());
}

void Lane::stop()
{
    stopping_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

namespace {

/// A body to run once, whose end somebody waits for.
class WaitedWork final : public Work {
public:
    /// What went wrong, if anything; the waiting thread makes its own exception of it.
    using End = std::promise<std::optional<UnitFailed>>;

    WaitedWork(const std::function<void(LaneContext&)>& body, End& done)
        : body_(body)
        , done_(done)
    {}
    void run(LaneContext& context) override
    {
        failure_ = context.group.attempt([&] { body_(context); });
    }
    void committed() noexcept override { done_.set_value(std::move(failure_)); }
    void failed(const UnitFailed& why) noexcept override { done_.set_value(why); }

private:
    const std::function<void(LaneContext&)>& body_;
    End& done_;
    std::optional<UnitFailed> failure_;
};

} // namespace

void Lane::runNow(const std::function<void(LaneContext&)>& body)
{
    HUB_ASSERT(std::this_thread::get_id() != thread_.get_id(), "the lane must not wait for itself");
    WaitedWork::End done;
    auto end = done.get_future();
    submit(std::make_unique<WaitedWork>(body, done));
    if (const auto failure = end.get()) {
        throw base::Failure(failure->status, "{}", failure->message);
    }
}

std::map<std::string, SubscriberView> Lane::subscribers() const
{
    const std::lock_guard lock(views_mutex_);
    return views_;
}

void Lane::showSubscribers()
{
    const std::int64_t now_ms = clock_.monotonicMs();
    if (now_ms - views_at_ms_ < kViewsMs) {
        return;
    }
    views_at_ms_ = now_ms;
    auto views = deliveries_.view(committed_seq_);
    const std::lock_guard lock(views_mutex_);
    views_ = std::move(views);
}

void Lane::submit(std::unique_ptr<Work> work)
{
    if (!inbox_.send(work)) {
        work->failed({HUB_UNAVAILABLE, "the hub is overloaded: its inbox is full"});
    }
}

Group Lane::makeGroup()
{
    IdSource& ids = settings_.ids == nullptr ? IdSource::system() : *settings_.ids;
    return Group(database_.writer(), sequences_, clock_.nowMs(), seal(), ids);
}

bool Lane::takeOver()
{
    std::vector<std::unique_ptr<Work>> none;
    Group group = makeGroup();
    try {
        database_.beginGroup();
        calls_.recover(group);
        commit(group, none);
        return true;
    } catch (const std::exception&) {
        fatal_("the state of the last run can't be taken over: " + base::currentExceptionText());
        return false;
    }
}

void Lane::loop()
{
    pthread_setname_np(pthread_self(), "lane");
    if (!takeOver()) {
        return;
    }
    for (;;) {
        const bool stopping = stopping_;
        const bool busy = stopping || hasInternalWork();
        const bool waiting =
            await(busy ? 0 : (cursors_since_ms_ != 0 ? kCursorsMs : settings_.duty_ms));
        if (stopping && !waiting) {
            writeCursors();
            return;
        }
        takeTurn(waiting || busy);
    }
}

bool Lane::turn()
{
    const bool busy = hasInternalWork();
    return takeTurn(await(0) || busy);
}

bool Lane::await(std::int64_t wait_ms)
{
    zmq::pollitem_t item{inbox_.receiver().handle(), 0, ZMQ_POLLIN, 0};
    zmq::poll(&item, 1, std::chrono::milliseconds(wait_ms));
    return (item.revents & ZMQ_POLLIN) != 0;
}

bool Lane::takeTurn(bool asked)
{
    // An idle lane would never learn that its store is back, and nobody is sent to a hub that
    // says it is not ready.
    const bool asks_for_store = !counters_.healthy;
    const bool due = asked || asks_for_store || dutiesAreDue();
    if (due) {
        runGroup();
    }
    showSubscribers();
    return due;
}

bool Lane::dutiesAreDue()
{
    const std::int64_t now_ms = clock_.nowMs();
    if (now_ms < duties_at_ms_) {
        return false;
    }
    // Looking costs nothing durable: an idle hub commits nothing.
    try {
        store::Connection& connection = database_.writer();
        const auto timer_ms = Timers::nextDue(connection);
        const bool due = (timer_ms && *timer_ms <= now_ms) ||
                         !pastDeadline(connection, now_ms, 1).empty() ||
                         !Calls::resolvable(connection, now_ms, 1).empty();
        calls_.wakeDue(connection, now_ms);
        duties_at_ms_ = due ? now_ms : now_ms + settings_.duty_ms;
        return due || calls_.hasWork();
    } catch (const store::StoreFailure&) {
        return true; // the group that follows deals with it
    }
}

std::vector<hub_call_id>
Lane::pastDeadline(store::Connection& connection, std::int64_t now_ms, std::size_t limit) const
{
    const auto which = quarantine_.isOn() ? Calls::Which::SafeOnly : Calls::Which::All;
    return Calls::pastDeadline(connection, now_ms, limit, which);
}

bool Lane::hasInternalWork()
{
    if (!kept_.empty() || cursorsAreDue()) {
        return true;
    }
    return clock_.monotonicMs() >= internal_at_ms_ &&
           (calls_.hasWork() || deliveries_.hasWork(committed_seq_, clock_.nowMs()));
}

bool Lane::cursorsAreDue() const
{
    return cursors_since_ms_ != 0 && clock_.monotonicMs() - cursors_since_ms_ >= kCursorsMs;
}

/// At the end of an orderly stop nothing is to be delivered again.
void Lane::writeCursors()
{
    if (deliveries_.hasChanges() && counters_.healthy) {
        runGroup();
    }
}

LaneContext Lane::context(Group& group)
{
    return {group, log_, deliveries_, calls_, hosts_, directory_, quarantine_};
}

void Lane::runGroup()
{
    std::vector<std::unique_ptr<Work>> works;
    hosts_before_ = hosts_;
    try {
        if (must_reload_) {
            reload();
        }
        Group group = makeGroup();
        database_.beginGroup();
        runWaiting(group, works, clock_.monotonicMs());
        guarded([&] { runInternal(group); });
        commit(group, works);
    } catch (const GroupBroken& broken) {
        runAgain(works, broken);
    } catch (const store::StoreFailure& failure) {
        giveUp(works, failure.trouble(), failure.message());
    }
}

void Lane::runWaiting(Group& group,
                      std::vector<std::unique_ptr<Work>>& works,
                      std::int64_t began_ms)
{
    LaneContext lane = context(group);
    while (works.size() < settings_.group_max &&
           clock_.monotonicMs() - began_ms < settings_.group_ms_max) {
        auto work = kept_.empty() ? inbox_.receive() : std::move(kept_.front());
        if (!work) {
            return;
        }
        if (!kept_.empty()) {
            kept_.pop_front();
        }
        works.push_back(std::move(work));
        running_ = works.size() - 1;
        guarded([&] { works.back()->run(lane); });
        running_.reset();
        ++counters_.units;
    }
}

void Lane::guarded(const std::function<void()>& body)
{
    try {
        body();
    } catch (const store::StoreFailure&) {
        throw;
    } catch (const GroupBroken&) {
        throw;
    } catch (const std::exception&) {
        throw GroupBroken(store::Trouble::Statement, base::currentExceptionText());
    }
}

void Lane::runAgain(std::vector<std::unique_ptr<Work>>& works, const GroupBroken& why)
{
    ++counters_.groups_broken;
    const auto guilty = std::exchange(running_, std::nullopt);
    const bool leaves_unit_out = deliveries_.takeBlame();
    rollback();
    if (!leaves_unit_out && !guilty) {
        internal_at_ms_ = clock_.monotonicMs() + kInternalPauseMs;
    }
    if (!leaves_unit_out && guilty && !leaveOut(works, *guilty, why)) {
        giveUp(works, why.trouble(), why.what());
        return;
    }
    try {
        Group group = makeGroup();
        database_.beginGroup();
        LaneContext lane = context(group);
        for (std::size_t i = 0; i < works.size(); ++i) {
            running_ = i;
            guarded([&] { works[i]->run(lane); });
        }
        running_.reset();
        guarded([&] { runInternal(group); });
        commit(group, works);
    } catch (const GroupBroken& again) {
        runAgain(works, again);
    } catch (const store::StoreFailure& failure) {
        giveUp(works, failure.trouble(), failure.message());
    }
}

/// False when it must not be left out: then the whole group waits for the store.
bool Lane::leaveOut(std::vector<std::unique_ptr<Work>>& works,
                    std::size_t guilty,
                    const GroupBroken& why)
{
    const bool its_own_fault = why.trouble() == store::Trouble::Statement;
    if (works[guilty]->mustHappen() && !its_own_fault) {
        return false;
    }
    works[guilty]->failed({HUB_UNAVAILABLE, why.what()});
    ++counters_.units_failed;
    works.erase(works.begin() + static_cast<std::ptrdiff_t>(guilty));
    return true;
}

void Lane::giveUp(std::vector<std::unique_ptr<Work>>& works,
                  store::Trouble trouble,
                  const std::string& why)
{
    if (trouble == store::Trouble::Sync || trouble == store::Trouble::Fenced) {
        fatal_(why);
    }
    counters_.healthy = false;
    must_reread_ = true;
    rollback();
    failAll(works, why);
    // What waits behind is told now, too, instead of after the store's return.
    while (works.size() < settings_.group_max) {
        auto work = inbox_.receive();
        if (!work) {
            break;
        }
        if (work->mustHappen()) {
            kept_.push_back(std::move(work));
        } else {
            works.push_back(std::move(work));
        }
    }
    failAll(works, why);
    running_.reset();
    deliveries_.forgetLeftOut();
    std::this_thread::sleep_for(std::chrono::milliseconds(settings_.store_pause_ms));
}

void Lane::runInternal(Group& group)
{
    if (clock_.monotonicMs() < internal_at_ms_) {
        return;
    }
    runDuties(group);
    calls_.feed(group, kInternalBudget);
    deliveries_.feed(group, committed_seq_, kInternalBudget);
}

void Lane::runDuties(Group& group)
{
    if (group.nowMs() < duties_at_ms_) {
        return;
    }
    store::Connection& connection = group.connection();
    Timers::fire(group, log_, kDutiesMax);
    for (const hub_call_id id : pastDeadline(connection, group.nowMs(), kDutiesMax)) {
        desk_.expire(group, id);
    }
    for (const hub_call_id id : Calls::resolvable(connection, group.nowMs(), kDutiesMax)) {
        desk_.resolve(group, id);
    }
    calls_.wakeDue(connection, group.nowMs());
    duties_at_ms_ = group.nowMs() + settings_.duty_ms;
}

void Lane::commit(Group& group, std::vector<std::unique_ptr<Work>>& works)
{
    if (group.connection().hasWritten() || cursorsAreDue() || stopping_) {
        deliveries_.flush(group);
        cursors_since_ms_ = 0;
    } else if (cursors_since_ms_ == 0 && deliveries_.hasChanges()) {
        cursors_since_ms_ = clock_.monotonicMs();
    }
    sequences_.flush(group.connection());
    if (settings_.before_commit && group.connection().hasWritten()) {
        settings_.before_commit();
    }
    const auto empty = counters_.healthy ? store::EmptyGroup::Skip : store::EmptyGroup::Prove;
    HUB_FAILPOINT(GroupCommitting);
    if (!database_.commitGroup(++group_no_, empty)) {
        hosts_ = hosts_before_;
        reload();
        failAll(works, "the store was lost during the commit; ask again with the same key");
        return;
    }
    HUB_FAILPOINT(GroupCommitted);
    Effects& effects = group.effects();
    ++counters_.groups;
    counters_.healthy = true;
    counters_.events += effects.events.size();
    counters_.last_commit_ms = clock_.nowMs();
    committed_seq_ = sequences_.lastEvent();
    counters_.last_seq = committed_seq_;
    log_.remember(effects.events);
    deliveries_.committed();
    calls_.wake(effects.connectors_with_calls);
    letGo(effects, works);
    listener_.committed(effects);
    database_.checkpointIfLarge();
}

void Lane::letGo(const Effects& effects, std::vector<std::unique_ptr<Work>>& works)
{
    for (const auto& action : effects.before_answers) {
        action();
    }
    const OutletHold together(outlet_);
    for (const auto& work : works) {
        work->committed();
    }
    works.clear();
    for (const auto& action : effects.after_commit) {
        action();
    }
}

void Lane::rollback()
{
    hosts_ = hosts_before_;
    must_reload_ = true;
    database_.writer().rollback();
    try {
        database_.recover();
        reload();
    } catch (const base::Failure&) {
        // The store is away: the next group tries again and fails its works until it is back.
        counters_.healthy = false;
    }
}

void Lane::reload()
{
    must_reload_ = true;
    sequences_.load(database_.writer());
    quarantine_.load(database_.writer());
    deliveries_.reload(database_.writer());
    // The rolled back group may be there after all, when only the answer to its commit was lost.
    log_.forget();
    if (must_reread_ && settings_.reread) {
        settings_.reread(database_.writer());
    }
    must_reread_ = false;
    cursors_since_ms_ = 0;
    committed_seq_ = sequences_.lastEvent();
    must_reload_ = false;
}

void Lane::failAll(std::vector<std::unique_ptr<Work>>& works, const std::string& why)
{
    // In reverse, because each goes before those that are kept already.
    for (auto work = works.rbegin(); work != works.rend(); ++work) {
        if ((*work)->mustHappen()) {
            kept_.push_front(std::move(*work));
        } else {
            (*work)->failed({HUB_UNAVAILABLE, why});
            ++counters_.units_failed;
        }
    }
    works.clear();
}

} // namespace hub::journal
