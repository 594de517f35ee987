// Claims of social credit codes.
#pragma once

#include "domain/records.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

class ClaimReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit ClaimReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Claim> claim(std::string_view claim_id) const;
    /// At most `limit` after `after`; of one delegation, or of all for ''.
    std::vector<Claim> claims(std::string_view edition,
                              std::string_view state,
                              std::string_view delegation_id,
                              std::string_view after,
                              std::int64_t limit) const;

protected:
    Claim readClaim(const hub::Row& row) const;

    const hub::Snapshot& snapshot_;
};

class ClaimRows : public ClaimReadRows {
public:
    explicit ClaimRows(const hub::Unit& unit)
        : ClaimReadRows(unit)
        , unit_(unit)
    {}

    /// Whether this phone has an open claim on the organization's code.
    bool isOpen(std::string_view organization_id, std::string_view phone) const;
    void insert(const Claim& claim) const;
    /// State, reason, and who decided when.
    void decide(const Claim& claim) const;
    /// All open ones on the organization's code.
    void voidOthers(std::string_view organization_id, std::int64_t now_ms) const;
    /// The phones of claims that were decided before.
    void forgetPhones(std::int64_t before_ms) const;

private:
    const hub::Unit& unit_;
};

} // namespace identity
