// Tables that keep guessing slow: failed tries, and pictures to read. Who or what was tried is kept
// as a blind index.
#pragma once

#include "domain/lockout.hpp"

#include <hub/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace identity {

/// What tries are counted for.
struct Subject {
    std::string kind; // "account", "past" or "network"
    std::string index;
};

struct Tries {
    Lockout lockout;
    std::int64_t last_ms = 0;
};

class GuardRows {
public:
    /// Borrowed; lives on the stack of one unit.
    explicit GuardRows(const hub::Unit& unit)
        : unit_(unit)
    {}

    /// `account` as somebody types it.
    Subject account(std::string_view kind, std::string_view account) const;
    Subject network(const std::string& client_ip) const;

    Tries tries(const Subject& subject) const;
    void setTries(const Subject& subject, const Tries& tries) const;
    void forgetTries(std::int64_t before_ms) const;

    void
    insertCaptcha(std::string_view captcha_id, std::string_view text, const Subject& network) const;
    std::int64_t countCaptchas(const Subject& network, std::int64_t since_ms) const;
    /// Whether it is the answer to one made since then. Right or wrong, it is used up.
    bool
    useCaptcha(std::string_view captcha_id, std::string_view text, std::int64_t since_ms) const;
    void forgetCaptchas(std::int64_t before_ms) const;

private:
    std::string answerDigest(std::string_view captcha_id, std::string_view text) const;

    const hub::Unit& unit_;
};

} // namespace identity
