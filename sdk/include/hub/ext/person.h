/* hub.person/1: personal values at rest. Each person has a key of its own, in a store of its own;
 * what is sealed with it can be read as long as the key is there. Erasing a person destroys the
 * key, and with it the values in the tables, in backups and in recorded exchanges.
 *
 * A value is bound to person and column: copied elsewhere it does not open. Equal values look
 * different; look-ups go by blind index. */
#ifndef HUB_EXT_PERSON_H_INCLUDED
#define HUB_EXT_PERSON_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_PERSON_1 "hub.person/1"

typedef struct hub_person_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] Seals at most 64 KiB for a column of the plugin's own; makes the person's key when
     * there is none. `person` is an id of 1 to 255 bytes. HUB_REJECTED: the person was erased. */
    hub_status (*seal)(hub_context*,
                       hub_unit*,
                       hub_text person,
                       hub_text column,
                       hub_bytes plain,
                       hub_bytes_fn sealed,
                       void* user) HUB_NOEXCEPT;
    /* [any] `unit` is NULL in task mode. HUB_NOT_FOUND: the person was erased · HUB_REJECTED: not
     * sealed for this person and column. */
    hub_status (*open)(hub_context*,
                       hub_unit*,
                       hub_text person,
                       hub_text column,
                       hub_bytes sealed,
                       hub_bytes_fn plain,
                       void* user) HUB_NOEXCEPT;
    /* [lane] [worker] 32 bytes by which a normalized value is found again: the same for the same
     * column and value, telling nothing about it to who lacks the hub's key. */
    hub_status (*blind_index)(hub_context*,
                              hub_unit*,
                              hub_text column,
                              hub_bytes normalized,
                              hub_bytes_fn index,
                              void* user) HUB_NOEXCEPT;
    /* [lane] Destroys the person's key with the commit of this unit, for all plugins and for
     * ever: a restored backup repeats it. HUB_ALREADY_DONE: was erased before. */
    hub_status (*erase)(hub_context*, hub_unit*, hub_text person) HUB_NOEXCEPT;
} hub_person_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_PERSON_H_INCLUDED */
