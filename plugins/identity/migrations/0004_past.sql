-- Organizations of past editions (state 'archived', logins too) and how the new ones were linked to
-- them; what the organization agreed to.
ALTER TABLE identity_organization ADD COLUMN past_organization_id TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_organization ADD COLUMN privacy_version TEXT NOT NULL DEFAULT '';
-- Who was one organization then is one now.
CREATE UNIQUE INDEX identity_organization_past
    ON identity_organization (partition, edition, past_organization_id)
    WHERE past_organization_id <> '' AND state = 'active';
CREATE INDEX identity_login_past ON identity_login (partition, account_index, state);

CREATE TABLE identity_past_verification (
    partition BIGINT NOT NULL,
    past_verification_id TEXT NOT NULL,
    -- Of the token that whoever verified holds.
    token_digest TEXT NOT NULL,
    edition TEXT NOT NULL,
    past_organization_id TEXT NOT NULL,
    past_edition TEXT NOT NULL,
    -- 'password', 'sms' or 'mail'.
    way TEXT NOT NULL,
    -- Who registered with it; '' as long as nobody did.
    organization_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, past_verification_id)
);
CREATE INDEX identity_past_verification_organization
    ON identity_past_verification (partition, organization_id);
