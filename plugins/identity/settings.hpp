// What an operator sets for this plugin (manifest.json, "configuration").
#pragma once

#include "domain/lockout.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace identity {

struct Settings {
    std::int64_t session_idle_ms = 0;
    std::int64_t session_ms = 0;
    LockoutRule lockout;            // of an account
    LockoutRule network_lockout;    // of where tries come from: a house with many people
    std::int64_t captcha_after = 0; // failures
    std::int64_t captcha_ms = 0;    // how long a picture can be answered
    std::int64_t invitation_ms = 0;
    std::string invitation_address; // of the page that takes a token behind "#"
    std::string privacy_version;    // of the clause that who registers agrees to
    std::string totp_issuer;        // what an authenticator calls the account
};

/// The hub has checked it against the manifest. Throws std::invalid_argument for what is no JSON.
Settings parseSettings(std::string_view create_json);

} // namespace identity
