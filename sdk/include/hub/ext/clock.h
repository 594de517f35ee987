/* hub.clock/1: time, randomness and timers. Nothing else in a library may ask the machine for
 * them, so that it runs under test without the hub. */
#ifndef HUB_EXT_CLOCK_H_INCLUDED
#define HUB_EXT_CLOCK_H_INCLUDED

#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_CLOCK_1 "hub.clock/1"

typedef struct hub_clock_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Wall clock. Within a unit the same value at every call. `unit` may be NULL. */
    int64_t (*now_unix_ms)(hub_context*, hub_unit*) HUB_NOEXCEPT;
    /* [any] Fills `size` bytes from the system's generator. */
    void (*random)(hub_context*, uint8_t* bytes, uint64_t size) HUB_NOEXCEPT;
    /* [lane] Sets the timer (kind, key), replacing one that is set. When due it comes back once
     * as an event with source TIMER, type `kind`, this key and payload. */
    hub_status (*set_timer)(hub_context*,
                            hub_unit*,
                            hub_text kind,
                            hub_text key,
                            int64_t due_unix_ms,
                            hub_bytes payload) HUB_NOEXCEPT;
    /* [lane] HUB_OK, or HUB_NOT_FOUND when it is not set. */
    hub_status (*cancel_timer)(hub_context*, hub_unit*, hub_text kind, hub_text key) HUB_NOEXCEPT;
} hub_clock_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_CLOCK_H_INCLUDED */
