// Organizations of past editions, looked up only by what somebody proves, and what came of it.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace identity {

class PastReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit PastReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<PastVerification> verification(std::string_view past_verification_id) const;
    std::optional<PastVerification> verificationOf(std::string_view organization_id) const;

private:
    const hub::Snapshot& snapshot_;
};

/// An archived login, without anything personal.
struct PastLogin {
    std::string organization_id;
    std::string edition;
    std::string password; // a record; '' when none was kept
};

class PastRows : public PastReadRows {
public:
    explicit PastRows(const hub::Unit& unit)
        : PastReadRows(unit)
        , unit_(unit)
    {}

    /// The newest past one of the account; with a password, if there is one.
    std::optional<PastLogin> login(std::string_view edition, std::string_view account) const;
    /// The newest past one of the account whose phone or mailbox this is. One statement, whether
    /// there is such an account or not.
    std::optional<PastLogin>
    login(std::string_view edition, std::string_view account, const Proof& proof) const;

    void insert(const PastVerification& verification) const;
    void use(const PastVerification& verification, std::string_view organization_id) const;
    void forgetUnused(std::int64_t before_ms) const;

private:
    const hub::Unit& unit_;
};

} // namespace identity
