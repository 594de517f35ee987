#include "store/verification_rows.hpp"

namespace messaging {

namespace {

const std::string kColumns =
    "verification_id, message_id, channel, purpose, language, recipient_index, client_index,"
    " state, tries, salt, code_hash, proof_hash, created_ms, expires_ms, confirmed_ms";

Verification toVerification(const hub::Row& row)
{
    Verification verification;
    verification.verification_id = row.text(0);
    verification.message_id = row.text(1);
    verification.channel = row.text(2);
    verification.purpose = row.text(3);
    verification.language = row.text(4);
    verification.recipient_index = row.text(5);
    verification.client_index = row.text(6);
    verification.state = parseVerificationState(row.text(7));
    verification.tries = row.integer(8);
    verification.salt = row.text(9);
    verification.code_hash = row.text(10);
    verification.proof_hash = row.text(11);
    verification.created_ms = row.integer(12);
    verification.expires_ms = row.integer(13);
    verification.confirmed_ms = row.integer(14);
    return verification;
}

} // namespace

std::vector<Verification>
VerificationRows::select(const std::string& where,
                         std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Verification> found;
    snapshot_.query("SELECT " + kColumns + " FROM messaging_verification WHERE partition = 0 AND " +
                        where,
                    parameters,
                    [&](const hub::Row& row) { found.push_back(toVerification(row)); });
    return found;
}

std::optional<Verification> VerificationRows::find(const std::string& verification_id) const
{
    const auto found = select("verification_id = ?", {verification_id});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<Verification> VerificationRows::ofMessage(const std::string& message_id) const
{
    const auto found = select("message_id = ?", {message_id});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Verification> VerificationRows::open(const std::string& recipient_index,
                                                 const std::string& purpose) const
{
    return select("recipient_index = ? AND purpose = ? AND state = 'open'",
                  {hub::Blob{recipient_index}, purpose});
}

void VerificationRows::insert(const Verification& verification) const
{
    snapshot_.execute("INSERT INTO messaging_verification (partition, " + kColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {verification.verification_id,
                       verification.message_id,
                       verification.channel,
                       verification.purpose,
                       verification.language,
                       hub::Blob{verification.recipient_index},
                       hub::Blob{verification.client_index},
                       toText(verification.state),
                       verification.tries,
                       hub::Blob{verification.salt},
                       hub::Blob{verification.code_hash},
                       hub::Blob{verification.proof_hash},
                       verification.created_ms,
                       verification.expires_ms,
                       verification.confirmed_ms});
}

void VerificationRows::save(const Verification& verification) const
{
    snapshot_.execute("UPDATE messaging_verification SET state = ?, tries = ?, salt = ?,"
                      " code_hash = ?, proof_hash = ?, confirmed_ms = ?"
                      " WHERE partition = 0 AND verification_id = ?",
                      {toText(verification.state),
                       verification.tries,
                       hub::Blob{verification.salt},
                       hub::Blob{verification.code_hash},
                       hub::Blob{verification.proof_hash},
                       verification.confirmed_ms,
                       verification.verification_id});
}

std::vector<std::int64_t> VerificationRows::times(const std::string& column,
                                                  const std::string& index,
                                                  std::int64_t since_ms) const
{
    std::vector<std::int64_t> found;
    snapshot_.query("SELECT created_ms FROM messaging_verification WHERE partition = 0 AND " +
                        column + " = ? AND created_ms > ? ORDER BY created_ms DESC",
                    {hub::Blob{index}, since_ms},
                    [&](const hub::Row& row) { found.push_back(row.integer(0)); });
    return found;
}

std::vector<std::int64_t> VerificationRows::timesOfRecipient(const std::string& recipient_index,
                                                             std::int64_t since_ms) const
{
    return times("recipient_index", recipient_index, since_ms);
}

std::vector<std::int64_t> VerificationRows::timesOfClient(const std::string& client_index,
                                                          std::int64_t since_ms) const
{
    return times("client_index", client_index, since_ms);
}

std::int64_t VerificationRows::purge(std::int64_t before_ms, std::int64_t limit) const
{
    return snapshot_.execute(
        "DELETE FROM messaging_verification WHERE partition = 0 AND verification_id IN"
        " (SELECT verification_id FROM messaging_verification"
        " WHERE partition = 0 AND created_ms < ? LIMIT ?)",
        {before_ms, limit});
}

} // namespace messaging
