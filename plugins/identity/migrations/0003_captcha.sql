-- Failures are counted for what was typed and for where it came from, not at the log-in: an account
-- that does not exist rests like one that does. The columns failures, locks and locked_until_ms of
-- identity_login stay 0 from now on, because the store lets no migration drop a column.
CREATE TABLE identity_try (
    partition BIGINT NOT NULL,
    -- 'account', 'past' (an account of a past edition) or 'network'.
    kind TEXT NOT NULL,
    subject_index BLOB NOT NULL,
    failures BIGINT NOT NULL,
    locks BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, kind, subject_index)
);
CREATE INDEX identity_try_age ON identity_try (partition, last_ms);

CREATE TABLE identity_captcha (
    partition BIGINT NOT NULL,
    captcha_id TEXT NOT NULL,
    -- Keyed: the text is short enough to be guessed by who has a copy of the table.
    answer_digest TEXT NOT NULL,
    network_index BLOB NOT NULL,
    is_used BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, captcha_id)
);
CREATE INDEX identity_captcha_network ON identity_captcha (partition, network_index, created_ms);
CREATE INDEX identity_captcha_age ON identity_captcha (partition, created_ms);
