/* hub.session/1: logged-in people. The plugin that knows people proves who somebody is; the hub
 * keeps the session: it draws the token, sets the cookie, keeps only the token's digest, and
 * checks cookie, cross-site token and scopes of every request before a route runs.
 *
 * A session's `subject` is the plugin's own id of the person, never a name or a number of an
 * identity card: requests carry it as principal "person:<subject>", and the log shows it. `scopes`
 * are a JSON array of texts of 1 to 255 bytes: those that routes ask for, and others whose meaning
 * is the plugins' own ("delegation:17"); none of them holds all. Requests carry them (sdk/ABI.md
 * section 5). A plugin reaches only sessions that it granted itself.
 *
 * All changes are part of the unit and take effect with its commit, for each request that the lane
 * runs after it. In read mode only list() is there; everything else, and everything outside of a
 * delivery, is HUB_UNSUPPORTED. */
#ifndef HUB_EXT_SESSION_H_INCLUDED
#define HUB_EXT_SESSION_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_SESSION_1 "hub.session/1"

typedef struct hub_session_grant {
    uint32_t struct_size;
    uint32_t reserved;
    hub_text subject;        /* 1 to 255 bytes */
    hub_text scopes;         /* JSON array of texts, at most 4 KiB */
    hub_text label;          /* for the person's own list: "Firefox, Linux"; at most 255 bytes */
    int64_t expires_unix_ms; /* at most 90 days away */
    int64_t idle_ms;         /* ends after so long (to a minute) without a request; 0: by expiry */
} hub_session_grant;

typedef struct hub_session_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] In a unit with source REQUEST, once: the client of this request gets the session with
     * the answer, after the commit; `id` receives its id. The session that the request came with
     * ends. Of one subject the hub keeps so many open as the operator says (20); the oldest ends.
     * HUB_BAD_REQUEST: a member breaks its limit, the unit granted one already, it is no unit of a
     * request, or an API key made the request. */
    hub_status (*grant)(hub_context*,
                        hub_unit*,
                        const hub_session_grant*,
                        hub_bytes_fn id,
                        void* user) HUB_NOEXCEPT;
    /* [lane] Other scopes, from the next request on. For more rights than before, grant() anew: the
     * token changes, too. HUB_NOT_FOUND: no such open session. HUB_BAD_REQUEST: the scopes. */
    hub_status (*rescope)(hub_context*, hub_unit*, hub_text session, hub_text scopes) HUB_NOEXCEPT;
    /* [lane] Ends one session; if it is the request's own, the answer takes the cookie back.
     * HUB_NOT_FOUND: no such open session. */
    hub_status (*end)(hub_context*, hub_unit*, hub_text session) HUB_NOEXCEPT;
    /* [lane] Ends all of a person's sessions but `except` (may be empty). */
    hub_status (*end_all)(hub_context*, hub_unit*, hub_text subject, hub_text except) HUB_NOEXCEPT;
    /* [lane] [worker] `each` is called with one JSON object an open session, the newest first: id,
     * label, scopes, created_at_ms, seen_at_ms (true to a minute), expires_at_ms. */
    hub_status (*list)(hub_context*, hub_unit*, hub_text subject, hub_bytes_fn each, void* user)
        HUB_NOEXCEPT;
} hub_session_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_SESSION_H_INCLUDED */
