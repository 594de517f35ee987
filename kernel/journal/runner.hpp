// UnitRunner: how the lane runs a plugin's code. Implemented by the in-process host.
#pragma once

#include "journal/event.hpp"

#include <hub/event.hpp>

#include <string>

namespace hub::journal {

class Unit;

/// The person behind a request, and what its unit did about the session. Belongs to the work that
/// runs the unit, on the lane's thread.
struct Visit {
    std::string session; // the id of the one that the request came with; may be empty
    std::string granted; // the id of the new one; empty: none
    std::string token;   // of the new one, for the answer
    bool ended = false;  // the request's own
};

/// hub_event as owned values, for what the lane hands to a plugin.
struct Envelope {
    std::uint32_t source = HUB_SOURCE_EVENT;
    std::uint32_t flags = 0;
    std::int64_t seq = 0;
    std::uint32_t version = 1;
    std::uint32_t attempt = 1;
    std::uint32_t outcome = HUB_OUTCOME_NONE;
    hub_call_id subject = 0;
    std::string id;
    std::string type;
    std::string operation;
    std::string key;
    std::string edition;
    std::string account;
    std::string idempotency_key;
    std::string correlation;
    std::string trace;
    std::string principal;
    std::string message;
    std::int64_t time_ms = 0;
    std::int64_t deadline_ms = 0;
    std::string payload;
    Visit* visit = nullptr; // units of requests that no API key made; outlives the unit
};

/// One plugin. Called on the lane's thread, inside a savepoint.
class UnitRunner {
public:
    virtual ~UnitRunner() = default;
    /// Anything but HUB_OK and HUB_ALREADY_DONE: the caller rolls the unit back. Store failures
    /// pass through as exceptions.
    virtual Answer runUnit(Unit& unit, const Envelope& envelope) = 0;
};

} // namespace hub::journal
