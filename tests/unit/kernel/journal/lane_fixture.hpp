// A lane on a real store, with scripts for plugins, outlet and works, and a store that fails on
// demand. Waits are on conditions, with a deadline.
#pragma once

#include "journal/lane.hpp"
#include "journal_fixture.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hub::journal::test {

/// What happened, from any thread, to wait for.
class Notes {
public:
    void add(const std::string& note)
    {
        {
            const std::lock_guard lock(mutex_);
            notes_.push_back(note);
        }
        changed_.notify_all();
    }
    std::vector<std::string> all() const
    {
        const std::lock_guard lock(mutex_);
        return notes_;
    }
    std::size_t count(const std::string& note) const
    {
        const auto notes = all();
        return static_cast<std::size_t>(std::count(notes.begin(), notes.end(), note));
    }
    void await(const std::string& note, std::size_t times = 1) const
    {
        std::unique_lock lock(mutex_);
        const bool came = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
            return static_cast<std::size_t>(std::count(notes_.begin(), notes_.end(), note)) >=
                   times;
        });
        std::string seen;
        for (const std::string& one : notes_) {
            seen += one + "; ";
        }
        CPPUNIT_ASSERT_MESSAGE("\"" + note + "\" did not come, only: " + seen, came);
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    std::vector<std::string> notes_;
};

/// A plugin that does what the payload says and keeps a row per event it took.
class ScriptedPlugin final : public UnitRunner {
public:
    explicit ScriptedPlugin(Notes& notes)
        : notes_(notes)
    {}

    Answer runUnit(Unit& unit, const Envelope& envelope) override
    {
        const std::string what = envelope.source == HUB_SOURCE_OUTCOME
                                     ? "outcome " + outcomeName(envelope.outcome)
                                 : envelope.source == HUB_SOURCE_TIMER ? "timer " + envelope.type
                                                                       : "unit " + envelope.key;
        if (refuses_.load() > 0) {
            --refuses_;
            notes_.add("refused " + what);
            throw std::runtime_error("refused on purpose");
        }
        if (envelope.payload.find("throw") != std::string::npos) {
            throw std::runtime_error("thrown on purpose");
        }
        if (envelope.payload.find("\"fill\"") != std::string::npos) {
            fill(unit.connection());
        }
        insert(unit.connection());
        if (envelope.payload.find("\"call\"") != std::string::npos) {
            CallWanted wanted;
            wanted.contract = "parcel";
            wanted.operation = "send";
            wanted.key = envelope.key;
            wanted.payload = R"({"number":"N1"})";
            if (const auto called = unit.call(wanted); !called.ok()) {
                return {called.error().code, called.error().message, {}, 0};
            }
        }
        notes_.add(what);
        return {HUB_OK, {}, {}, 0};
    }

    void refuse(int times) { refuses_ = times; }

private:
    static void insert(store::Connection& connection)
    {
        connection
            .prepare("INSERT INTO demo_item (id, name) VALUES "
                     "((SELECT coalesce(max(id), 0) + 1 FROM demo_item), NULL)")
            .run();
    }

    /// More than the file may grow.
    static void fill(store::Connection& connection)
    {
        connection.prepare("INSERT INTO demo_item (id, name, body) VALUES (4711, NULL, ?)")
            .bindBlob(1, std::string(std::size_t{8} * 1024 * 1024, 'x'))
            .run();
    }

    Notes& notes_;
    std::atomic<int> refuses_{0};
};

class NotedOutlet final : public Outlet {
public:
    explicit NotedOutlet(Notes& notes)
        : notes_(notes)
    {}
    bool sendCall(const std::string&, Incarnation, CallDelivery call) override
    {
        {
            const std::lock_guard lock(mutex_);
            last_call_ = call;
        }
        notes_.add("call " + std::to_string(call.id) + " delivery " +
                   std::to_string(call.delivery));
        return true;
    }
    bool sendEvent(const std::string&, Incarnation, EventDelivery event) override
    {
        notes_.add("event " + std::to_string(event.event->seq));
        return true;
    }
    CallDelivery lastCall() const
    {
        const std::lock_guard lock(mutex_);
        return last_call_;
    }

private:
    Notes& notes_;
    mutable std::mutex mutex_;
    CallDelivery last_call_;
};

class Quiet final : public CommitListener {
public:
    void committed(const Effects&) noexcept override {}
};

/// The real store, whose groups fail as long as the test wants.
class FailingDatabase final : public store::Database {
public:
    enum class Fails { Nowhere, AtBegin, AtCommit, AfterCommit };

    explicit FailingDatabase(store::Database& real)
        : real_(real)
    {}
    void fail(Fails where) { fails_ = where; }

    void beginGroup() override
    {
        if (fails_ == Fails::AtBegin) {
            throw store::StoreFailure(store::Trouble::Full, "no space on purpose");
        }
        real_.beginGroup();
    }
    bool commitGroup(std::int64_t group_no, store::EmptyGroup empty) override
    {
        if (fails_ == Fails::AtCommit) {
            throw store::StoreFailure(store::Trouble::Full, "no space on purpose");
        }
        const bool committed = real_.commitGroup(group_no, empty);
        Fails once = Fails::AfterCommit;
        if (fails_.compare_exchange_strong(once, Fails::Nowhere)) {
            throw store::StoreFailure(store::Trouble::Lost, "the reply was lost on purpose");
        }
        return committed;
    }
    store::Backend backend() const override { return real_.backend(); }
    std::int64_t epoch() const override { return real_.epoch(); }
    void migrate(const std::string& library, const std::vector<store::Migration>& steps) override
    {
        real_.migrate(library, steps);
    }
    void withdrawViews() override { real_.withdrawViews(); }
    void exposeView(const store::ExportedView& view) override { real_.exposeView(view); }
    void letRead(const std::string& library, const std::string& view) override
    {
        real_.letRead(library, view);
    }
    store::Connection& writer() override { return real_.writer(); }
    void recover() override { real_.recover(); }
    store::Lease snapshot() override { return real_.snapshot(); }
    std::int64_t snapshotsOverdue() const override { return real_.snapshotsOverdue(); }
    void checkpointIfLarge() override { real_.checkpointIfLarge(); }
    std::int64_t walBytes() const override { return real_.walBytes(); }

private:
    store::Database& real_;
    std::atomic<Fails> fails_{Fails::Nowhere};
};

/// One unit of the plugin, whose end is noted as "<name> <status>".
class UnitWork final : public Work {
public:
    UnitWork(Notes& notes, std::string name, std::string payload, bool must_happen = false)
        : notes_(notes)
        , name_(std::move(name))
        , payload_(std::move(payload))
        , must_happen_(must_happen)
    {}
    void run(LaneContext& context) override
    {
        Envelope envelope;
        envelope.source = HUB_SOURCE_REQUEST;
        envelope.id = name_;
        envelope.key = name_;
        envelope.payload = payload_;
        failure_ = context.deliveries.runUnit(context.group, "demo", envelope, "request:" + name_);
    }
    void committed() noexcept override { end(failure_ ? failure_->status : HUB_OK); }
    void failed(const UnitFailed& why) noexcept override { end(why.status); }
    bool mustHappen() const noexcept override { return must_happen_; }

private:
    void end(hub_status status) { notes_.add(name_ + " " + std::to_string(status)); }

    Notes& notes_;
    std::string name_;
    std::string payload_;
    bool must_happen_;
    std::optional<UnitFailed> failure_;
};

inline std::string ended(const std::string& name, hub_status status)
{
    return name + " " + std::to_string(status);
}

template <store::Backend kBackend>
class LaneFixture : public store::test::StoreFixture<kBackend> {
public:
    void setUp() override
    {
        store::test::StoreFixture<kBackend>::setUp();
        store_ = std::make_unique<FailingDatabase>(this->openWithDemo());
        startLane();
    }

    void tearDown() override
    {
        lane_.reset();
        store_.reset();
        store::test::StoreFixture<kBackend>::tearDown();
    }

protected:
    void startLane()
    {
        LaneSettings settings;
        settings.retry.first_ms = 20;
        settings.retry.longest_ms = 40;
        settings.reread = [this](store::Connection&) {
            notes_.add("reread");
        };
        lane_ = std::make_unique<Lane>(*store_,
                                       this->clock_,
                                       directory_,
                                       outlet_,
                                       listener_,
                                       settings,
                                       [this](const auto& why) { notes_.add("fatal " + why); });
        lane_->start();
        SubscriptionSpec spec;
        spec.library = "demo";
        spec.types["thing.happened"] = {1, 1};
        spec.in_process = true;
        lane_->runNow(
            [&](LaneContext& context) { context.deliveries.add(context.group, spec, &plugin_); });
    }

    void restartLane()
    {
        lane_.reset();
        startLane();
    }

    void submit(const std::string& name, const std::string& payload, bool must_happen = false)
    {
        lane_->submit(std::make_unique<UnitWork>(notes_, name, payload, must_happen));
    }

    void publish(const std::string& key, const std::string& payload)
    {
        lane_->runNow([&](LaneContext& context) {
            Publication event;
            event.type = "thing.happened";
            event.key = key;
            event.publisher = "test";
            event.payload = payload;
            context.log.append(context.group, event);
        });
    }

    /// Waits until this holds in the store, as the lane sees it.
    void await(const std::string& sql, std::int64_t expected)
    {
        std::int64_t seen = 0;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        do {
            store::Lease snapshot = this->database().snapshot();
            store::Statement& rows = snapshot->prepare(sql);
            seen = rows.step() ? rows.integer(0) : -1;
            rows.run();
        } while (seen != expected && std::chrono::steady_clock::now() < until);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(sql, expected, seen);
    }

    void upCourier()
    {
        lane_->runNow([&](LaneContext& context) {
            context.hosts.up("courier", 1);
            context.hosts.credit("courier", 1, 8);
            context.calls.wake({"courier"});
        });
    }

    void callThroughACourier()
    {
        upCourier();
        submit("caller", "\"call\"");
        notes_.await(ended("caller", HUB_OK));
        notes_.await("call 1 delivery 1");
    }

    bool mark()
    {
        const CallDelivery call = outlet_.lastCall();
        bool marked = false;
        lane_->runNow([&](LaneContext& context) {
            marked = Calls::markSending(context.group, call.id, call.delivery, "digest");
        });
        return marked;
    }

    void answer(hub_status status)
    {
        CPPUNIT_ASSERT(mark());
        const CallDelivery call = outlet_.lastCall();
        lane_->runNow([&](LaneContext& context) {
            CallAnswer answer;
            answer.id = call.id;
            answer.delivery = call.delivery;
            answer.status = status;
            answer.payload = "{}";
            context.calls.answer(context.group, "courier", answer);
        });
    }

    Notes notes_;
    FixedDirectory directory_;
    NotedOutlet outlet_{notes_};
    Quiet listener_;
    ScriptedPlugin plugin_{notes_};
    std::unique_ptr<FailingDatabase> store_;
    std::unique_ptr<Lane> lane_;
};

} // namespace hub::journal::test
