// Exchanger: the only way out to a provider. One HTTP exchange with a host on the allow-list,
// over libcurl: TLS verified, the resolved address checked, no redirect, nothing ever resent,
// the call marked durably as *sending* after connect and TLS and before the first byte.
#pragma once

#include "base/clock.hpp"

#include <hub/plugin.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hub::egress {

/// Hosts a library may talk to. `exact` (host:port) is how private and loopback addresses are
/// named one by one, in profile `demo` only; `hosts` never reach those ranges.
struct AllowList {
    std::vector<std::string> hosts; // port 443
    std::vector<std::string> exact; // "127.0.0.1:9443"
    std::vector<std::string> methods;
};

/// Names of form fields, JSON members and headers whose values are masked in the record.
struct MaskRules {
    std::vector<std::string> request;
    std::vector<std::string> response;
};

/// The live call that an exchange belongs to.
struct Ticket {
    hub_call_id call_id = 0;
    std::uint32_t delivery = 0;
    std::string connector;
    std::string account;
    std::string operation;
    std::string key;
    std::string trace;
    std::int64_t deadline_ms = 0;
    bool safe = false;
    bool personal = false; // of the messages only size and digest are recorded
};

struct Request {
    std::string method;
    /// As it is checked, recorded and shown; a placeholder stands where a secret belongs.
    std::string url;
    /// What stands for each placeholder on the wire only, percent-encoded.
    std::vector<std::pair<std::string, std::string>> url_secrets;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::uint32_t total_timeout_ms = 0;
};

struct Response {
    std::uint32_t http_status = 0;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
};

/// What hub.http/1 answers: OK with a response, UNAVAILABLE (nothing left), OUTCOME_UNKNOWN,
/// REJECTED (not allowed). `reason` is for the timeline, without secrets.
struct Exchange {
    hub_status status = HUB_INTERNAL;
    std::string reason;
    Response response;
};

/// A row of hub_exchange; masked before it is built.
struct Record {
    std::string id;
    std::string direction = "out";
    Ticket ticket;
    std::string method;
    std::string host;
    std::string path;
    std::string request;
    std::int64_t request_bytes = 0;
    std::string request_digest;
    std::int64_t http_status = 0;
    std::string response;
    std::int64_t response_bytes = 0;
    std::string response_digest;
    bool bytes_left = false;
    std::string ended; // "answered", "not_sent", "unknown", "refused" and the reason
    std::int64_t started_ms = 0;
    std::int64_t ended_ms = 0;
};

/// What egress needs of the journal. Both block at most until the lane's next commit.
class Journal {
public:
    virtual ~Journal() = default;
    /// Durably marks (call, delivery, dispatched) as sending; false: fenced, answered, or sent
    /// already. The record is stored with it.
    virtual bool markSending(const Ticket& ticket, const Record& record) = 0;
    /// Stores how the exchange ended; may be lost with the process, never blocks.
    virtual void recordExchange(const Record& record) = 0;
};

struct Settings {
    std::string ca_file; // empty: the system's
    std::size_t threads = 32;
    std::size_t queue_max = 1024;
    std::size_t per_account_max = 16;
    std::int64_t connect_timeout_ms = 3000;
    std::int64_t first_byte_timeout_ms = 10000;
    std::int64_t total_timeout_ms = 15000;
    std::size_t response_bytes_max = 1048576;
    int breaker_failures = 5;            // in a row, per account
    std::int64_t breaker_open_ms = 5000; // then one probe
};

enum class BreakerState { Closed, Open, Probing };

struct AccountHealth {
    std::string connector;
    std::string account;
    BreakerState breaker = BreakerState::Closed;
    std::uint64_t answered = 0;
    std::uint64_t not_sent = 0;
    std::uint64_t unknown = 0;
};

/// Thread-safe.
class Exchanger {
public:
    Exchanger(Settings settings, Journal& journal, const base::Clock& clock);
    ~Exchanger();
    Exchanger(const Exchanger&) = delete;
    Exchanger& operator=(const Exchanger&) = delete;

    /// Runs on a thread of the pool; `done` is called on it, once. A full queue answers
    /// UNAVAILABLE at once, on the caller's thread.
    void exchange(Ticket ticket,
                  AllowList allow,
                  MaskRules mask,
                  Request request,
                  std::function<void(Exchange)> done);
    std::vector<AccountHealth> health() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace hub::egress
