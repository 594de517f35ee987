// What the tables hold, as values. Times are UTC milliseconds, 0 where nothing happened yet.
#pragma once

#include "domain/states.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace messaging {

inline constexpr std::string_view kSms = "sms";
inline constexpr std::string_view kCodeKind = "code";
inline constexpr std::string_view kNoticeKind = "notice";
inline constexpr std::string_view kVerificationCause = "verification";

struct Message {
    std::string message_id;
    std::string edition;
    std::string kind;
    std::string channel{kSms};
    std::string template_name;
    std::int64_t template_version = 0;
    std::string language;
    std::string variables = "{}"; // JSON of texts; never a code
    std::string organization_id;
    std::string cause_type;
    std::string cause_id;
    std::string person;          // whom `recipient` is sealed for
    std::string recipient;       // sealed E.164; empty: there is none, or it was purged
    std::string recipient_index; // blind
    std::string recipient_tail;  // blind, of the last four digits
    MessageState state = MessageState::Sending;
    std::string reason; // a word: why it is where it is
    std::string account;
    std::int64_t attempts = 0;
    std::int64_t created_ms = 0;
    std::int64_t held_until_ms = 0;
    std::int64_t accepted_ms = 0;
    std::int64_t ended_ms = 0;
};

/// A message as handed to one account.
struct Attempt {
    std::string number; // ours, by which the provider is asked
    std::string message_id;
    std::int64_t ordinal = 0;
    std::string account;
    std::int64_t call_id = 0;
    std::int64_t created_ms = 0;
    std::string outcome; // empty: none yet
    std::string reason;
    std::string provider_number;
};

struct Verification {
    std::string verification_id;
    std::string message_id;
    std::string channel;
    std::string purpose;
    std::string language;
    std::string recipient_index;
    std::string client_index;
    VerificationState state = VerificationState::Open;
    std::int64_t tries = 0;
    std::string salt;
    std::string code_hash;
    std::string proof_hash;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
    std::int64_t confirmed_ms = 0;
};

/// One version of a template in one language.
struct Template {
    std::string name;
    std::string language;
    std::int64_t version = 0;
    std::string text;
    std::vector<std::string> variables;
    bool is_enabled = false;
    std::int64_t created_ms = 0;
    std::string principal;
};

} // namespace messaging
