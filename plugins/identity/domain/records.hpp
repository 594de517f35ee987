// What the tables hold, as values. Personal members are in clear here and sealed in the tables.
#pragma once

#include "domain/roles.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace identity {

inline constexpr const char* kActive = "active";
inline constexpr const char* kReleased = "released";
inline constexpr const char* kLeft = "left";
inline constexpr const char* kArchived = "archived"; // of a past edition

struct Organization {
    std::string organization_id;
    std::string edition;
    std::string region;
    std::string organization_class;
    std::string social_credit_code; // '' outside the mainland
    std::string state = kActive;
    std::string note;
    std::int64_t created_ms = 0;
    std::string past_organization_id = {}; // '' unless it was proven to be one of a past edition
    std::string privacy_version = {};      // of the clause that was agreed to
};

/// That somebody was let in to an organization of a past edition, by one of the three ways.
struct PastVerification {
    std::string past_verification_id;
    std::string token_digest;
    std::string edition;
    std::string past_organization_id;
    std::string past_edition;
    std::string way;
    std::string organization_id; // who registered with it; '' as long as nobody did
    std::int64_t created_ms = 0;
};

struct Login {
    std::string login_id; // also the person whose key seals the personal values
    std::string edition;
    std::string organization_id; // '' for staff
    std::string account;         // what is typed to log in; personal for staff
    std::string password;        // a record of domain/password.hpp; '' when none is set
    std::string phone;           // E.164; '' when there is none
    std::string mail;
    std::string language = "zh";
    std::string state = kActive;
    std::int64_t created_ms = 0;
    std::string name = {};      // of staff, and of contacts who gave one
    std::string totp = {};      // the authenticator's secret; '' when there is none
    std::int64_t totp_step = 0; // the last that counted; 0 until the first code was right

    bool isStaff() const noexcept { return organization_id.empty(); }
    bool hasSecondFactor() const noexcept { return totp_step > 0; }
};

/// That whoever asks owns a phone or a mailbox.
struct Proof {
    std::string verification_id;
    std::string channel; // "sms" or "mail"
    std::string recipient;
};

inline constexpr const char* kOpen = "open";
inline constexpr const char* kAccepted = "accepted";
inline constexpr const char* kReplaced = "replaced";
inline constexpr const char* kWithdrawn = "withdrawn";

inline constexpr const char* kHandedOver = "handed_over";
inline constexpr const char* kRefused = "refused";

struct Claim {
    std::string claim_id; // also the person whose key seals the phone
    std::string edition;
    std::string organization_id; // who has the code
    std::string social_credit_code;
    std::string delegation_id; // who is asked to decide
    std::string licence;       // the digest of its blob
    std::string phone;
    std::string language;
    std::string state = kOpen;
    std::string reason;
    std::string decided_by;
    std::int64_t created_ms = 0;
    std::int64_t decided_ms = 0;
};

struct Invitation {
    std::string invitation_id;
    std::string edition;
    std::string staff_id;
    std::string token_digest;
    std::string mail;
    std::string phone; // E.164, where to say that there is an invitation; '' when nobody gave one
    std::string language;
    std::vector<Grant> roles;
    std::string state = kOpen;
    std::string invited_by;
    std::int64_t created_ms = 0;
    std::int64_t expires_ms = 0;
};

} // namespace identity
