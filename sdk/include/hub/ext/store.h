/* hub.store/1: SQL on the plugin's own tables, inside the unit or snapshot that the hub opened.
 *
 * One statement a call, SELECT, INSERT, UPDATE, DELETE or WITH, with `?` for the parameters in
 * order; the same text runs on SQLite and on PostgreSQL. Tables are named `<plugin id>_<name>`.
 * Anything else (other tables, PRAGMA, several statements) is HUB_UNAUTHENTICATED. */
#ifndef HUB_EXT_STORE_H_INCLUDED
#define HUB_EXT_STORE_H_INCLUDED

#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_STORE_1 "hub.store/1"

enum { HUB_VALUE_NULL = 0, HUB_VALUE_INTEGER = 1, HUB_VALUE_TEXT = 3, HUB_VALUE_BLOB = 4 };

/* A parameter or a column. Floating point is left out on purpose: money is integer. */
typedef struct hub_value {
    uint32_t type; /* HUB_VALUE_… */
    uint32_t reserved;
    int64_t integer;
    hub_bytes bytes; /* text and blob */
} hub_value;

/* Receives one row; the columns are borrowed until it returns. Returns 0 to stop. */
typedef int32_t (*hub_row_fn)(void* user, const hub_value* columns, uint32_t count) HUB_NOEXCEPT;

typedef struct hub_store_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] in a unit, [worker] in a read. `row` may be NULL; *changes is the number of rows
     * written. HUB_OK · HUB_ALREADY_DONE: a unique or foreign key refuses · HUB_BAD_REQUEST: the
     * statement is wrong · HUB_UNAUTHENTICATED: not the plugin's to touch · HUB_UNAVAILABLE: the
     * store cannot work now. After anything but HUB_OK the unit can only be left: its effects
     * are rolled back. *error is borrowed until the next call. */
    hub_status (*execute)(hub_context*,
                          hub_unit*,
                          hub_text sql,
                          const hub_value* parameters,
                          uint32_t parameter_count,
                          hub_row_fn row,
                          void* user,
                          int64_t* changes,
                          hub_text* error) HUB_NOEXCEPT;
} hub_store_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_STORE_H_INCLUDED */
