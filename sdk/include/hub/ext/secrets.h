/* hub.secrets/1: reveals a secret in clear. The last resort, where no operation of hub.keys
 * fits: granted by the operator per library and secret, and every reveal is audited. */
#ifndef HUB_EXT_SECRETS_H_INCLUDED
#define HUB_EXT_SECRETS_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_SECRETS_1 "hub.secrets/1"

typedef struct hub_secrets_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* [any] Task mode, within the live delivery `call_id`. HUB_NOT_FOUND, HUB_UNAUTHENTICATED:
     * not granted. The bytes are wiped when the sink returns. */
    hub_status (*reveal)(hub_context*, hub_call_id, hub_text name, hub_bytes_fn secret, void* user)
        HUB_NOEXCEPT;
} hub_secrets_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_SECRETS_H_INCLUDED */
