/* hub.accounts/1: the accounts at providers that serve a contract, and how they are. For the plugin
 * that decides where its calls go; plugins in the hub's process only. */
#ifndef HUB_EXT_ACCOUNTS_H_INCLUDED
#define HUB_EXT_ACCOUNTS_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_ACCOUNTS_1 "hub.accounts/1"

typedef struct hub_accounts_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [lane] in a unit, [worker] in a read. `json` is called once before list returns HUB_OK, with
     * an array by name of the accounts of enabled connectors that implement `contract`; its members
     * are in ABI.md, section 7.1. Health may have changed when a call is made: it is a hint, and no
     * promise. HUB_UNAUTHENTICATED: the manifest neither owns nor calls the contract. */
    hub_status (*list)(hub_context*, hub_unit*, hub_text contract, hub_bytes_fn json, void* user)
        HUB_NOEXCEPT;
} hub_accounts_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_ACCOUNTS_H_INCLUDED */
