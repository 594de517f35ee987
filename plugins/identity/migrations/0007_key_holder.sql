-- Who of staff held a named API key before they had a log-in: what was done by "key:<id>" was done
-- by them. Rows stay when somebody leaves, because the log does.
CREATE TABLE identity_key_holder (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    -- The hub's id of the key; the key itself is not known here.
    key_id TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    held_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, edition, key_id)
);
CREATE INDEX identity_key_holder_staff ON identity_key_holder (partition, staff_id);
