// What the journal holds and hands out. Plain values; no I/O.
#pragma once

#include <hub/plugin.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hub::journal {

/// One row of the journal: a fact that happened. Carries identifiers, never personal data.
struct Event {
    std::int64_t seq = 0;
    std::string id; // UUIDv7
    std::string type;
    std::uint32_t version = 1;
    std::string key;
    std::string edition;
    std::string account;
    std::string trace;       // W3C trace id
    std::string correlation; // id of what caused it
    std::string publisher;   // library id, or "hub"
    std::string recipient;   // empty: every subscriber of the type; else one library
    std::int64_t time_ms = 0;
    std::string payload; // JSON
};

using EventPtr = std::shared_ptr<const Event>;

/// An event that somebody wants to have in the journal.
struct Publication {
    std::string id; // empty: drawn
    std::string type;
    std::uint32_t version = 1;
    std::string key;
    std::string edition;
    std::string account;
    std::string trace;
    std::string correlation;
    std::string publisher;
    std::string recipient;
    std::string payload;
};

/// How a publication ended, after the commit: HUB_OK, HUB_ALREADY_DONE (same id, same content),
/// HUB_REJECTED (same id with other content, or not the library's to publish), HUB_BAD_REQUEST (not
/// as the library describes it), HUB_UNAVAILABLE (not committed).
struct Published {
    hub_status status = HUB_UNAVAILABLE;
    std::int64_t seq = 0;
    std::string message = {}; // why it was refused, for the library's author
};

/// An event on its way to one subscriber.
struct EventDelivery {
    std::string subscriber;
    EventPtr event;
    std::uint32_t attempt = 1;
    bool replay = false;
    /// The receiver forgets that this key had failed: deliveries of the key go on from here.
    bool resume = false;
    std::uint32_t delivery = 0; // fences late acknowledgements
};

/// How a delivery to a subscriber ended. HUB_OK and HUB_ALREADY_DONE settle; HUB_THROTTLED with
/// message "blocked" was not tried, because an earlier event of the key failed; anything else
/// counts as a failed try.
struct Acknowledgement {
    std::int64_t seq = 0;
    hub_status status = HUB_OK;
    std::string message;
    std::uint32_t delivery = 0; // of which delivery; another one's answer has no effect
};

/// A call on its way to a connector.
struct CallDelivery {
    hub_call_id id = 0;
    std::uint32_t delivery = 0; // fences late marks and answers
    std::uint32_t attempt = 1;
    std::string uuid;
    std::string contract;
    std::string operation;
    std::uint32_t version = 1;
    std::string key;
    std::string edition;
    std::string account;
    std::string connector; // library id
    std::string idempotency_key;
    std::string trace;
    std::string principal;
    std::int64_t created_ms = 0;
    std::int64_t deadline_ms = 0;
    std::string payload;
    std::string carrier; // directory.hpp: kByHub, kBrowser
    bool safe = false;   // needs no mark before it is sent
    bool personal = false;
};

/// A connector's answer to a call, or what the hub knows in its place.
struct CallAnswer {
    hub_call_id id = 0;
    std::uint32_t delivery = 0;
    hub_status status = HUB_STATUS_INVALID_ZERO;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::string payload;
};

} // namespace hub::journal
