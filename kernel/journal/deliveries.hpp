// Deliveries: takes events to subscribers. Plugins get them as units, here and now; libraries in
// other processes over the outlet, as far as their credit goes; in quarantine those wait. Cursor
// and marks are written in the same group as the effect. Belongs to the lane's thread.
#pragma once

#include "journal/call_desk.hpp"
#include "journal/event_log.hpp"
#include "journal/hosts.hpp"
#include "journal/marker.hpp"
#include "journal/quarantine.hpp"
#include "journal/runner.hpp"
#include "journal/subscription.hpp"
#include "journal/unit.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hub::journal {

/// Type of the event that carries an outcome which its owner could not take at once; its payload
/// is {"call", "resolved", "outcome"}.
inline constexpr const char* kOutcomeEvent = "hub.outcome";

struct SubscriberView {
    std::string name;
    bool in_process = false;
    std::int64_t cursor = 0;
    std::int64_t lag = 0;
    std::size_t parked = 0;
    std::size_t dead = 0;
    std::size_t in_flight = 0;
};

class Deliveries final : public OutcomeSink {
public:
    Deliveries(EventLog& log,
               const Directory& directory,
               Marker& marker,
               Hosts& hosts,
               Outlet& outlet,
               RetryPolicy policy,
               const Quarantine& quarantine = Quarantine::none());

    /// Registers a subscriber, a new one from the journal's present end on. `runner` is NULL for
    /// a library in another process, and must outlive the registration.
    void add(Group& group, const SubscriptionSpec& spec, UnitRunner* runner);
    /// Its row and marks stay: registered again it goes on where it stood.
    void remove(Group& group, const std::string& name);

    void acknowledge(Group& group, const std::string& name, const Acknowledgement& answer);
    void hostLost(Group& group, const std::string& name, const std::string& reason);
    /// An operator delivers a dead event again or gives it up. False: it is not open.
    bool decide(Group& group, std::int64_t dead_letter, bool replay, const std::string& actor);

    /// Delivers an event again that was settled, marked as replay. False: not for this one.
    bool replay(Group& group, const std::string& name, const Event& event);

    void deliverOutcome(Group& group, const CallRow& row, bool resolved) override;

    /// Runs one unit of a plugin: marker, savepoint, refusal. Returns why it was rolled back.
    /// `answered` sees the plugin's answer inside the savepoint, also one that rolls it back. A
    /// unit that broke the group is left out when the group runs again: it fails for this time.
    std::optional<UnitFailed>
    runUnit(Group& group,
            const std::string& library,
            const Envelope& envelope,
            const std::string& item,
            const std::function<void(Unit&, const Answer&)>& answered = {});

    /// True when feed() would do something.
    bool hasWork(std::int64_t last_seq, std::int64_t now_ms) const;
    /// Delivers at most `budget` events; returns how many.
    std::size_t feed(Group& group, std::int64_t last_seq, std::size_t budget);

    /// Before the commit: writes cursors and marks that changed.
    /// Some cursor has moved that is not written down.
    bool hasChanges() const;
    void flush(Group& group);
    /// After the commit: what the group changed in memory stays.
    void committed() noexcept;
    /// After a rollback: what the store holds counts again.
    void reload(store::Connection& connection);
    /// True when a unit broke the group since it was last asked.
    bool takeBlame() noexcept { return std::exchange(blamed_, false); }
    void forgetLeftOut() noexcept { left_out_.clear(); }

    bool has(const std::string& name) const { return subscribers_.count(name) != 0; }
    std::map<std::string, SubscriberView> view(std::int64_t last_seq) const;

private:
    struct Subscriber {
        Subscription subscription;
        UnitRunner* runner = nullptr;
    };

    static void load(store::Connection& connection, Subscription& subscription);
    void keepForUndo(const std::string& name);
    std::size_t
    feedOne(Group& group, Subscriber& subscriber, std::int64_t last_seq, std::size_t budget);
    bool mayTake(const Subscriber& subscriber) const;
    void deliver(Group& group, Subscriber& subscriber, const EventPtr& event);
    void deliverHere(Group& group, Subscriber& subscriber, const EventPtr& event);
    void deliverOut(Group& group, Subscriber& subscriber, const EventPtr& event);
    void fail(Group& group, Subscriber& subscriber, const Event& event, const std::string& reason);
    void die(Group& group, Subscriber& subscriber, const Event& event, const std::string& reason);
    Envelope envelopeOf(Group& group, const Subscriber& subscriber, const Event& event) const;

    EventLog& log_;
    const Directory& directory_;
    Marker& marker_;
    Hosts& hosts_;
    Outlet& outlet_;
    RetryPolicy policy_;
    const Quarantine& quarantine_;
    std::map<std::string, Subscriber> subscribers_;
    std::uint32_t last_delivery_ = 0; // goes on over a reload: hosts still hold earlier ones
    // As they were before this group registered or removed them.
    std::map<std::string, std::optional<Subscriber>> undo_;
    std::map<std::string, std::string> left_out_; // item -> how it broke the group
    bool blamed_ = false;
};

/// The envelope of an outcome for the call's owner.
Envelope outcomeEnvelope(const CallRow& row, bool resolved);

} // namespace hub::journal
