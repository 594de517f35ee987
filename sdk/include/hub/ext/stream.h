/* hub.stream/1: a TCP or TLS byte stream to a host of the manifest's `stream.hosts`, for protocols
 * that are no HTTP (SMTP, CMPP). The hub holds the socket and checks address and certificate as for
 * hub.http; nothing is ever resent.
 *
 * A stream lives within one delivery and ends with it: a call (connect, talk, hang up), or the
 * *session* that the hub leases to one process for an account whose manifest asks for it
 * (`stream.session`): a delivery with source SESSION that lasts as long as the connection. Calls
 * of the account then use the session's stream; what comes unasked is published, and acknowledged
 * to the peer after the publication was committed.
 *
 * The hub can't tell the bytes of a message from those of a greeting. So a library calls begin()
 * before the first byte of a message leaves; a call that answers success without begin() counts
 * as not sent. */
#ifndef HUB_EXT_STREAM_H_INCLUDED
#define HUB_EXT_STREAM_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_STREAM_1 "hub.stream/1"

typedef uint64_t hub_stream; /* 0 is never valid */

enum {
    HUB_STREAM_PLAIN = 1, /* where the manifest allows it; secure() may follow */
    HUB_STREAM_TLS = 2
};

typedef struct hub_stream_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Task mode, within the live delivery `call_id`: connects to "host:port", with
     * HUB_STREAM_TLS also the handshake. HUB_OK · HUB_REJECTED: not on the list, or a delivery
     * that may not speak to anybody · HUB_THROTTLED: too many are open · HUB_UNAVAILABLE: no
     * connection, or TLS refused. Times are in milliseconds; 0: the hub's. */
    hub_status (*open)(hub_context*,
                       hub_call_id,
                       hub_text address,
                       uint32_t security,
                       uint32_t timeout_ms,
                       hub_stream* stream) HUB_NOEXCEPT;
    /* [any] From plain to TLS (STARTTLS), while nothing is being read or written. HUB_OK ·
     * HUB_REJECTED: bytes wait that came before it, or the manifest does not allow TLS ·
     * HUB_UNAVAILABLE: TLS refused, or lost. After anything but HUB_OK the stream is closed. */
    hub_status (*secure)(hub_context*, hub_stream, uint32_t timeout_ms) HUB_NOEXCEPT;
    /* [any] Marks the live call durably as *sending*, before the first byte of its message.
     * Several calls may be marked on one stream. HUB_OK · HUB_UNAVAILABLE: fenced, too late, or
     * the stream is lost · HUB_REJECTED: the stream is not of this account, or the call is none
     * that sends (a session, a callback, one that the browser carries). After anything but HUB_OK
     * nothing of this call may be sent. */
    hub_status (*begin)(hub_context*, hub_stream, hub_call_id) HUB_NOEXCEPT;
    /* [any] Writes all, at most HUB_PAYLOAD_BYTES_MAX; writes of several threads don't mix.
     * HUB_OK: handed to the network, not: received · HUB_BAD_REQUEST: too many bytes, nothing was
     * written · HUB_UNAVAILABLE: the stream was closed before, nothing left · HUB_OUTCOME_UNKNOWN:
     * a part may have left; the stream is closed. */
    hub_status (*write)(hub_context*, hub_stream, hub_bytes, uint32_t timeout_ms) HUB_NOEXCEPT;
    /* [any] One at a time, beside writes. HUB_OK: 1 to `bytes_max` bytes · HUB_THROTTLED: nothing
     * came in time · HUB_NOT_FOUND: the peer has ended the stream · HUB_UNAVAILABLE: it is lost,
     * or the library is to stop · HUB_BAD_REQUEST: another read waits, or `bytes_max` is 0. */
    hub_status (*read)(hub_context*,
                       hub_stream,
                       uint32_t bytes_max,
                       uint32_t timeout_ms,
                       hub_bytes_fn bytes,
                       void* user) HUB_NOEXCEPT;
    /* [any] Idempotent. Who waits in another function returns. */
    void (*close)(hub_context*, hub_stream) HUB_NOEXCEPT;
} hub_stream_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_STREAM_H_INCLUDED */
