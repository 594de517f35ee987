-- People who are logged in. The token itself is nowhere: `digest` is its SHA-256.
CREATE TABLE hub_session (
    partition BIGINT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    library TEXT NOT NULL,
    subject TEXT NOT NULL,
    scopes TEXT NOT NULL,
    label TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    idle_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    PRIMARY KEY (partition, id)
);
CREATE UNIQUE INDEX hub_session_digest ON hub_session (digest);
CREATE INDEX hub_session_subject ON hub_session (library, subject) WHERE ended_ms IS NULL;

-- Long work: parsing -> staging -> activating -> done; or discarding -> failed or canceled.
-- `position` moves in the commit of the rows that were staged.
CREATE TABLE hub_job (
    partition BIGINT NOT NULL,
    id TEXT NOT NULL,
    library TEXT NOT NULL,
    kind TEXT NOT NULL,
    edition TEXT NOT NULL,
    principal TEXT NOT NULL,
    trace TEXT NOT NULL,
    input TEXT NOT NULL,
    parameters BLOB NOT NULL,
    state TEXT NOT NULL,
    ending TEXT NOT NULL,
    blob TEXT NOT NULL,
    position BIGINT NOT NULL,
    total BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    message TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, id)
);
CREATE INDEX hub_job_open ON hub_job (due_ms) WHERE state IN ('parsing', 'staging', 'activating', 'discarding');

-- Persons whose key is to be destroyed; done again after every restore.
CREATE TABLE hub_erasure (
    partition BIGINT NOT NULL,
    person TEXT NOT NULL,
    library TEXT NOT NULL,
    trace TEXT NOT NULL,
    erased_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, person)
);
