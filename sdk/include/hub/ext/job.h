/* hub.job/1: long work in small pieces that survives a restart. The plugin gets, with source JOB:
 *
 *   parse     task: reads the input, writes what it found to a blob (optional: without input blob
 *             it may answer at once)          answer {"blob": "<digest>", "total": 1234}
 *   stage     unit, again and again: takes at most 500 rows from `position` on into tables of
 *             its own                         answer {"position": 500} or {"finished": true}
 *   activate  unit, once: makes all of it count at one stroke
 *   discard   unit, once, when it failed or was canceled: removes what was staged
 *
 * Each carries {"job", "kind", "input", "blob", "position", "total", "parameters"}. The position
 * is committed with the rows: after a crash the work goes on there. Nothing is half done. */
#ifndef HUB_EXT_JOB_H_INCLUDED
#define HUB_EXT_JOB_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_JOB_1 "hub.job/1"

typedef struct hub_job_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] Begins a job with the commit of this unit. `input` is the digest of a blob, or
     * empty; `parameters` is a JSON object of at most 64 KiB. HUB_NOT_FOUND: no such blob. */
    hub_status (*begin)(hub_context*,
                        hub_unit*,
                        hub_text kind,
                        hub_text input,
                        hub_bytes parameters,
                        hub_bytes_fn id,
                        void* user) HUB_NOEXCEPT;
    /* [lane] HUB_NOT_FOUND: no such job of this plugin · HUB_REJECTED: it has ended, or is being
     * activated. */
    hub_status (*cancel)(hub_context*, hub_unit*, hub_text job) HUB_NOEXCEPT;
    /* [lane] [worker] One JSON object: id, kind, state (parsing, staging, activating, discarding,
     * done, failed, canceled), position, total, message, created_at_ms, changed_at_ms. */
    hub_status (*show)(hub_context*, hub_unit*, hub_text job, hub_bytes_fn json, void* user)
        HUB_NOEXCEPT;
} hub_job_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_JOB_H_INCLUDED */
