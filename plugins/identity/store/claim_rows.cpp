#include "store/claim_rows.hpp"

#include <hub/person.hpp>

namespace identity {

namespace {

constexpr const char* kPhone = "phone";

constexpr std::string_view kColumns =
    "SELECT claim_id, edition, organization_id, social_credit_code, delegation_id, licence, phone, "
    "language, state, reason, decided_by, created_ms, decided_ms FROM identity_claim "
    "WHERE partition = 0 AND ";

} // namespace

Claim ClaimReadRows::readClaim(const hub::Row& row) const
{
    Claim claim;
    claim.claim_id = row.text(0);
    claim.edition = row.text(1);
    claim.organization_id = row.text(2);
    claim.social_credit_code = row.text(3);
    claim.delegation_id = row.text(4);
    claim.licence = row.text(5);
    if (!row.isNull(6)) {
        claim.phone =
            hub::person::open(snapshot_, claim.claim_id, kPhone, row.text(6)).value_or("");
    }
    claim.language = row.text(7);
    claim.state = row.text(8);
    claim.reason = row.text(9);
    claim.decided_by = row.text(10);
    claim.created_ms = row.integer(11);
    claim.decided_ms = row.integer(12);
    return claim;
}

std::optional<Claim> ClaimReadRows::claim(std::string_view claim_id) const
{
    std::optional<Claim> found;
    snapshot_.query(std::string(kColumns) + "claim_id = ?", {claim_id}, [&](const hub::Row& row) {
        found = readClaim(row);
    });
    return found;
}

std::vector<Claim> ClaimReadRows::claims(std::string_view edition,
                                         std::string_view state,
                                         std::string_view delegation_id,
                                         std::string_view after,
                                         std::int64_t limit) const
{
    std::vector<Claim> found;
    snapshot_.query(std::string(kColumns) +
                        "edition = ? AND state = ? AND (? = '' OR delegation_id = ?) "
                        "AND claim_id > ? ORDER BY claim_id LIMIT ?",
                    {edition, state, delegation_id, delegation_id, after, limit},
                    [&](const hub::Row& row) { found.push_back(readClaim(row)); });
    return found;
}

bool ClaimRows::isOpen(std::string_view organization_id, std::string_view phone) const
{
    const std::string index = hub::person::blindIndex(unit_, kPhone, phone);
    bool open = false;
    unit_.query("SELECT claim_id FROM identity_claim WHERE partition = 0 AND organization_id = ? "
                "AND phone_index = ? AND state = 'open'",
                {organization_id, hub::Blob{index}},
                [&](const hub::Row&) { open = true; });
    return open;
}

void ClaimRows::insert(const Claim& claim) const
{
    const std::string phone = hub::person::seal(unit_, claim.claim_id, kPhone, claim.phone);
    const std::string index = hub::person::blindIndex(unit_, kPhone, claim.phone);
    unit_.execute("INSERT INTO identity_claim (partition, claim_id, edition, organization_id, "
                  "social_credit_code, delegation_id, licence, phone, phone_index, language, "
                  "state, reason, decided_by, created_ms, decided_ms) "
                  "VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?, 0)",
                  {claim.claim_id,
                   claim.edition,
                   claim.organization_id,
                   claim.social_credit_code,
                   claim.delegation_id,
                   claim.licence,
                   hub::Blob{phone},
                   hub::Blob{index},
                   claim.language,
                   claim.state,
                   claim.created_ms});
}

void ClaimRows::decide(const Claim& claim) const
{
    unit_.execute("UPDATE identity_claim SET state = ?, reason = ?, decided_by = ?, "
                  "decided_ms = ? WHERE partition = 0 AND claim_id = ?",
                  {claim.state, claim.reason, claim.decided_by, claim.decided_ms, claim.claim_id});
}

void ClaimRows::voidOthers(std::string_view organization_id, std::int64_t now_ms) const
{
    unit_.execute("UPDATE identity_claim SET state = 'void', decided_ms = ? "
                  "WHERE partition = 0 AND organization_id = ? AND state = 'open'",
                  {now_ms, organization_id});
}

void ClaimRows::forgetPhones(std::int64_t before_ms) const
{
    unit_.execute("UPDATE identity_claim SET phone = NULL, phone_index = NULL "
                  "WHERE partition = 0 AND state <> 'open' AND decided_ms < ? "
                  "AND phone IS NOT NULL",
                  {before_ms});
}

} // namespace identity
