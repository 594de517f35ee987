-- The kernel's own tables. Times are UTC milliseconds; `partition` is 0 until a store holds more
-- than one journal.

CREATE TABLE hub_meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

-- One row per partition: who writes, and the last group it committed. After a lost connection
-- the lane reads here whether its commit happened; another hub's epoch fences this one.
CREATE TABLE hub_fence (
    partition BIGINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    group_no BIGINT NOT NULL,
    holder TEXT NOT NULL
);

CREATE TABLE hub_migration (
    library TEXT NOT NULL,
    number BIGINT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    applied_ms BIGINT NOT NULL,
    PRIMARY KEY (library, number)
);

-- Counters that are never reused: seq of the journal, call ids, audit numbers.
CREATE TABLE hub_sequence (
    partition BIGINT NOT NULL,
    name TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (partition, name)
);

CREATE TABLE hub_event (
    partition BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    version BIGINT NOT NULL,
    key TEXT NOT NULL,
    edition TEXT NOT NULL,
    account TEXT NOT NULL,
    trace TEXT NOT NULL,
    correlation TEXT NOT NULL,
    publisher TEXT NOT NULL,
    recipient TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (partition, seq)
);
CREATE UNIQUE INDEX hub_event_id ON hub_event (id);

-- queued -> dispatched -> sending -> answered. `delivery` fences late marks and answers;
-- `outcome` is NULL until the first answer and may go from unknown or pending to a final one.
CREATE TABLE hub_call (
    partition BIGINT NOT NULL,
    id BIGINT NOT NULL,
    uuid TEXT NOT NULL,
    contract TEXT NOT NULL,
    operation TEXT NOT NULL,
    version BIGINT NOT NULL,
    carrier TEXT NOT NULL,
    owner TEXT NOT NULL,
    connector TEXT NOT NULL,
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    edition TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    principal TEXT NOT NULL,
    trace TEXT NOT NULL,
    correlation TEXT NOT NULL,
    safe BIGINT NOT NULL,
    personal BIGINT NOT NULL,
    payload BLOB,
    state TEXT NOT NULL,
    delivery BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    deadline_ms BIGINT NOT NULL,
    timeout_ms BIGINT NOT NULL,
    dispatched_ms BIGINT,
    sending_ms BIGINT,
    answered_ms BIGINT,
    request_digest TEXT,
    outcome BIGINT,
    status BIGINT,
    message TEXT,
    result BLOB,
    -- The resolver: the call this one resolves, its own step, and whether the owner gave up.
    resolves BIGINT,
    resolving BIGINT NOT NULL,
    resolve_step BIGINT NOT NULL,
    released BIGINT NOT NULL,
    PRIMARY KEY (partition, id)
);
CREATE UNIQUE INDEX hub_call_uuid ON hub_call (uuid);
CREATE INDEX hub_call_open ON hub_call (state, connector, due_ms) WHERE state <> 'answered';
CREATE INDEX hub_call_deadline ON hub_call (deadline_ms) WHERE state <> 'answered';
CREATE INDEX hub_call_resolving ON hub_call (resolving, due_ms) WHERE resolving = 1;
CREATE INDEX hub_call_key ON hub_call (key, id);
CREATE INDEX hub_call_trace ON hub_call (trace);

CREATE TABLE hub_timer (
    partition BIGINT NOT NULL,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    edition TEXT NOT NULL,
    trace TEXT NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (partition, owner, kind, key)
);
CREATE INDEX hub_timer_due ON hub_timer (partition, due_ms);

-- `cursor`: everything up to it is settled. What is settled above it, waits for a retry, is
-- queued behind a failed event of its key, or is dead are rows of hub_subscriber_mark.
CREATE TABLE hub_subscriber (
    partition BIGINT NOT NULL,
    name TEXT NOT NULL,
    cursor BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, name)
);

CREATE TABLE hub_subscriber_mark (
    partition BIGINT NOT NULL,
    subscriber TEXT NOT NULL,
    seq BIGINT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    replay BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (partition, subscriber, seq)
);

CREATE TABLE hub_dead_letter (
    partition BIGINT NOT NULL,
    id BIGINT NOT NULL,
    subscriber TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    decided_ms BIGINT,
    decided_by TEXT,
    PRIMARY KEY (partition, id)
);
CREATE INDEX hub_dead_letter_state ON hub_dead_letter (state, id);

CREATE TABLE hub_idempotency (
    partition BIGINT NOT NULL,
    principal TEXT NOT NULL,
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    body_digest TEXT NOT NULL,
    status BIGINT NOT NULL,
    location TEXT NOT NULL,
    etag TEXT NOT NULL,
    body BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, principal, route, key)
);
CREATE INDEX hub_idempotency_age ON hub_idempotency (created_ms);

-- What crossed to a provider, masked; the digests are of the raw bytes.
CREATE TABLE hub_exchange (
    partition BIGINT NOT NULL,
    id TEXT NOT NULL,
    direction TEXT NOT NULL,
    call_id BIGINT,
    delivery BIGINT,
    connector TEXT NOT NULL,
    account TEXT NOT NULL,
    operation TEXT NOT NULL,
    key TEXT NOT NULL,
    trace TEXT NOT NULL,
    method TEXT NOT NULL,
    host TEXT NOT NULL,
    path TEXT NOT NULL,
    request TEXT NOT NULL,
    request_bytes BIGINT NOT NULL,
    request_digest TEXT NOT NULL,
    http_status BIGINT,
    response TEXT,
    response_bytes BIGINT,
    response_digest TEXT,
    bytes_left BIGINT NOT NULL,
    ended TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    PRIMARY KEY (partition, id)
);
CREATE INDEX hub_exchange_call ON hub_exchange (call_id);
CREATE INDEX hub_exchange_trace ON hub_exchange (trace);

-- Chained: `mac` covers the row and the mac before it, with a key that the database never sees.
CREATE TABLE hub_audit (
    partition BIGINT NOT NULL,
    number BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    trace TEXT NOT NULL,
    mac TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);

CREATE TABLE hub_api_key (
    id TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    scopes TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT,
    revoked_ms BIGINT
);

-- Operators' switches, and what the hub decided about a library.
CREATE TABLE hub_library (
    id TEXT NOT NULL PRIMARY KEY,
    wanted TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_ms BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);

CREATE TABLE hub_blob (
    digest TEXT NOT NULL PRIMARY KEY,
    bytes BIGINT NOT NULL,
    library TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);
