// Oracle: what must hold in every run, whatever the weather. It hears from the simulated world
// what happened outside of the hub, reads what the hub has committed, and compares, after each
// step and at the end. The first contradiction is kept; nothing is thrown through the kernel.
#pragma once

#include "contract.hpp"
#include "journal/event.hpp"
#include "store/connection.hpp"
#include "trace.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hub::simulation {

/// What the world outside keeps about a call, by the number in its request.
struct Book {
    std::string operation;
    std::string first_key;  // idempotency key of the first request
    std::uint32_t left = 0; // requests whose bytes left the hub
    std::uint32_t on_their_way = 0;
    std::uint32_t booked = 0;
    std::uint32_t refused = 0;
    bool moving = false; // taken, decided later
};

/// One row of owner_effect.
struct Effect {
    std::uint32_t source = 0;
    std::string name;
    std::int64_t seq = 0;
    std::string key;
    hub_call_id call = 0;
    std::uint32_t outcome = 0;
    bool resolved = false;
    bool replay = false;
    bool released = false;
    std::string state;
};

class Oracle {
public:
    Oracle(store::Connection& connection, Trace& trace);

    // What subscribers in other processes did.
    void subscribes(const std::string& name, bool blocks_key);
    void handled(const std::string& subscriber,
                 std::int64_t seq,
                 const std::string& key,
                 bool worked,
                 bool replay);
    /// Tries that were lost with a process, a hub or a group do not count against the limit.
    void disturbed() { ++disturbances_; }
    void creditOverdrawn(const std::string& host);

    // What the hub promised.
    void acknowledged(const std::string& id, const std::string& key, std::int64_t seq);
    void requestEnded(const std::string& id, bool committed);
    struct Letter {
        std::int64_t id = 0;
        std::string subscriber;
        std::int64_t seq = 0;
        bool was_replayed = false;
    };
    /// Dead letters that an operator has to decide on.
    std::vector<Letter> openLetters();

    // What reached the provider.
    std::map<std::string, Book>& books() noexcept { return books_; }
    void left(const std::string& number, const std::string& operation, const std::string& key);
    void booked(const std::string& number);

    /// Of an effect that is not in the store (a mutation).
    void sawEffect(const Effect& effect);

    /// Reads what is newly committed.
    void afterStep();
    void atEnd();
    /// Nothing is left to do, seen from the store; else what is.
    std::string unrest();

    void require(bool holds, const std::string& what);
    const std::string& violation() const noexcept { return violation_; }

private:
    struct Subscriber {
        bool blocks_key = true;
        std::int64_t cursor = 0;
        std::set<std::int64_t> done;
        std::set<std::int64_t> dead; // has a dead letter, of whatever state
        std::set<std::int64_t> given_up;
        std::map<std::string, std::int64_t> last_done; // per key
        std::map<std::int64_t, std::uint32_t> tries;
        std::map<std::int64_t, std::uint32_t> replays; // by an operator
    };
    struct SeenEvent {
        std::string id;
        std::string key;
        std::string recipient;
        hub_call_id call = 0; // of an outcome that waits
        std::uint32_t outcome = 0;
    };
    struct SeenCall {
        bool answered = false;
        std::uint32_t outcome = 0;
        bool released = false;
        bool was_released = false; // at the step before
        bool resolving = false;
        std::string number;
        std::string operation;
        hub_call_id resolves = 0;
        std::vector<std::uint32_t> told;
    };

    bool wants(const std::string& name, const SeenEvent& event) const;
    bool isEnded(const Subscriber& subscriber, std::int64_t seq) const;
    /// An outcome waits that is no longer what is known; it need not be told.
    bool isSuperseded(std::int64_t seq) const;
    void readLetters();
    void readEvents();
    void readEffects();
    void readCursors();
    void readCalls();
    void checkCall(hub_call_id id, const SeenCall& before, const SeenCall& now);
    void takeOutcome(const Effect& effect);
    void checkTold(hub_call_id id, const SeenCall& call);
    bool isMarked(const std::string& name, std::int64_t seq);

    store::Connection& connection_;
    Trace& trace_;
    std::string violation_;
    std::map<std::string, Subscriber> subscribers_;
    std::map<std::string, Book> books_;
    std::map<std::int64_t, SeenEvent> events_;
    std::map<hub_call_id, SeenCall> calls_;
    std::map<std::string, std::int64_t> acknowledged_; // id -> seq
    std::map<std::string, bool> requests_;             // id -> committed, as the client heard
    std::map<std::string, std::uint32_t> request_effects_;
    std::int64_t last_effect_ = 0;
    std::uint64_t disturbances_ = 0;
};

inline constexpr std::uint32_t kTriesMax = 4;

} // namespace hub::simulation
