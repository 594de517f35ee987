/* Plugin ABI of the hub, major version 1. Pure C11: no C++ type, no exception and no allocation
 * crosses this boundary. sdk/ABI.md is the normative text; this header states the facts.
 *
 * Ownership   Every pointer argument is borrowed: it is valid until the call returns. Whoever
 *             wants to keep the bytes copies them. Nobody frees what the other side allocated.
 * Threads     Each function says who may call it: [control] one thread per library, calls never
 *             overlap; [lane] the one thread that writes the store; [worker] a pool thread, calls
 *             may overlap; [any] any thread at any time.
 * Texts       UTF-8, not NUL-terminated, may be empty. Payloads are JSON described by
 *             sdk/contracts/ unless a field says otherwise, at most HUB_PAYLOAD_BYTES_MAX.
 * Times       Milliseconds since 1970-01-01T00:00:00Z. 0 means "not set".
 * Growth      Append at the end of a struct and raise HUB_ABI_MINOR; never reorder, retype or
 *             reuse. Bigger features are extensions, fetched by name, with their own header.
 */
#ifndef HUB_PLUGIN_H_INCLUDED
#define HUB_PLUGIN_H_INCLUDED

/* NOLINTBEGIN: this file is C. */
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define HUB_NOEXCEPT noexcept
extern "C" {
#else
#define HUB_NOEXCEPT
#endif

#define HUB_ABI_MAJOR 1u
#define HUB_ABI_MINOR 1u
#define HUB_PLUGIN_ENTRY_SYMBOL "hub_plugin_entry"
#define HUB_EXPORT __attribute__((visibility("default")))

/* Limits of the boundary. Larger content goes by hub.blob. */
#define HUB_PAYLOAD_BYTES_MAX 1048576u
#define HUB_MESSAGE_BYTES_MAX 4096u
#define HUB_NAME_BYTES_MAX 255u

/* True when the peer's struct is long enough to hold `member` and it is set. */
#define HUB_HAS(ptr, type, member)                                                                 \
    ((ptr)->struct_size >= offsetof(type, member) + sizeof((ptr)->member) && (ptr)->member != NULL)

typedef struct hub_text {
    const char* data;
    uint64_t size;
} hub_text;

typedef struct hub_bytes {
    const uint8_t* data;
    uint64_t size;
} hub_bytes;

/* A code exists only where some caller would act differently on it. Values are frozen.
 * A plain integer, not an enum type: an unknown value from a peer must stay harmless. */
typedef int32_t hub_status;
enum {
    HUB_STATUS_INVALID_ZERO = 0, /* never sent: catches a forgotten assignment */
    HUB_OK = 1,
    HUB_REJECTED = 2,        /* the provider refused; final, do not retry */
    HUB_BAD_REQUEST = 3,     /* malformed or unsupported input; final */
    HUB_UNAUTHENTICATED = 4, /* credentials refused; stop and alert */
    HUB_NOT_FOUND = 5,
    HUB_ALREADY_DONE = 6,    /* same idempotency key, same request: treat as success */
    HUB_THROTTLED = 7,       /* not executed; retry after retry_after_ms */
    HUB_UNAVAILABLE = 8,     /* certainly not executed; safe to retry */
    HUB_OUTCOME_UNKNOWN = 9, /* may have been executed: query before any retry */
    HUB_UNSUPPORTED = 10,
    HUB_INTERNAL = 11, /* only if the request certainly never left the library */
    HUB_PENDING = 12   /* accepted, not final: a callback or a query will tell */
};

/* How a call ended. sdk/ABI.md has the one table from status to outcome. */
enum {
    HUB_OUTCOME_NONE = 0,
    HUB_OUTCOME_SUCCEEDED = 1,
    HUB_OUTCOME_REJECTED = 2,
    HUB_OUTCOME_NOT_SENT = 3,
    HUB_OUTCOME_PENDING = 4,
    HUB_OUTCOME_UNRESOLVED = 5 /* "unknown": being resolved by the hub */
};

/* The mode in which a library is asked. */
enum {
    HUB_KIND_UNIT = 1, /* [lane] writes; completes before handle() returns; no I/O, no waiting */
    HUB_KIND_READ = 2, /* [worker] one read-only snapshot; completes before handle() returns */
    HUB_KIND_TASK = 3  /* [worker] completes later, from any thread; no store */
};

/* What the event is. */
enum {
    HUB_SOURCE_EVENT = 1,    /* a journal event; `seq` and `type` say which */
    HUB_SOURCE_CALL = 2,     /* a call to a contract: `type` is the contract */
    HUB_SOURCE_OUTCOME = 3,  /* the outcome of an own call: `subject`, `outcome`, `message` */
    HUB_SOURCE_REQUEST = 4,  /* an HTTP route of the manifest; payload: sdk/ABI.md "request" */
    HUB_SOURCE_CALLBACK = 5, /* a provider's callback: raw for connectors, read for the owner */
    HUB_SOURCE_ASK = 6,      /* hub.ask by another plugin */
    HUB_SOURCE_COMMAND = 7,  /* a command of the manifest; payload {"arguments":[...]} */
    HUB_SOURCE_TIMER = 8,    /* a timer of its own fired; `type` is the timer's kind */
    HUB_SOURCE_SESSION = 9,  /* the standing connection of `account`: ext/stream.h; no deadline */
    HUB_SOURCE_JOB = 10      /* a step of an own job (hub.job); `type` is the job's kind */
};

/* Bits of hub_event.flags. */
enum {
    HUB_FLAG_REPLAY = 1u,   /* delivered again by an operator */
    HUB_FLAG_PERSONAL = 2u, /* payload is encrypted at rest; never copy it into an event */
    HUB_FLAG_RESOLVED = 4u  /* an outcome that the hub's resolver found by a query */
};

typedef struct hub_instance hub_instance; /* library-owned, opaque to the hub */
typedef struct hub_context hub_context;   /* hub-owned, opaque to the library */
typedef struct hub_unit hub_unit;         /* hub-owned; valid until handle() returns */
typedef uint64_t hub_call_id;             /* from the store's sequence, never used twice */

/* The envelope. The hub fills every field that applies and leaves the others empty. A library
 * fills only the fields that the function it calls names. */
typedef struct hub_event {
    uint32_t struct_size;
    uint32_t kind;            /* HUB_KIND_… */
    uint32_t source;          /* HUB_SOURCE_… */
    uint32_t flags;           /* HUB_FLAG_… */
    hub_call_id call_id;      /* names this delivery to complete() */
    hub_unit* unit;           /* unit and read mode, else NULL */
    int64_t seq;              /* position in the journal; 0 for what is not an event */
    uint32_t partition;       /* of the journal */
    uint32_t schema_version;  /* of the payload, not of the ABI */
    uint32_t attempt;         /* 1 on first delivery */
    uint32_t outcome;         /* HUB_OUTCOME_…, source OUTCOME only */
    hub_call_id subject;      /* the call that an outcome belongs to */
    hub_text id;              /* UUIDv7, stable across deliveries */
    hub_text type;            /* "payment.paid", or the contract, or the timer's kind */
    hub_text operation;       /* "create", or the route's operation id */
    hub_text key;             /* events of one key arrive in order */
    hub_text edition;         /* one year's fair */
    hub_text account;         /* provider account, stamped by the hub */
    hub_text idempotency_key; /* stable across attempts */
    hub_text correlation_id;  /* the id that caused this one */
    hub_text trace;           /* W3C trace id, 32 hex digits */
    hub_text principal;       /* who asked: API key id, library id, "operator:<name>" */
    hub_text message;         /* outcome: text for operators */
    int64_t time_unix_ms;     /* when it happened */
    int64_t deadline_unix_ms; /* afterwards the hub decides without this library */
    hub_bytes payload;
} hub_event;

typedef struct hub_result {
    uint32_t struct_size;
    hub_status status;
    uint32_t retry_after_ms; /* only with HUB_THROTTLED, HUB_UNAVAILABLE */
    uint32_t reserved;
    hub_text message; /* for operators; no secrets, no personal data */
    hub_bytes payload;
} hub_result;

/* [any] Tells how a publication ended: HUB_OK (committed; `seq` is its position),
 * HUB_ALREADY_DONE (same id and content were there), HUB_REJECTED (same id, other content, or a
 * type that the manifest does not list), HUB_UNAVAILABLE (not committed; publish it again). */
typedef void (*hub_published_fn)(void* user, hub_status status, int64_t seq) HUB_NOEXCEPT;

/* What the hub offers. Valid from create() until destroy() returns. */
typedef struct hub_host_api {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    /* [any] Answers a delivery once. A second answer is ignored and counted; a late one is kept,
     * because it may resolve an unknown outcome. In unit and read mode only from the thread
     * that runs handle(), before it returns. */
    void (*complete)(hub_context*, hub_call_id, const hub_result*) HUB_NOEXCEPT;
    /* Publishes the event {id, type, schema_version, key, edition, correlation_id, payload}.
     * An empty id is drawn by the hub. With a unit: [lane] part of that unit, `done` must be
     * NULL. Without: [any] `done` is called once, after the commit; with NULL the call waits.
     * HUB_THROTTLED: the queue is full, nothing was taken and `done` will not be called. */
    hub_status (*publish)(
        hub_context*, hub_unit*, const hub_event*, hub_published_fn done, void* user) HUB_NOEXCEPT;
    /* [lane] Creates a call {type: contract, operation, key, edition, account, idempotency_key,
     * payload, deadline_unix_ms} as part of the unit; *call_id names it. HUB_UNSUPPORTED: no
     * enabled account offers it. HUB_BAD_REQUEST: the payload breaks the contract's schema. */
    hub_status (*call)(hub_context*, hub_unit*, const hub_event*, hub_call_id* call_id)
        HUB_NOEXCEPT;
    /* [lane] Ends the resolving of an own call whose outcome is unknown: the caller has decided.
     * A later answer is recorded and still delivered. */
    hub_status (*release_call)(hub_context*, hub_unit*, hub_call_id) HUB_NOEXCEPT;
    /* [any] level: 0 trace .. 5 critical. */
    void (*log)(hub_context*, int32_t level, hub_text message) HUB_NOEXCEPT;
    /* [any] Extension table by id such as "hub.keys/1"; NULL when absent or not granted. */
    const void* (*get_extension)(hub_context*, const char* id)HUB_NOEXCEPT;
} hub_host_api;

/* What a library implements. Static storage; never modified after the entry point returns. */
typedef struct hub_plugin_api {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor_required; /* lowest hub minor this library can live with */
    const char* id;              /* equals the manifest: "payment_example" */
    const char* version;         /* semantic version, equals the manifest */
    /* [control] Parses the configuration, reserves memory. No network, no secrets inside: key
     * names instead. NULL and *error set on failure. */
    hub_instance* (*create)(hub_context*,
                            const hub_host_api*,
                            hub_text config_json,
                            hub_result* error)HUB_NOEXCEPT;
    /* [control] Starts threads, if it needs any. */
    hub_status (*start)(hub_instance*) HUB_NOEXCEPT;
    /* [lane] or [worker] as the event's kind says. The answer goes to complete(). */
    void (*handle)(hub_instance*, const hub_event*) HUB_NOEXCEPT;
    /* [control] After it returns no thread of the library is alive and handle() is not called. */
    void (*stop)(hub_instance*, int64_t deadline_unix_ms) HUB_NOEXCEPT;
    /* [control] */
    void (*destroy)(hub_instance*) HUB_NOEXCEPT;
    /* [any] Optional capabilities by id; NULL when absent. The slot itself may be NULL. */
    const void* (*get_extension)(hub_instance*, const char* id)HUB_NOEXCEPT;
} hub_plugin_api;

/* The one exported symbol. NULL means "I cannot work with this hub". */
typedef const hub_plugin_api* (*hub_plugin_entry_fn)(uint16_t hub_major,
                                                     uint16_t hub_minor)HUB_NOEXCEPT;

#ifdef __cplusplus
}
#endif
/* NOLINTEND */
#endif /* HUB_PLUGIN_H_INCLUDED */
