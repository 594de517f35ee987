#include "store/message_rows.hpp"

#include "store/statements.hpp"

namespace messaging {

namespace {

const std::string kColumns =
    "message_id, edition, kind, channel, template, template_version, language, variables,"
    " organization_id, cause_type, cause_id, person, recipient, recipient_index, recipient_tail,"
    " state, reason, account, attempts, created_ms, held_until_ms, accepted_ms, ended_ms";

const std::string kAttemptColumns =
    "number, message_id, ordinal, account, call_id, created_ms, outcome, reason, provider_number";

Message toMessage(const hub::Row& row)
{
    Message message;
    message.message_id = row.text(0);
    message.edition = row.text(1);
    message.kind = row.text(2);
    message.channel = row.text(3);
    message.template_name = row.text(4);
    message.template_version = row.integer(5);
    message.language = row.text(6);
    message.variables = row.text(7);
    message.organization_id = row.text(8);
    message.cause_type = row.text(9);
    message.cause_id = row.text(10);
    message.person = row.text(11);
    message.recipient = row.text(12);
    message.recipient_index = row.text(13);
    message.recipient_tail = row.text(14);
    message.state = parseMessageState(row.text(15));
    message.reason = row.text(16);
    message.account = row.text(17);
    message.attempts = row.integer(18);
    message.created_ms = row.integer(19);
    message.held_until_ms = row.integer(20);
    message.accepted_ms = row.integer(21);
    message.ended_ms = row.integer(22);
    return message;
}

const std::string kSelect =
    "SELECT " + kColumns + " FROM messaging_message WHERE partition = 0 AND ";
const std::string kOfRecipient = "recipient_index = ? AND ";
const std::string kOfTail = "recipient_tail = ? AND ";
const std::string kOfState = "state = ? AND ";
const std::string kListed =
    "(CAST(? AS TEXT) = '' OR state = ?) AND (CAST(? AS TEXT) = '' OR template = ?)"
    " AND (CAST(? AS TEXT) = '' OR message_id < ?) ORDER BY message_id DESC LIMIT ?";

// By messaging_message_held, which is asked for in its own words.
const std::string kPurge =
    "UPDATE messaging_message SET recipient = ?, recipient_index = ?, recipient_tail = ?,"
    " person = CASE WHEN kind = 'code' THEN '' ELSE person END"
    " WHERE partition = 0 AND message_id IN (SELECT message_id FROM messaging_message"
    " WHERE partition = 0 AND created_ms < ? AND length(recipient) > 0 LIMIT ?)";
const std::string kHeld =
    "SELECT 1 FROM messaging_message WHERE partition = 0 AND length(recipient) > 0 LIMIT 1";

} // namespace

std::vector<Message> MessageRows::select(const std::string& rest,
                                         std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Message> found;
    snapshot_.query(
        kSelect + rest, parameters, [&](const hub::Row& row) { found.push_back(toMessage(row)); });
    return found;
}

std::optional<Message> MessageRows::find(const std::string& message_id) const
{
    const auto found = select("message_id = ?", {message_id});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Message> MessageRows::list(const MessageFilter& filter) const
{
    const std::string& state = filter.state;
    const std::string& name = filter.template_name;
    const std::string& before = filter.before;
    // Statements of their own, so that the indexes are used.
    if (!filter.recipient_index.empty()) {
        return select(kOfRecipient + kListed,
                      {hub::Blob{filter.recipient_index},
                       state,
                       state,
                       name,
                       name,
                       before,
                       before,
                       filter.limit});
    }
    if (!filter.recipient_tail.empty()) {
        return select(kOfTail + kListed,
                      {hub::Blob{filter.recipient_tail},
                       state,
                       state,
                       name,
                       name,
                       before,
                       before,
                       filter.limit});
    }
    if (!state.empty()) {
        return select(kOfState + kListed,
                      {state, state, state, name, name, before, before, filter.limit});
    }
    return select(kListed, {state, state, name, name, before, before, filter.limit});
}

std::vector<std::string> listStatements()
{
    return {kSelect + kOfRecipient + kListed,
            kSelect + kOfTail + kListed,
            kSelect + kOfState + kListed};
}

std::vector<std::string> retentionStatements()
{
    return {kPurge, kHeld};
}

bool MessageRows::insert(const Message& message) const
{
    return snapshot_.execute("INSERT INTO messaging_message (partition, " + kColumns +
                                 ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                                 " ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                             {message.message_id,
                              message.edition,
                              message.kind,
                              message.channel,
                              message.template_name,
                              message.template_version,
                              message.language,
                              message.variables,
                              message.organization_id,
                              message.cause_type,
                              message.cause_id,
                              message.person,
                              hub::Blob{message.recipient},
                              hub::Blob{message.recipient_index},
                              hub::Blob{message.recipient_tail},
                              toText(message.state),
                              message.reason,
                              message.account,
                              message.attempts,
                              message.created_ms,
                              message.held_until_ms,
                              message.accepted_ms,
                              message.ended_ms}) == 1;
}

void MessageRows::save(const Message& message) const
{
    snapshot_.execute("UPDATE messaging_message SET state = ?, reason = ?, account = ?,"
                      " attempts = ?, held_until_ms = ?, accepted_ms = ?, ended_ms = ?"
                      " WHERE partition = 0 AND message_id = ?",
                      {toText(message.state),
                       message.reason,
                       message.account,
                       message.attempts,
                       message.held_until_ms,
                       message.accepted_ms,
                       message.ended_ms,
                       message.message_id});
}

std::vector<Attempt>
MessageRows::selectAttempts(const std::string& where,
                            std::initializer_list<hub::Parameter> parameters) const
{
    std::vector<Attempt> found;
    snapshot_.query("SELECT " + kAttemptColumns +
                        " FROM messaging_attempt WHERE partition = 0 AND " + where +
                        " ORDER BY ordinal",
                    parameters,
                    [&](const hub::Row& row) {
                        found.push_back({row.text(0),
                                         row.text(1),
                                         row.integer(2),
                                         row.text(3),
                                         row.integer(4),
                                         row.integer(5),
                                         row.text(6),
                                         row.text(7),
                                         row.text(8)});
                    });
    return found;
}

std::optional<Attempt> MessageRows::attempt(const std::string& number) const
{
    const auto found = selectAttempts("number = ?", {number});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<Attempt> MessageRows::attemptOfCall(std::int64_t call_id) const
{
    const auto found = selectAttempts("call_id = ?", {call_id});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::optional<Attempt> MessageRows::attemptAt(const std::string& account,
                                              const std::string& provider_number) const
{
    const auto found =
        selectAttempts("provider_number = ? AND account = ?", {provider_number, account});
    return found.empty() ? std::nullopt : std::optional{found.front()};
}

std::vector<Attempt> MessageRows::attempts(const std::string& message_id) const
{
    return selectAttempts("message_id = ?", {message_id});
}

void MessageRows::insert(const Attempt& attempt) const
{
    snapshot_.execute("INSERT INTO messaging_attempt (partition, " + kAttemptColumns +
                          ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {attempt.number,
                       attempt.message_id,
                       attempt.ordinal,
                       attempt.account,
                       attempt.call_id,
                       attempt.created_ms,
                       attempt.outcome,
                       attempt.reason,
                       attempt.provider_number});
}

void MessageRows::save(const Attempt& attempt) const
{
    snapshot_.execute("UPDATE messaging_attempt SET outcome = ?, reason = ?, provider_number = ?"
                      " WHERE partition = 0 AND number = ?",
                      {attempt.outcome, attempt.reason, attempt.provider_number, attempt.number});
}

std::int64_t MessageRows::purge(std::int64_t before_ms, std::int64_t limit) const
{
    const hub::Blob nothing{""};
    return snapshot_.execute(kPurge, {nothing, nothing, nothing, before_ms, limit});
}

bool MessageRows::holdsRecipients() const
{
    bool holds = false;
    snapshot_.query(kHeld, {}, [&](const hub::Row&) { holds = true; });
    return holds;
}

} // namespace messaging
