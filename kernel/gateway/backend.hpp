// Backend: what the gateway needs of the hub behind it. The gateway speaks HTTP; the backend
// runs units, reads and callbacks. Implemented in kernel/app.
#pragma once

#include "base/json.hpp"
#include "security/sessions.hpp"

#include <hub/plugin.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hub::gateway {

/// That a route is going to end (RFC 9745, RFC 8594).
struct Deprecation {
    std::int64_t since_ms = 0;  // 0: not deprecated
    std::int64_t sunset_ms = 0; // 0: no end is set
    std::string link;           // what to read; may be empty
};

/// A body that is a file, not JSON.
struct UploadSpec {
    std::size_t bytes_max = 0;
    std::vector<std::string> media_types;
};

/// A route of a plugin's routes.json (sdk/ABI.md section 11), already checked.
struct Route {
    std::string library;
    std::string operation;
    std::string method;
    std::string path; // "/payments/{payment_id}", under /api/v1; of a page under the root
    enum class Mode { Unit, Read, Task } mode = Mode::Read;
    std::string scope; // "public": everybody may
    bool page = false; // for a person's browser: HTML out, a form in
    bool idempotent = false;
    base::Json title;   // {"en": …, "zh": …}
    base::Json query;   // name -> schema
    base::Json request; // schema; null: no body
    std::optional<UploadSpec> upload = {};
    std::size_t download_bytes_max = 0; // the answer is a file; 0: it is not
    base::Json answers;                 // status -> schema
    Deprecation deprecation;
};

/// A file of a plugin's web folder: "/static/<library>/<name>".
struct Asset {
    std::string path;
    std::string media_type;
    std::string bytes;
};

/// An event that a library publishes, as its events.json says (sdk/ABI.md section 14).
struct EventDescription {
    std::string publisher;
    std::string type;
    std::uint32_t version = 1;
    base::Json title; // {"en": …, "zh": …}
    std::string about;
    std::string key;
    base::Json payload; // schema
    base::Json examples;
};

/// A request that passed authentication, limits and the route's schema.
struct Request {
    const Route* route = nullptr;
    std::string payload; // JSON of sdk/ABI.md section 5, but for its session
    std::shared_ptr<const std::string> upload = {}; // the body of a route for files
    std::string principal;                          // "key:<id>", "person:<subject>" or "anonymous"
    security::SessionPtr session;                   // that the request came with; may be null
    bool keyless = false;                           // no API key made it: it may be given a session
    std::string trace;                              // 32 hex digits
    std::string body_digest;                        // SHA-256 of the raw body, hex
    std::string idempotency_key;
    std::string edition;
    std::int64_t deadline_ms = 0; // since 1970
};

struct Wait {
    hub_call_id call = 0;
    std::string operation; // of a read route of the same library
    base::Json path;
};

/// What goes to the client instead of JSON.
struct FileAnswer {
    std::string digest; // by which the plugin names it
    std::shared_ptr<const std::string> bytes;
    std::string media_type;
    std::string name;
};

/// `answer` is the JSON of sdk/ABI.md section 5 as the plugin gave it; for a refusal without
/// `problem`, for a stored replay and for failures of the hub the backend fills it in.
struct Reply {
    hub_status status = HUB_INTERNAL;
    base::Json answer;
    std::optional<Wait> wait;
    bool replayed = false;
    std::string session_token = {};      // of the session that was granted; empty: none
    bool session_ended = false;          // that the request came with, without a new one
    std::optional<base::Json> task = {}; // to be worked out before the answer is known
    std::optional<FileAnswer> file = {};
};

/// An inbound request of a provider.
struct Callback {
    std::string connector;
    std::string account;
    std::string token;
    std::string method;
    std::string path;
    std::string query;
    std::vector<std::pair<std::string, std::string>> headers; // names in lower case
    std::string body;
    std::string client_ip;
    std::string trace;
};

/// What to answer a provider.
struct CallbackReply {
    int http_status = 503;
    std::string media_type = "text/plain";
    std::string body;
};

struct Readiness {
    bool ready = false;
    base::Json detail; // per subsystem: {"store": "ok", …}
};

/// Thread-safe; every function may block its HTTP thread.
class Backend {
public:
    virtual ~Backend() = default;

    virtual std::vector<Route> routes() const = 0;
    virtual std::vector<Asset> assets() const = 0;
    virtual std::vector<EventDescription> events() const = 0;
    /// Runs a unit; returns after its commit. Idempotency is decided inside, in the lane: a
    /// stored answer is replayed, a parallel duplicate waits, another body is 409.
    virtual Reply write(const Request& request) = 0;
    virtual Reply read(const Request& request) = 0;
    /// Returns after the commit; throws base::Failure when the store is away. One that has ended
    /// already is well.
    virtual void endSession(const std::string& id) = 0;
    /// True when the call has an outcome that is not pending, false at the deadline (milliseconds
    /// since 1970).
    virtual bool awaitOutcome(hub_call_id call, std::int64_t deadline_ms) = 0;
    /// Reads, verifies and takes in; at most 5 s.
    virtual CallbackReply callback(const Callback& callback) = 0;
    /// Audited: refused before it came to the backend (unknown path, wrong token, too large).
    virtual void callbackRefused(const Callback& callback, const std::string& reason) = 0;
    virtual Readiness readiness() const = 0;
};

} // namespace hub::gateway
