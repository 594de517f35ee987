// What the tables hold, as values. Personal members are in clear here and sealed in the tables.
#pragma once

#include "domain/lockout.hpp"

#include <cstdint>
#include <string>

namespace identity {

inline constexpr const char* kActive = "active";
inline constexpr const char* kReleased = "released";

struct Organization {
    std::string organization_id;
    std::string edition;
    std::string region;
    std::string organization_class;
    std::string social_credit_code; // '' outside the mainland
    std::string state = kActive;
    std::string note;
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
    Lockout lockout;
    std::int64_t created_ms = 0;
};

} // namespace identity
