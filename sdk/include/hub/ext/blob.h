/* hub.blob/1: content-addressed files of the hub, named by the lower-case hex SHA-256 of their
 * bytes. Written as a stream, fsynced before the name is given out, never changed. */
#ifndef HUB_EXT_BLOB_H_INCLUDED
#define HUB_EXT_BLOB_H_INCLUDED

#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_BLOB_1 "hub.blob/1"

typedef uint64_t hub_blob_writer; /* 0 is never valid */

typedef void (*hub_bytes_fn)(void* user, hub_bytes bytes) HUB_NOEXCEPT;

typedef struct hub_blob_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Task mode only. Begins a blob on behalf of a live delivery; abandoned when that
     * delivery ends without finish(). */
    hub_status (*begin)(hub_context*, hub_call_id, hub_blob_writer* writer) HUB_NOEXCEPT;
    /* [any] Appends at most HUB_PAYLOAD_BYTES_MAX bytes. HUB_UNAVAILABLE: disk full or failed. */
    hub_status (*append)(hub_context*, hub_blob_writer, hub_bytes) HUB_NOEXCEPT;
    /* [any] Makes it durable, then gives its 64 hex digits to `digest`. */
    hub_status (*finish)(hub_context*, hub_blob_writer, hub_bytes_fn digest, void* user)
        HUB_NOEXCEPT;
    /* [any] Reads a range; in a unit at most 64 KiB. HUB_NOT_FOUND: no such blob. Past the end
     * the range is shorter. `unit` is NULL in task mode. */
    hub_status (*read)(hub_context*,
                       hub_unit*,
                       hub_text digest,
                       uint64_t offset,
                       uint64_t size,
                       hub_bytes_fn bytes,
                       void* user) HUB_NOEXCEPT;
    /* [any] *size is the whole size in bytes. */
    hub_status (*size)(hub_context*, hub_text digest, uint64_t* size) HUB_NOEXCEPT;
} hub_blob_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_BLOB_H_INCLUDED */
