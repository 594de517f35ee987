-- Staff: invited by mail, let in by password and a code of their authenticator. `totp` is sealed;
-- `totp_step` is the last step of 30 seconds that counted, 0 until the first code was right.
ALTER TABLE identity_login ADD COLUMN name BLOB;
ALTER TABLE identity_login ADD COLUMN totp BLOB;
ALTER TABLE identity_login ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
-- Of a sub-delegation's role: the delegation that it belongs to.
ALTER TABLE identity_role ADD COLUMN delegation_id TEXT NOT NULL DEFAULT '';
CREATE INDEX identity_role_delegation ON identity_role (partition, delegation_id);

CREATE TABLE identity_invitation (
    partition BIGINT NOT NULL,
    invitation_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    -- The login that is to be, and the person whose key seals the mail address.
    staff_id TEXT NOT NULL,
    -- Of the link; the token itself is kept nowhere.
    token_digest TEXT NOT NULL,
    mail BLOB NOT NULL,
    mail_index BLOB NOT NULL,
    language TEXT NOT NULL,
    roles TEXT NOT NULL,
    -- 'open', 'accepted', 'replaced' by a newer one, or 'withdrawn'.
    state TEXT NOT NULL,
    invited_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, invitation_id)
);
CREATE UNIQUE INDEX identity_invitation_staff ON identity_invitation (partition, staff_id);
CREATE UNIQUE INDEX identity_invitation_token ON identity_invitation (partition, token_digest);
CREATE UNIQUE INDEX identity_invitation_mail
    ON identity_invitation (partition, edition, mail_index) WHERE state = 'open';

-- Codes for who lost the authenticator: keyed digests; a row goes when its code was used.
CREATE TABLE identity_recovery_code (
    partition BIGINT NOT NULL,
    login_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (partition, login_id, digest)
);
