// MessageRows: the tables of messages and of their attempts.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace messaging {

/// A page of messages, newest first; what is empty does not filter.
struct MessageFilter {
    std::string recipient_index;
    std::string recipient_tail;
    std::string state;
    std::string template_name;
    std::string before; // a message's id
    std::int64_t limit = 50;
};

class MessageRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit MessageRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Message> find(const std::string& message_id) const;
    std::vector<Message> list(const MessageFilter& filter) const;
    /// False when there is one for the same cause, person and template.
    bool insert(const Message& message) const;
    void save(const Message& message) const;

    std::optional<Attempt> attempt(const std::string& number) const;
    std::optional<Attempt> attemptOfCall(std::int64_t call_id) const;
    std::optional<Attempt> attemptAt(const std::string& account,
                                     const std::string& provider_number) const;
    std::vector<Attempt> attempts(const std::string& message_id) const;
    void insert(const Attempt& attempt) const;
    void save(const Attempt& attempt) const;

    /// Empties the recipients of at most `limit` messages made before; how many.
    std::int64_t purge(std::int64_t before_ms, std::int64_t limit) const;
    bool holdsRecipients() const;

private:
    std::vector<Message> select(const std::string& rest,
                                std::initializer_list<hub::Parameter> parameters) const;
    std::vector<Attempt> selectAttempts(const std::string& where,
                                        std::initializer_list<hub::Parameter> parameters) const;

    const hub::Snapshot& snapshot_;
};

} // namespace messaging
