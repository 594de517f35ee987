// Sessions: people who are logged in. The table holds only a token's digest; all open sessions are
// in memory, too, so that a cookie costs no statement and a wrong one next to nothing.
#pragma once

#include "base/clock.hpp"
#include "store/connection.hpp"

#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hub::security {

struct Session {
    std::string id;      // UUIDv7
    std::string library; // that granted it
    std::string subject; // the library's own id of the person
    std::vector<std::string> scopes;
    std::string label;
    std::int64_t created_ms = 0;
    std::int64_t seen_ms = 0;
    std::int64_t expires_ms = 0;
    std::int64_t idle_ms = 0; // 0: ends only by `expires_ms`

    /// Exactly; there is no scope that holds all.
    bool holds(std::string_view scope) const;
    bool isOpenAt(std::int64_t now_ms) const noexcept;
};

using SessionPtr = std::shared_ptr<const Session>;

struct SessionWish {
    std::string library;
    std::string subject; // 1 to 255 bytes
    std::string scopes;  // JSON array of texts, at most 4 KiB
    std::string label;   // at most 255 bytes
    std::int64_t expires_ms = 0;
    std::int64_t idle_ms = 0;
    std::string replaces; // the id of a session that ends by this; may be empty
};

struct GrantedSession {
    std::string id;
    std::string token; // 64 hex digits; nobody can have it again
};

/// The transaction that a change is part of. What `on_commit` gets must run after its commit and
/// before anybody hears of it, and never when it is rolled back.
struct SessionChange {
    store::Connection& connection;
    std::int64_t now_ms = 0;
    std::function<void(std::function<void()>)> on_commit;
};

/// What the lane does runs on its thread; the others are thread-safe.
class Sessions {
public:
    static constexpr std::size_t kSubjectBytesMax = 255;
    static constexpr std::size_t kScopesBytesMax = 4096;
    static constexpr std::size_t kLabelBytesMax = 255;
    static constexpr std::int64_t kLifeMsMax = std::int64_t{90} * 24 * 3600 * 1000;
    /// How old the row's `seen_ms` may be.
    static constexpr std::int64_t kSeenMs = 60'000;
    /// How long the rows of ended sessions stay.
    static constexpr std::int64_t kKeptMs = std::int64_t{30} * 24 * 3600 * 1000;

    /// `key` is the hub's own: cross-site tokens are made with it. Of one subject at most
    /// `per_subject_max` sessions are open; a further one ends the oldest.
    Sessions(const base::Clock& clock, std::string key, std::size_t per_subject_max);

    /// What the store says; for the start, and when the end of a commit was not known.
    void load(store::Connection& connection);

    /// NULL for a token of no open session. Counts as a request of the session.
    SessionPtr find(std::string_view token);
    /// 64 hex digits that only the holder of the token can be told.
    std::string csrfToken(std::string_view token) const;
    std::size_t size() const;

    /// [lane] HUB_BAD_REQUEST: a member breaks its limit.
    Result<GrantedSession> grant(const SessionChange& change, const SessionWish& wish);
    /// [lane] HUB_NOT_FOUND: the library has no such open session · HUB_BAD_REQUEST.
    Result<void> rescope(const SessionChange& change,
                         std::string_view library,
                         std::string_view id,
                         std::string_view scopes);
    /// [lane] An empty library: whoever granted it. HUB_NOT_FOUND.
    Result<void> end(const SessionChange& change, std::string_view library, std::string_view id);
    /// [lane] The ids of those that it ended.
    std::vector<std::string> endAll(const SessionChange& change,
                                    std::string_view library,
                                    std::string_view subject,
                                    std::string_view except);
    /// The subject's open sessions, the newest first. An empty library or subject: any.
    std::vector<Session> list(store::Connection& connection,
                              std::int64_t now_ms,
                              std::string_view library,
                              std::string_view subject,
                              std::size_t limit) const;
    /// As it stands in this transaction; nothing when it has ended.
    std::optional<Session>
    current(store::Connection& connection, std::int64_t now_ms, std::string_view id) const;

    /// [lane] Writes when sessions were seen and that they have run out, at most `limit` rows;
    /// returns how many. Called once a minute until it is 0.
    std::size_t flush(const SessionChange& change, std::size_t limit);
    /// Forgets the memory of sessions that nobody asks for any more; part of them each time.
    void sweep();
    /// [lane] Removes rows of sessions that ended long ago; returns how many.
    static std::size_t prune(store::Connection& connection, std::int64_t now_ms, std::size_t limit);

private:
    struct Held {
        SessionPtr session;
        std::int64_t seen_ms = 0;
        std::int64_t written_ms = 0; // the row's seen_ms
    };
    using ByDigest = std::map<std::string, Held, std::less<>>;

    std::int64_t seenMs(std::string_view id, std::int64_t otherwise) const;
    Session read(const store::Statement& row) const;
    void writeEnd(const SessionChange& change, const std::string& id);
    void keep(const std::string& digest, Session session);
    void forget(const std::string& id);
    /// With the mutex held.
    void runOut(ByDigest::iterator held);

    const base::Clock& clock_;
    std::string key_;
    std::size_t per_subject_max_;
    mutable std::mutex mutex_;
    ByDigest held_;
    std::unordered_map<std::string, std::string> digests_; // by id
    std::set<std::string> seen_;                           // digests whose row is behind
    std::set<std::string> run_out_;                        // ids whose end is not written yet
    std::string swept_to_;
};

} // namespace hub::security
