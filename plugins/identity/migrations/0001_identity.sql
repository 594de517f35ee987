-- Who may log in: organizations with the people who act for them, and staff. What is personal is
-- sealed with the person's key and found again by blind index. Times are UTC milliseconds;
-- `partition` is 0 until a store holds more than one journal.

CREATE TABLE identity_sequence (
    partition BIGINT NOT NULL,
    name TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (partition, name)
);

CREATE TABLE identity_organization (
    partition BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    region TEXT NOT NULL,
    class TEXT NOT NULL,
    -- '' outside the mainland, where there is none.
    social_credit_code TEXT NOT NULL,
    -- 'active' or 'released': somebody else's code was taken, see the note.
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, organization_id)
);
-- One organization, one account in an edition.
CREATE UNIQUE INDEX identity_organization_code
    ON identity_organization (partition, edition, social_credit_code)
    WHERE social_credit_code <> '' AND state = 'active';

CREATE TABLE identity_login (
    partition BIGINT NOT NULL,
    login_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    -- '' for staff.
    organization_id TEXT NOT NULL,
    account_index BLOB NOT NULL,
    account BLOB NOT NULL,
    -- Parameters, salt and hash; '' as long as none is set.
    password TEXT NOT NULL,
    phone BLOB,
    phone_index BLOB,
    mail BLOB,
    mail_index BLOB,
    language TEXT NOT NULL,
    -- 'active', 'left' or 'released'.
    state TEXT NOT NULL,
    failures BIGINT NOT NULL,
    locks BIGINT NOT NULL,
    locked_until_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, login_id)
);
CREATE UNIQUE INDEX identity_login_account
    ON identity_login (partition, edition, account_index) WHERE state = 'active';
CREATE INDEX identity_login_organization ON identity_login (partition, organization_id);

CREATE TABLE identity_role (
    partition BIGINT NOT NULL,
    login_id TEXT NOT NULL,
    role TEXT NOT NULL,
    -- What the role is about: an organization's, a delegation's id, or '' for the whole edition.
    scope_id TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, login_id, role, scope_id)
);

-- A proof that somebody owns a phone or address counts once.
CREATE TABLE identity_proof (
    partition BIGINT NOT NULL,
    verification_id TEXT NOT NULL,
    used_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, verification_id)
);
