/* hub.ask/1: a synchronous, read-only question to the owner of a contract, answered in the same
 * unit or snapshot. The asked plugin runs with its own tables, read-only; depth is at most 3 and
 * the manifests' `asks` lists form no cycle. A contract marked `leaf` ends every chain, so two
 * plugins may ask each other's: whoever answers it may not ask on. */
#ifndef HUB_EXT_ASK_H_INCLUDED
#define HUB_EXT_ASK_H_INCLUDED

#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_ASK_1 "hub.ask/1"

typedef void (*hub_answer_fn)(void* user, const hub_result* answer) HUB_NOEXCEPT;

typedef struct hub_ask_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] in a unit, [worker] in a read. `answer` is called once before ask returns HUB_OK.
     * HUB_NOT_FOUND: nobody owns the contract ("no_provider") · HUB_UNAUTHENTICATED: the
     * manifest does not list it, or a leaf is being answered · HUB_BAD_REQUEST: too deep, or the
     * payload is no JSON. */
    hub_status (*ask)(hub_context*,
                      hub_unit*,
                      hub_text contract,
                      hub_text operation,
                      hub_text key,
                      hub_bytes payload,
                      hub_answer_fn answer,
                      void* user) HUB_NOEXCEPT;
} hub_ask_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_ASK_H_INCLUDED */
