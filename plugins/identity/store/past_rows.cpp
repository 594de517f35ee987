#include "store/past_rows.hpp"

#include "store/account_key.hpp"

#include <hub/person.hpp>

#include <identifiers/email.hpp>

namespace identity {

namespace {

constexpr std::string_view kColumns =
    "SELECT past_verification_id, token_digest, edition, past_organization_id, past_edition, way, "
    "organization_id, created_ms FROM identity_past_verification WHERE partition = 0 AND ";

constexpr std::string_view kPastLogins =
    "SELECT organization_id, edition, password FROM identity_login "
    "WHERE partition = 0 AND account_index = ? AND state = 'archived' AND edition <> ? "
    "AND organization_id <> '' ";

PastVerification readVerification(const hub::Row& row)
{
    return {row.text(0),
            row.text(1),
            row.text(2),
            row.text(3),
            row.text(4),
            row.text(5),
            row.text(6),
            row.integer(7)};
}

} // namespace

std::optional<PastVerification>
PastReadRows::verification(std::string_view past_verification_id) const
{
    std::optional<PastVerification> found;
    snapshot_.query(std::string(kColumns) + "past_verification_id = ?",
                    {past_verification_id},
                    [&](const hub::Row& row) { found = readVerification(row); });
    return found;
}

std::optional<PastVerification> PastReadRows::verificationOf(std::string_view organization_id) const
{
    std::optional<PastVerification> found;
    snapshot_.query(std::string(kColumns) + "organization_id = ? AND organization_id <> ''",
                    {organization_id},
                    [&](const hub::Row& row) { found = readVerification(row); });
    return found;
}

std::optional<PastLogin> PastRows::login(std::string_view edition, std::string_view account) const
{
    const std::string index = hub::person::blindIndex(unit_, "account", accountKey(account));
    std::optional<PastLogin> found;
    unit_.query(std::string(kPastLogins) +
                    "ORDER BY CASE WHEN password = '' THEN 1 ELSE 0 END, created_ms DESC LIMIT 1",
                {hub::Blob{index}, edition},
                [&](const hub::Row& row) {
                    found = {row.text(0), row.text(1), row.text(2)};
                });
    return found;
}

std::optional<PastLogin>
PastRows::login(std::string_view edition, std::string_view account, const Proof& proof) const
{
    const bool is_mail = proof.channel == "mail";
    const std::string key = is_mail ? identifiers::emailKey(proof.recipient) : proof.recipient;
    const std::string index = hub::person::blindIndex(unit_, "account", accountKey(account));
    const std::string contact = hub::person::blindIndex(unit_, is_mail ? "mail" : "phone", key);
    std::optional<PastLogin> found;
    unit_.query(std::string(kPastLogins) +
                    (is_mail ? "AND mail_index = ? " : "AND phone_index = ? ") +
                    "ORDER BY created_ms DESC LIMIT 1",
                {hub::Blob{index}, edition, hub::Blob{contact}},
                [&](const hub::Row& row) {
                    found = {row.text(0), row.text(1), row.text(2)};
                });
    return key.empty() ? std::nullopt : found;
}

void PastRows::insert(const PastVerification& verification) const
{
    unit_.execute("INSERT INTO identity_past_verification (partition, past_verification_id, "
                  "token_digest, edition, past_organization_id, past_edition, way, "
                  "organization_id, created_ms) VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?)",
                  {verification.past_verification_id,
                   verification.token_digest,
                   verification.edition,
                   verification.past_organization_id,
                   verification.past_edition,
                   verification.way,
                   verification.organization_id,
                   verification.created_ms});
}

void PastRows::use(const PastVerification& verification, std::string_view organization_id) const
{
    unit_.execute("UPDATE identity_past_verification SET organization_id = ? "
                  "WHERE partition = 0 AND past_verification_id = ?",
                  {organization_id, verification.past_verification_id});
}

void PastRows::forgetUnused(std::int64_t before_ms) const
{
    unit_.execute("DELETE FROM identity_past_verification "
                  "WHERE partition = 0 AND organization_id = '' AND created_ms < ?",
                  {before_ms});
}

} // namespace identity
