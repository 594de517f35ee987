/* hub.keys/1: cryptography by key name. A library never sees a key: it names one of the roles
 * that its manifest lists, and the account of the live call decides which key that is. */
#ifndef HUB_EXT_KEYS_H_INCLUDED
#define HUB_EXT_KEYS_H_INCLUDED

#include <hub/ext/blob.h>
#include <hub/plugin.h>

/* NOLINTBEGIN: this file is C. */
#ifdef __cplusplus
extern "C" {
#endif

#define HUB_EXT_KEYS_1 "hub.keys/1"

/* Algorithms, by name; the manifest lists which of them a key may be used with:
 *   sign, verify     "rsa_sha256" (PKCS#1 v1.5), "rsa_sha1", "sm2_sm3"
 *   hmac             "hmac_sha256", "hmac_sm3"
 *   digest           "sha256", "md5", "sm3" over parts, of which some are secrets
 *   encrypt, decrypt "aes_256_gcm", "aes_128_cbc", "aes_256_cbc", "rsa_oaep_sha1", "sm4_cbc"
 * An algorithm that this hub lacks is HUB_UNSUPPORTED. */

/* One part of a digest: literal bytes, or the bytes of a secret by role name. */
typedef struct hub_digest_part {
    hub_text secret; /* empty: `bytes` is the part */
    hub_bytes bytes;
} hub_digest_part;

/* Parameters of a cipher; what the algorithm does not use stays empty. */
typedef struct hub_cipher {
    hub_text algorithm;
    hub_bytes nonce;           /* or initialization vector */
    hub_bytes associated_data; /* GCM */
} hub_cipher;

typedef struct hub_keys_v1 {
    uint32_t struct_size;
    uint32_t reserved;
    /* All: [any] task mode, within the live delivery `call_id`. HUB_OK: the sink was called
     * once · HUB_NOT_FOUND: the account has no such key · HUB_UNAUTHENTICATED: the manifest does
     * not list this use · HUB_UNSUPPORTED: algorithm · HUB_BAD_REQUEST: input. */

    /* Signs `data` with the newest version. The signature is raw bytes, not base64. */
    hub_status (*sign)(hub_context*,
                       hub_call_id,
                       hub_text key,
                       hub_text algorithm,
                       hub_bytes data,
                       hub_bytes_fn signature,
                       void* user) HUB_NOEXCEPT;
    /* Tries every version that is not retired. HUB_OK: genuine · HUB_REJECTED: not. */
    hub_status (*verify)(hub_context*,
                         hub_call_id,
                         hub_text key,
                         hub_text algorithm,
                         hub_bytes data,
                         hub_bytes signature) HUB_NOEXCEPT;
    hub_status (*hmac)(hub_context*,
                       hub_call_id,
                       hub_text key,
                       hub_text algorithm,
                       hub_bytes data,
                       hub_bytes_fn mac,
                       void* user) HUB_NOEXCEPT;
    hub_status (*digest)(hub_context*,
                         hub_call_id,
                         hub_text algorithm,
                         const hub_digest_part* parts,
                         uint32_t part_count,
                         hub_bytes_fn digest,
                         void* user) HUB_NOEXCEPT;
    hub_status (*encrypt)(hub_context*,
                          hub_call_id,
                          hub_text key,
                          const hub_cipher*,
                          hub_bytes plain,
                          hub_bytes_fn cipher,
                          void* user) HUB_NOEXCEPT;
    /* HUB_REJECTED: the authentication tag is wrong; no plain byte is given out. */
    hub_status (*decrypt)(hub_context*,
                          hub_call_id,
                          hub_text key,
                          const hub_cipher*,
                          hub_bytes cipher,
                          hub_bytes_fn plain,
                          void* user) HUB_NOEXCEPT;
    /* The public half: PEM of the key, or of the certificate where one is configured. */
    hub_status (*public_part)(hub_context*, hub_call_id, hub_text key, hub_bytes_fn pem, void* user)
        HUB_NOEXCEPT;

    /* Since 1.1; an older hub's table ends before them. */

    /* The public halves of all versions that are not retired, newest first, PEM after PEM: what
     * `verify` would try. */
    hub_status (*public_parts)(
        hub_context*, hub_call_id, hub_text key, hub_bytes_fn pems, void* user) HUB_NOEXCEPT;
    /* Keeps `pem`, a public key or certificate of the provider, as the newest version of the role;
     * the earlier ones stay in use until an operator retires them. For what a provider hands out
     * over its own authenticated channel: the library has proved it before. HUB_OK: kept, durable,
     * audited · HUB_ALREADY_DONE: a version with this public key is there · HUB_BAD_REQUEST: no
     * public key or certificate, or one with its private half · HUB_THROTTLED: too many versions
     * are in use. */
    hub_status (*add_public)(hub_context*, hub_call_id, hub_text key, hub_bytes pem) HUB_NOEXCEPT;
} hub_keys_v1;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_EXT_KEYS_H_INCLUDED */
