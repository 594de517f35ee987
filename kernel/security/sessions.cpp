#include "security/sessions.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"
#include "security/symmetric.hpp"

#include <algorithm>
#include <utility>

namespace hub::security {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kScopeBytesMax = 255;
constexpr std::size_t kSweepMax = 10'000;

constexpr const char* kColumns = "SELECT id, library, subject, scopes, label, created_ms, seen_ms, "
                                 "expires_ms, idle_ms FROM hub_session ";

/// The token is 32 random bytes: there is nothing to guess, so one pass of SHA-256 is enough.
std::string digestOf(std::string_view token)
{
    return base::sha256Hex("expohub session:" + std::string(token));
}

bool isToken(std::string_view text) noexcept
{
    return text.size() == 2 * kTokenBytes && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<std::vector<std::string>> parseScopes(std::string_view json)
{
    const Error refused{HUB_BAD_REQUEST,
                        "the scopes of a session must be a JSON array of texts of 1 to 255 bytes, "
                        "together at most 4 KiB"};
    if (json.size() > Sessions::kScopesBytesMax) {
        return refused;
    }
    const auto parsed = base::parseJson(json);
    if (!parsed.ok() || !parsed.value().is_array()) {
        return refused;
    }
    std::vector<std::string> scopes;
    for (const base::Json& scope : parsed.value()) {
        if (!scope.is_string()) {
            return refused;
        }
        scopes.push_back(scope.get<std::string>());
        if (scopes.back().empty() || scopes.back().size() > kScopeBytesMax) {
            return refused;
        }
    }
    return scopes;
}

/// Empty when the wish keeps all limits.
std::string refusalOf(const SessionWish& wish, std::int64_t now_ms)
{
    if (wish.subject.empty() || wish.subject.size() > Sessions::kSubjectBytesMax ||
        !base::isUtf8(wish.subject)) {
        return "the subject of a session must have 1 to 255 bytes of UTF-8";
    }
    if (wish.label.size() > Sessions::kLabelBytesMax || !base::isUtf8(wish.label)) {
        return "the label of a session may have at most 255 bytes of UTF-8";
    }
    if (wish.expires_ms <= now_ms || wish.expires_ms > now_ms + Sessions::kLifeMsMax) {
        return "a session must expire in the future, at most 90 days away";
    }
    return wish.idle_ms < 0 ? "the idle time of a session can't be negative" : "";
}

} // namespace

bool Session::holds(std::string_view scope) const
{
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

bool Session::isOpenAt(std::int64_t now_ms) const noexcept
{
    return now_ms < expires_ms && (idle_ms == 0 || now_ms - seen_ms < idle_ms);
}

Sessions::Sessions(const base::Clock& clock, std::string key, std::size_t per_subject_max)
    : clock_(clock)
    , key_(std::move(key))
    , per_subject_max_(per_subject_max)
{}

Session Sessions::read(const store::Statement& row) const
{
    Session session;
    session.id = row.text(0);
    session.library = row.text(1);
    session.subject = row.text(2);
    auto scopes = parseScopes(row.bytes(3));
    if (!scopes.ok()) {
        throw base::Failure(
            HUB_INTERNAL, "session {}: its scopes in the store are no JSON list", session.id);
    }
    session.scopes = std::move(scopes).value();
    session.label = row.text(4);
    session.created_ms = row.integer(5);
    session.seen_ms = seenMs(session.id, row.integer(6));
    session.expires_ms = row.integer(7);
    session.idle_ms = row.integer(8);
    return session;
}

/// Memory is up to a minute ahead of the row.
std::int64_t Sessions::seenMs(std::string_view id, std::int64_t otherwise) const
{
    const std::lock_guard lock(mutex_);
    const auto digest = digests_.find(std::string(id));
    const auto held = digest == digests_.end() ? held_.end() : held_.find(digest->second);
    return held == held_.end() ? otherwise : held->second.seen_ms;
}

void Sessions::load(store::Connection& connection)
{
    ByDigest loaded;
    std::unordered_map<std::string, std::string> digests;
    auto& row = connection.prepare(
        "SELECT id, library, subject, scopes, label, created_ms, seen_ms, expires_ms, idle_ms, "
        "digest FROM hub_session WHERE ended_ms IS NULL");
    const std::int64_t now_ms = clock_.nowMs();
    while (row.step()) {
        Session session = read(row);
        const std::int64_t written_ms = row.integer(6);
        if (!session.isOpenAt(now_ms)) {
            continue;
        }
        const std::string digest = row.text(9);
        digests.emplace(session.id, digest);
        const std::int64_t seen_ms = session.seen_ms;
        loaded.emplace(
            digest, Held{std::make_shared<const Session>(std::move(session)), seen_ms, written_ms});
    }
    const std::lock_guard lock(mutex_);
    // One that ran out in memory stays ended, whatever the clock says now.
    for (const std::string& id : run_out_) {
        if (const auto digest = digests.find(id); digest != digests.end()) {
            loaded.erase(digest->second);
            digests.erase(digest);
        }
    }
    held_ = std::move(loaded);
    digests_ = std::move(digests);
    seen_.clear(); // put there again by the next request
}

SessionPtr Sessions::find(std::string_view token)
{
    if (!isToken(token)) {
        return nullptr;
    }
    const std::string digest = digestOf(token);
    const std::int64_t now_ms = clock_.nowMs();
    const std::lock_guard lock(mutex_);
    const auto found = held_.find(digest);
    if (found == held_.end()) {
        return nullptr;
    }
    Held& held = found->second;
    const Session& session = *held.session;
    const bool idle = session.idle_ms != 0 && now_ms - held.seen_ms >= session.idle_ms;
    if (now_ms >= session.expires_ms || idle) {
        runOut(found);
        return nullptr;
    }
    held.seen_ms = now_ms;
    if (now_ms - held.written_ms >= kSeenMs) {
        seen_.insert(digest);
    }
    return held.session;
}

void Sessions::runOut(ByDigest::iterator held)
{
    run_out_.insert(held->second.session->id);
    digests_.erase(held->second.session->id);
    seen_.erase(held->first);
    held_.erase(held);
}

std::string Sessions::csrfToken(std::string_view token) const
{
    const auto mac = hmacBytes("hmac_sha256", key_, "expohub csrf:" + std::string(token));
    if (!mac.ok()) {
        throw base::Failure(mac.error().code, "{}", mac.error().message);
    }
    return base::toHex(mac.value());
}

std::size_t Sessions::size() const
{
    const std::lock_guard lock(mutex_);
    return held_.size();
}

void Sessions::keep(const std::string& digest, Session session)
{
    const std::lock_guard lock(mutex_);
    digests_.insert_or_assign(session.id, digest);
    const std::int64_t seen_ms = session.seen_ms;
    held_.insert_or_assign(
        digest, Held{std::make_shared<const Session>(std::move(session)), seen_ms, seen_ms});
}

void Sessions::forget(const std::string& id)
{
    const std::lock_guard lock(mutex_);
    if (const auto digest = digests_.find(id); digest != digests_.end()) {
        seen_.erase(digest->second);
        held_.erase(digest->second);
        digests_.erase(digest);
    }
}

Result<GrantedSession> Sessions::grant(const SessionChange& change, const SessionWish& wish)
{
    if (const std::string refusal = refusalOf(wish, change.now_ms); !refusal.empty()) {
        return Error{HUB_BAD_REQUEST, refusal};
    }
    auto scopes = parseScopes(wish.scopes);
    if (!scopes.ok()) {
        return scopes.error();
    }
    if (!wish.replaces.empty()) {
        (void)end(change, "", wish.replaces); // it may have ended by itself
    }
    const auto open = list(change.connection, change.now_ms, wish.library, wish.subject, SIZE_MAX);
    for (std::size_t i = per_subject_max_ - 1; i < open.size(); ++i) {
        writeEnd(change, open[i].id);
    }
    GrantedSession granted{base::makeUuidV7(change.now_ms),
                           base::toHex(base::randomBytes(kTokenBytes))};
    const std::string digest = digestOf(granted.token);
    change.connection
        .prepare("INSERT INTO hub_session (partition, id, digest, library, subject, scopes, label, "
                 "created_ms, seen_ms, expires_ms, idle_ms) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bindText(1, granted.id)
        .bindText(2, digest)
        .bindText(3, wish.library)
        .bindText(4, wish.subject)
        .bindText(5, wish.scopes)
        .bindText(6, wish.label)
        .bind(7, change.now_ms)
        .bind(8, change.now_ms)
        .bind(9, wish.expires_ms)
        .bind(10, wish.idle_ms)
        .run();
    Session session{granted.id,
                    wish.library,
                    wish.subject,
                    std::move(scopes).value(),
                    wish.label,
                    change.now_ms,
                    change.now_ms,
                    wish.expires_ms,
                    wish.idle_ms};
    change.on_commit([this, digest, session] { keep(digest, session); });
    return granted;
}

Result<void> Sessions::rescope(const SessionChange& change,
                               std::string_view library,
                               std::string_view id,
                               std::string_view scopes)
{
    auto parsed = parseScopes(scopes);
    if (!parsed.ok()) {
        return parsed.error();
    }
    const auto session = current(change.connection, change.now_ms, id);
    if (!session || session->library != library) {
        return Error{HUB_NOT_FOUND, "there is no such open session"};
    }
    change.connection.prepare("UPDATE hub_session SET scopes = ? WHERE partition = 0 AND id = ?")
        .bindText(1, scopes)
        .bindText(2, id)
        .run();
    change.on_commit([this, id = session->id, scopes = std::move(parsed).value()] {
        const std::lock_guard lock(mutex_);
        const auto digest = digests_.find(id);
        if (digest == digests_.end()) {
            return;
        }
        Held& held = held_.at(digest->second);
        Session changed = *held.session;
        changed.scopes = scopes;
        held.session = std::make_shared<const Session>(std::move(changed));
    });
    return {};
}

Result<void>
Sessions::end(const SessionChange& change, std::string_view library, std::string_view id)
{
    const auto session = current(change.connection, change.now_ms, id);
    if (!session || (!library.empty() && session->library != library)) {
        return Error{HUB_NOT_FOUND, "there is no such open session"};
    }
    writeEnd(change, session->id);
    return {};
}

std::vector<std::string> Sessions::endAll(const SessionChange& change,
                                          std::string_view library,
                                          std::string_view subject,
                                          std::string_view except)
{
    std::vector<std::string> ended;
    for (const Session& session :
         list(change.connection, change.now_ms, library, subject, SIZE_MAX)) {
        if (session.id != except) {
            writeEnd(change, session.id);
            ended.push_back(session.id);
        }
    }
    return ended;
}

void Sessions::writeEnd(const SessionChange& change, const std::string& id)
{
    change.connection
        .prepare("UPDATE hub_session SET ended_ms = ? WHERE partition = 0 AND id = ? "
                 "AND ended_ms IS NULL")
        .bind(1, change.now_ms)
        .bindText(2, id)
        .run();
    change.on_commit([this, id] { forget(id); });
}

std::vector<Session> Sessions::list(store::Connection& connection,
                                    std::int64_t now_ms,
                                    std::string_view library,
                                    std::string_view subject,
                                    std::size_t limit) const
{
    const bool by_subject = !library.empty() && !subject.empty();
    std::string sql = kColumns;
    sql += by_subject ? "WHERE library = ? AND subject = ? AND ended_ms IS NULL "
                      : "WHERE ended_ms IS NULL ";
    auto& row = connection.prepare(sql.append("ORDER BY created_ms DESC, id DESC"));
    if (by_subject) {
        row.bindText(1, library).bindText(2, subject);
    }
    std::vector<Session> sessions;
    // To its end: an open statement would keep the savepoint from being released.
    while (row.step()) {
        Session session = read(row);
        if (sessions.size() < limit && (library.empty() || session.library == library) &&
            (subject.empty() || session.subject == subject) && session.isOpenAt(now_ms)) {
            sessions.push_back(std::move(session));
        }
    }
    return sessions;
}

std::optional<Session>
Sessions::current(store::Connection& connection, std::int64_t now_ms, std::string_view id) const
{
    std::string sql = kColumns;
    sql += "WHERE partition = 0 AND id = ? AND ended_ms IS NULL";
    auto& row = connection.prepare(sql);
    row.bindText(1, id);
    std::optional<Session> session;
    while (row.step()) {
        session = read(row);
    }
    if (session && !session->isOpenAt(now_ms)) {
        session.reset();
    }
    return session;
}

std::size_t Sessions::flush(const SessionChange& change, std::size_t limit)
{
    std::vector<std::string> ended;
    std::vector<std::pair<std::string, std::int64_t>> seen; // digest and time
    {
        const std::lock_guard lock(mutex_);
        for (auto id = run_out_.begin(); id != run_out_.end() && ended.size() < limit; ++id) {
            ended.push_back(*id);
        }
        for (auto digest = seen_.begin();
             digest != seen_.end() && ended.size() + seen.size() < limit;
             ++digest) {
            seen.emplace_back(*digest, held_.at(*digest).seen_ms);
        }
    }
    for (const std::string& id : ended) {
        writeEnd(change, id);
    }
    for (const auto& [digest, seen_ms] : seen) {
        change.connection
            .prepare("UPDATE hub_session SET seen_ms = ? WHERE digest = ? AND ended_ms IS NULL")
            .bind(1, seen_ms)
            .bindText(2, digest)
            .run();
    }
    change.on_commit([this, ended, seen] {
        const std::lock_guard lock(mutex_);
        for (const std::string& id : ended) {
            run_out_.erase(id);
        }
        for (const auto& [digest, seen_ms] : seen) {
            seen_.erase(digest);
            if (const auto held = held_.find(digest); held != held_.end()) {
                held->second.written_ms = seen_ms;
            }
        }
    });
    return ended.size() + seen.size();
}

void Sessions::sweep()
{
    const std::int64_t now_ms = clock_.nowMs();
    const std::lock_guard lock(mutex_);
    auto held = held_.upper_bound(swept_to_);
    for (std::size_t i = 0; i < kSweepMax && held != held_.end(); ++i) {
        const auto next = std::next(held);
        const Session& session = *held->second.session;
        const bool idle = session.idle_ms != 0 && now_ms - held->second.seen_ms >= session.idle_ms;
        swept_to_ = held->first;
        if (now_ms >= session.expires_ms || idle) {
            runOut(held);
        }
        held = next;
    }
    if (held == held_.end()) {
        swept_to_.clear();
    }
}

std::size_t Sessions::prune(store::Connection& connection, std::int64_t now_ms, std::size_t limit)
{
    const std::int64_t before_ms = now_ms - kKeptMs;
    // What ended so long ago began before that, and ids sort by their time: younger rows are not
    // read.
    auto& row = connection.prepare("SELECT id FROM hub_session WHERE partition = 0 AND id < ? "
                                   "AND (ended_ms < ? OR expires_ms < ?) ORDER BY id LIMIT ?");
    row.bindText(1, base::makeUuidV7(before_ms))
        .bind(2, before_ms)
        .bind(3, before_ms)
        .bind(4, static_cast<std::int64_t>(limit));
    std::vector<std::string> ids;
    while (row.step()) {
        ids.push_back(row.text(0));
    }
    for (const std::string& id : ids) {
        connection.prepare("DELETE FROM hub_session WHERE partition = 0 AND id = ?")
            .bindText(1, id)
            .run();
    }
    return ids.size();
}

} // namespace hub::security
