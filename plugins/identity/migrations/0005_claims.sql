-- Who finds a social credit code taken claims it with the licence; the delegation decides (D-08).
CREATE TABLE identity_claim (
    partition BIGINT NOT NULL,
    -- Also the person whose key seals the phone.
    claim_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    -- Who has the code now.
    organization_id TEXT NOT NULL,
    social_credit_code TEXT NOT NULL,
    -- Who is asked to decide.
    delegation_id TEXT NOT NULL,
    -- The digest of the licence's blob.
    licence TEXT NOT NULL,
    phone BLOB,
    phone_index BLOB,
    language TEXT NOT NULL,
    -- 'open', 'released', 'handed_over', 'refused', or 'void': another claim was granted.
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    decided_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, claim_id)
);
CREATE INDEX identity_claim_edition ON identity_claim (partition, edition, state, claim_id);
CREATE UNIQUE INDEX identity_claim_phone
    ON identity_claim (partition, organization_id, phone_index) WHERE state = 'open';
