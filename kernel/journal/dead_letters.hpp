// DeadLetters: events that a subscriber could not take, with the reason, waiting for an operator.
#pragma once

#include "journal/event.hpp"
#include "journal/group.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hub::journal {

struct DeadLetter {
    std::int64_t id = 0;
    std::string subscriber;
    std::int64_t seq = 0;
    std::string event_id;
    std::string type;
    std::string key;
    std::uint32_t attempt = 0;
    std::string reason;
    std::string state; // "open", "replayed", "dismissed"
    std::int64_t created_ms = 0;
    std::int64_t decided_ms = 0;
    std::string decided_by;
};

class DeadLetters {
public:
    static void add(Group& group,
                    const std::string& subscriber,
                    const Event& event,
                    std::uint32_t attempt,
                    const std::string& reason);
    static std::optional<DeadLetter> find(store::Connection& connection, std::int64_t id);
    /// Newest first; `state` empty: all.
    static std::vector<DeadLetter>
    list(store::Connection& connection, const std::string& state, std::size_t limit);
    /// False when it is not open any more: a second decision changes nothing.
    static bool
    decide(Group& group, std::int64_t id, const std::string& state, const std::string& actor);
};

} // namespace hub::journal
