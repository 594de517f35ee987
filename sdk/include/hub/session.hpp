// Sessions of logged-in people, for the plugin that proves who somebody is (hub.session/1; the
// manifest lists it). The hub draws the token and sets the cookie; the plugin never sees either.
#pragma once

#include <hub/ext/session.h>
#include <hub/plugin.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hub {

struct SessionGrant {
    std::string subject;              // the plugin's own id of the person; 1 to 255 bytes
    std::string scopes = "[]";        // JSON array of texts, at most 4 KiB
    std::string label;                // for the person's own list; at most 255 bytes
    std::int64_t expires_unix_ms = 0; // at most 90 days away
    std::int64_t idle_ms = 0;         // ends after so long without a request; 0: by expiry
};

/// In a unit with source REQUEST, once: the client gets the session with the answer, if the unit
/// commits. Returns its id. HUB_BAD_REQUEST comes back as error; the unit may go on.
inline Result<std::string> grantSession(const Unit& unit, const SessionGrant& grant)
{
    hub_session_grant raw{};
    raw.struct_size = sizeof raw;
    raw.subject = toText(grant.subject);
    raw.scopes = toText(grant.scopes);
    raw.label = toText(grant.label);
    raw.expires_unix_ms = grant.expires_unix_ms;
    raw.idle_ms = grant.idle_ms;
    std::string id;
    const hub_status status = unit.service<hub_session_v1>(HUB_EXT_SESSION_1)
                                  .grant(
                                      unit.host().context(),
                                      unit.handle(),
                                      &raw,
                                      [](void* user, hub_bytes bytes) noexcept {
                                          static_cast<std::string*>(user)->assign(view(bytes));
                                      },
                                      &id);
    if (status == HUB_BAD_REQUEST) {
        return Error{status, "the hub grants no such session; its log says why"};
    }
    if (status != HUB_OK) {
        throw UnitFailure(status, "a session could not be granted");
    }
    return id;
}

/// Other scopes (a JSON array), from the next request on. False: no such open session. For more
/// rights than before grant a session anew: its token changes, too.
inline bool rescopeSession(const Unit& unit, std::string_view session, std::string_view scopes)
{
    const hub_status status =
        unit.service<hub_session_v1>(HUB_EXT_SESSION_1)
            .rescope(unit.host().context(), unit.handle(), toText(session), toText(scopes));
    if (status != HUB_OK && status != HUB_NOT_FOUND) {
        throw UnitFailure(status, "a session could not be given other scopes");
    }
    return status == HUB_OK;
}

/// False: no such open session.
inline bool endSession(const Unit& unit, std::string_view session)
{
    const hub_status status = unit.service<hub_session_v1>(HUB_EXT_SESSION_1)
                                  .end(unit.host().context(), unit.handle(), toText(session));
    if (status != HUB_OK && status != HUB_NOT_FOUND) {
        throw UnitFailure(status, "a session could not be ended");
    }
    return status == HUB_OK;
}

/// All of a person's but `except`, which may be empty.
inline void endSessions(const Unit& unit, std::string_view subject, std::string_view except = {})
{
    const hub_status status =
        unit.service<hub_session_v1>(HUB_EXT_SESSION_1)
            .end_all(unit.host().context(), unit.handle(), toText(subject), toText(except));
    if (status != HUB_OK) {
        throw UnitFailure(status, "the sessions of a person could not be ended");
    }
}

/// One JSON object an open session, the newest first: id, label, scopes, created_at_ms, seen_at_ms,
/// expires_at_ms.
inline std::vector<std::string> openSessions(const Snapshot& snapshot, std::string_view subject)
{
    std::vector<std::string> sessions;
    const hub_status status =
        snapshot.service<hub_session_v1>(HUB_EXT_SESSION_1)
            .list(
                snapshot.host().context(),
                snapshot.handle(),
                toText(subject),
                [](void* user, hub_bytes bytes) noexcept {
                    static_cast<std::vector<std::string>*>(user)->emplace_back(view(bytes));
                },
                &sessions);
    if (status != HUB_OK) {
        throw UnitFailure(status, "the sessions of a person could not be read");
    }
    return sessions;
}

} // namespace hub
