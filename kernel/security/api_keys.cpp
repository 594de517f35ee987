#include "security/api_keys.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/json.hpp"
#include "base/uuid.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hub::security {

namespace {

constexpr std::string_view kPrefix = "ehk_";
constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSecretDigits = 64;

/// The secret is 32 random bytes: there is nothing to guess, so one pass of SHA-256 is enough.
std::string digestOf(std::string_view id, std::string_view secret)
{
    return base::sha256Hex("expohub api key:" + std::string(id) + ":" + std::string(secret));
}

struct Token {
    std::string_view id;
    std::string_view secret;
};

std::optional<Token> parseToken(std::string_view text)
{
    if (text.size() != kPrefix.size() + kIdDigits + 1 + kSecretDigits ||
        !text.starts_with(kPrefix) || text[kPrefix.size() + kIdDigits] != '_') {
        return std::nullopt;
    }
    text.remove_prefix(kPrefix.size());
    return Token{text.substr(0, kIdDigits), text.substr(kIdDigits + 1)};
}

bool isScope(std::string_view scope) noexcept
{
    if (scope == "*") {
        return true;
    }
    const std::size_t colon = scope.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == scope.size()) {
        return false;
    }
    return std::count(scope.begin(), scope.end(), ':') == 1 &&
           std::all_of(scope.begin(), scope.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
           });
}

std::vector<std::string> readScopes(const std::string& id, std::string_view text)
{
    const auto parsed = base::parseJson(text);
    std::vector<std::string> scopes;
    bool good = parsed.ok() && parsed.value().is_array();
    if (good) {
        for (const base::Json& scope : parsed.value()) {
            good = good && scope.is_string();
            if (good) {
                scopes.push_back(scope.get<std::string>());
            }
        }
    }
    if (!good) {
        throw base::Failure(
            HUB_INTERNAL, "api key {}: its scopes in the store are no JSON list", id);
    }
    return scopes;
}

} // namespace

bool ApiKey::allows(std::string_view scope) const
{
    return std::any_of(scopes.begin(), scopes.end(), [&](const std::string& held) {
        return held == "*" || held == scope;
    });
}

ApiKeys::ApiKeys(const base::Clock& clock)
    : clock_(clock)
{}

void ApiKeys::load(store::Connection& connection)
{
    std::map<std::string, Stored, std::less<>> loaded;
    auto& row = connection.prepare(
        "SELECT id, holder, scopes, digest, created_ms, expires_ms, revoked_ms FROM hub_api_key");
    while (row.step()) {
        Stored stored;
        stored.key.id = row.text(0);
        stored.key.holder = row.text(1);
        stored.key.scopes = readScopes(stored.key.id, row.bytes(2));
        stored.digest = row.text(3);
        stored.key.created_ms = row.integer(4);
        stored.key.expires_ms = row.integer(5);
        stored.key.revoked = row.type(6) != store::ValueType::Null;
        loaded.emplace(stored.key.id, std::move(stored));
    }
    const std::lock_guard lock(mutex_);
    keys_ = std::move(loaded);
}

std::string ApiKeys::create(store::Connection& connection,
                            const std::string& holder,
                            const std::vector<std::string>& scopes,
                            std::int64_t expires_ms)
{
    if (holder.empty()) {
        throw base::Failure(HUB_BAD_REQUEST,
                            "an API key needs a holder: name a person or a system");
    }
    if (scopes.empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "the API key of \"{}\" would have no scope", holder);
    }
    for (const std::string& scope : scopes) {
        if (!isScope(scope)) {
            throw base::Failure(
                HUB_BAD_REQUEST,
                "\"{}\" is no scope: write `subject:verb`, as `payments:write`, or `*`",
                scope);
        }
    }
    const std::string id = base::toHex(base::randomBytes(kIdDigits / 2));
    const std::string secret = base::toHex(base::randomBytes(kSecretDigits / 2));
    auto& row =
        connection.prepare("INSERT INTO hub_api_key (id, holder, scopes, digest, created_ms, "
                           "expires_ms) VALUES (?, ?, ?, ?, ?, ?)");
    row.bindText(1, id)
        .bindText(2, holder)
        .bindText(3, base::Json(scopes).dump())
        .bindText(4, digestOf(id, secret))
        .bind(5, clock_.nowMs());
    if (expires_ms == 0) {
        row.bindNull(6);
    } else {
        row.bind(6, expires_ms);
    }
    row.run();
    return std::string(kPrefix) + id + "_" + secret;
}

bool ApiKeys::revoke(store::Connection& connection, const std::string& id)
{
    return connection
               .prepare("UPDATE hub_api_key SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL")
               .bind(1, clock_.nowMs())
               .bindText(2, id)
               .run() > 0;
}

Result<ApiKey> ApiKeys::authenticate(std::string_view token) const
{
    const Error unknown{HUB_UNAUTHENTICATED, "the API key is not known; ask an operator for one"};
    const auto parsed = parseToken(token);
    if (!parsed) {
        return unknown;
    }
    const std::string digest = digestOf(parsed->id, parsed->secret);
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(parsed->id);
    if (found == keys_.end() || !base::equalConstantTime(found->second.digest, digest)) {
        return unknown;
    }
    const ApiKey& key = found->second.key;
    if (key.revoked) {
        return Error{HUB_UNAUTHENTICATED, "the API key was revoked; ask an operator for a new one"};
    }
    if (key.expires_ms != 0 && key.expires_ms <= clock_.nowMs()) {
        return Error{HUB_UNAUTHENTICATED, "the API key has expired; ask an operator for a new one"};
    }
    return key;
}

std::vector<ApiKey> ApiKeys::list() const
{
    const std::lock_guard lock(mutex_);
    std::vector<ApiKey> keys;
    for (const auto& [id, stored] : keys_) {
        keys.push_back(stored.key);
    }
    return keys;
}

} // namespace hub::security
