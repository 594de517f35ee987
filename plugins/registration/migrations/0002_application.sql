-- The organization's side: what the form shows, who agreed to what, and who may take over whom.

-- Of If-Match.
ALTER TABLE registration_address ADD COLUMN revision BIGINT NOT NULL DEFAULT 1;
-- 1: a special zone among the industries (R-066).
ALTER TABLE registration_industry ADD COLUMN zone BIGINT NOT NULL DEFAULT 0;

-- The organizer's lists show all delegations.
CREATE INDEX registration_organization_edition
    ON registration_organization (partition, edition, state, submitted_ms, organization_id);

-- Which version of a text consents are asked for; older consents do not count any more (D-09).
CREATE TABLE registration_policy (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    -- Where people read it.
    address TEXT NOT NULL,
    PRIMARY KEY (partition, edition, kind)
);

-- One delegation gives an organization away, the other one has not said yes yet.
CREATE TABLE registration_move (
    partition BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    to_delegation_id TEXT NOT NULL,
    to_sub_delegation_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, organization_id)
);
CREATE INDEX registration_move_target
    ON registration_move (partition, edition, to_delegation_id, asked_ms);
