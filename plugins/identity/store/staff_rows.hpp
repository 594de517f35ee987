// Tables of staff: invitations, recovery codes, and the lists that others see.
#pragma once

#include "domain/records.hpp"
#include "domain/roles.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

class StaffReadRows {
public:
    /// Borrowed; lives on the stack of one unit or read.
    explicit StaffReadRows(const hub::Snapshot& snapshot)
        : snapshot_(snapshot)
    {}

    std::optional<Invitation> invitation(std::string_view invitation_id) const;
    /// Of who was invited, whatever became of it.
    std::optional<Invitation> invitationOf(std::string_view staff_id) const;
    /// Open ones only; they may have expired.
    std::optional<Invitation> invitationByToken(std::string_view token_digest) const;
    std::optional<Invitation> invitationByMail(std::string_view edition,
                                               std::string_view mail) const;
    /// Open ones of the edition, the newest last.
    std::vector<Invitation> openInvitations(std::string_view edition) const;
    /// Ids of staff, at most `limit`, after `after` in their order; with a delegation only those
    /// who act for it or for one of its sub-delegations.
    std::vector<std::string> staff(std::string_view edition,
                                   std::string_view delegation_id,
                                   std::string_view after,
                                   std::int64_t limit) const;
    std::int64_t countRecoveryCodes(std::string_view login_id) const;
    /// The staff id of who holds an API key; "" for nobody.
    std::string holderOf(std::string_view edition, std::string_view key_id) const;
    /// Ids of the API keys that somebody held before they had a log-in.
    std::vector<std::string> keysOf(std::string_view staff_id) const;

private:
    Invitation readInvitation(const hub::Row& row) const;

    const hub::Snapshot& snapshot_;
};

class StaffRows : public StaffReadRows {
public:
    explicit StaffRows(const hub::Unit& unit)
        : StaffReadRows(unit)
        , unit_(unit)
    {}

    void insert(const Invitation& invitation) const;
    /// Its state is another one than open from now on; nobody is told of it any more.
    void close(const Invitation& invitation) const;
    /// Of every invitation that has expired by now.
    void forgetPhones(std::int64_t now_ms) const;
    /// Replaces all that there are.
    void setRecoveryCodes(std::string_view login_id, const std::vector<std::string>& codes) const;
    /// False when it is none of theirs, or was used.
    bool useRecoveryCode(std::string_view login_id, std::string_view code) const;

    /// In place of who was to hold it before.
    void setHolder(std::string_view edition,
                   std::string_view key_id,
                   std::string_view staff_id,
                   std::int64_t now_ms) const;

private:
    std::string recoveryDigest(std::string_view login_id, std::string_view code) const;

    const hub::Unit& unit_;
};

} // namespace identity
