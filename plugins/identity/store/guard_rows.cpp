#include "store/guard_rows.hpp"

#include "domain/digest.hpp"
#include "domain/network.hpp"
#include "store/account_key.hpp"

#include <hub/person.hpp>

namespace identity {

Subject GuardRows::account(std::string_view kind, std::string_view account) const
{
    return {std::string(kind), hub::person::blindIndex(unit_, "account", accountKey(account))};
}

Subject GuardRows::network(const std::string& client_ip) const
{
    return {"network", hub::person::blindIndex(unit_, "network", networkOf(client_ip))};
}

Tries GuardRows::tries(const Subject& subject) const
{
    Tries tries;
    unit_.query("SELECT failures, locks, locked_until_ms, last_ms FROM identity_try "
                "WHERE partition = 0 AND kind = ? AND subject_index = ?",
                {subject.kind, hub::Blob{subject.index}},
                [&](const hub::Row& row) {
                    tries = {{row.integer(0), row.integer(1), row.integer(2)}, row.integer(3)};
                });
    return tries;
}

void GuardRows::setTries(const Subject& subject, const Tries& tries) const
{
    unit_.execute("DELETE FROM identity_try "
                  "WHERE partition = 0 AND kind = ? AND subject_index = ?",
                  {subject.kind, hub::Blob{subject.index}});
    if (tries.lockout == Lockout{}) {
        return;
    }
    unit_.execute("INSERT INTO identity_try (partition, kind, subject_index, failures, locks, "
                  "locked_until_ms, last_ms) VALUES (0, ?, ?, ?, ?, ?, ?)",
                  {subject.kind,
                   hub::Blob{subject.index},
                   tries.lockout.failures,
                   tries.lockout.locks,
                   tries.lockout.locked_until_ms,
                   tries.last_ms});
}

void GuardRows::forgetTries(std::int64_t before_ms) const
{
    unit_.execute("DELETE FROM identity_try WHERE partition = 0 AND last_ms < ?", {before_ms});
}

void GuardRows::insertCaptcha(std::string_view captcha_id,
                              std::string_view text,
                              const Subject& network) const
{
    unit_.execute(
        "INSERT INTO identity_captcha (partition, captcha_id, answer_digest, "
        "network_index, is_used, created_ms) VALUES (0, ?, ?, ?, 0, ?)",
        {captcha_id, answerDigest(captcha_id, text), hub::Blob{network.index}, unit_.nowMs()});
}

std::int64_t GuardRows::countCaptchas(const Subject& network, std::int64_t since_ms) const
{
    std::int64_t count = 0;
    unit_.query("SELECT COUNT(*) FROM identity_captcha "
                "WHERE partition = 0 AND network_index = ? AND created_ms > ?",
                {hub::Blob{network.index}, since_ms},
                [&](const hub::Row& row) { count = row.integer(0); });
    return count;
}

bool GuardRows::useCaptcha(std::string_view captcha_id,
                           std::string_view text,
                           std::int64_t since_ms) const
{
    std::string digest;
    unit_.query("SELECT answer_digest FROM identity_captcha "
                "WHERE partition = 0 AND captcha_id = ? AND is_used = 0 AND created_ms > ?",
                {captcha_id, since_ms},
                [&](const hub::Row& row) { digest = row.text(0); });
    unit_.execute("UPDATE identity_captcha SET is_used = 1 WHERE partition = 0 AND captcha_id = ?",
                  {captcha_id});
    return !digest.empty() && isSame(digest, answerDigest(captcha_id, text));
}

void GuardRows::forgetCaptchas(std::int64_t before_ms) const
{
    unit_.execute("DELETE FROM identity_captcha WHERE partition = 0 AND created_ms < ?",
                  {before_ms});
}

std::string GuardRows::answerDigest(std::string_view captcha_id, std::string_view text) const
{
    return toHex(hub::person::blindIndex(
        unit_, "captcha", std::string(captcha_id) + ":" + std::string(text)));
}

} // namespace identity
