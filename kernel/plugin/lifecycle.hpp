// Lifecycle: the state of one library, and the one table that says which state may follow which
// and who decides it. Nobody keeps a second account of it.
#pragma once

#include <hub/result.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <initializer_list>
#include <mutex>
#include <string>
#include <vector>

namespace hub::plugin {

enum class State {
    Discovered, // its folder was found
    Verified,   // manifest, routes and configuration fit
    Loaded,     // its code is in a process: this one, or a host that said HELLO
    Created,    // it accepted its configuration
    Started,    // it gets requests, calls and events
    Draining,   // it finishes what it has and gets nothing new
    Stopped,    // an operator or the hub's end stopped it
    Refused,    // it does not fit; the reason says what to do
    Faulted,    // it crashed too often or poisoned the hub; an operator must act
};

/// Who brings a change about.
enum class Actor {
    Catalogue,  // reads manifests and configuration
    Loader,     // loads code here or in a host
    Library,    // answers create() or start()
    Operator,   // enables, disables, restarts
    Supervisor, // watches processes and units
    Hub,        // stops everything at its own end
};

const char* toText(State state) noexcept;
const char* toText(Actor actor) noexcept;

struct Transition {
    State from;
    State to;
    Actor actor;
    const char* why;
};

const std::vector<Transition>& transitionTable();

/// A change as observers see it.
struct StateChange {
    std::string library;
    State from;
    State to;
    Actor actor;
    std::string reason; // for Refused and Faulted always; else may be empty
};

/// Thread-safe.
class Lifecycle {
public:
    using Observer = std::function<void(const StateChange&)>;

    explicit Lifecycle(std::string library)
        : library_(std::move(library))
    {}
    Lifecycle(const Lifecycle&) = delete;
    Lifecycle& operator=(const Lifecycle&) = delete;

    State state() const;
    /// Why the library is where it is.
    std::string reason() const;

    /// HUB_REJECTED, with one sentence, when the table has no such row: another actor was
    /// quicker. Tells the observers on this thread, in the order of the changes.
    Result<void> move(State to, Actor actor, const std::string& reason = "");

    /// Observers must not call move() and stay for the life of this object.
    void observe(Observer observer);

    /// False when none of the states was reached in time.
    bool await(std::initializer_list<State> states, std::chrono::milliseconds timeout) const;

private:
    const std::string library_;
    std::mutex moving_; // held while observers are told, so that they see changes in order
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    State state_ = State::Discovered;
    std::string reason_;
    std::vector<Observer> observers_;
};

} // namespace hub::plugin
