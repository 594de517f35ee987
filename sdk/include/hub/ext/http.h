/* hub.http/1: one HTTP exchange with a host on the allow-list, made by the hub.
 *
 * Before the first byte of the request leaves, the hub marks the live call durably as *sending*
 * (operations that the contract calls `safe` need no mark). One call makes one marked exchange.
 * TLS is always verified, redirects are never followed, nothing is ever resent.
 *
 * Where a provider wants a secret in the address, `{secret:ROLE}` in the query stands for it
 * (percent-encoded): ROLE is a secret that the manifest marks `in_url`. The library and the record
 * of exchanges never have it. HUB_NOT_FOUND: the account has no such secret. */
#ifndef HUB_EXT_HTTP_H_INCLUDED
#define HUB_EXT_HTTP_H_INCLUDED

#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_HTTP_1 "hub.http/1"

typedef struct hub_header {
    hub_text name;
    hub_text value;
} hub_header;

typedef struct hub_http_request {
    uint32_t struct_size;
    uint32_t header_count;
    hub_text method; /* "GET", "POST", … as the manifest allows */
    hub_text url;    /* absolute, https */
    const hub_header* headers;
    hub_bytes body;
    uint32_t total_timeout_ms; /* 0: the hub's own; never past the call's deadline */
    uint32_t reserved;
} hub_http_request;

typedef struct hub_http_response {
    uint32_t struct_size;
    uint32_t http_status;
    uint32_t header_count;
    uint32_t reserved;
    const hub_header* headers; /* names in lower case */
    hub_bytes body;            /* complete, as received; at most 1 MiB */
} hub_http_response;

typedef void (*hub_http_response_fn)(void* user, const hub_http_response*) HUB_NOEXCEPT;

typedef struct hub_http_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Task mode, within the live delivery `call_id`. Blocks until the exchange ended.
     * HUB_OK: `response` was called once · HUB_UNAVAILABLE: certainly not sent (no connection,
     * TLS refused, breaker open, call fenced) · HUB_OUTCOME_UNKNOWN: bytes may have left, no
     * complete answer · HUB_REJECTED: host, method or number of exchanges is not allowed. */
    hub_status (*exchange)(hub_context*,
                           hub_call_id,
                           const hub_http_request*,
                           hub_http_response_fn response,
                           void* user) HUB_NOEXCEPT;
} hub_http_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_HTTP_H_INCLUDED */
