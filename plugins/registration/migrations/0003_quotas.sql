-- What delegations' lists walk in their order of submission, and what organizations ask for.

CREATE INDEX registration_person_edition_order
    ON registration_person (partition, edition, submitted_ms, person_id);
CREATE INDEX registration_person_edition_state
    ON registration_person (partition, edition, state, submitted_ms, person_id);
CREATE INDEX registration_person_delegation_order
    ON registration_person (partition, edition, delegation_id, submitted_ms, person_id);
CREATE INDEX registration_person_sub_delegation_order
    ON registration_person (partition, edition, sub_delegation_id, submitted_ms, person_id);
CREATE INDEX registration_person_order
    ON registration_person (partition, organization_id, submitted_ms, person_id);

-- How many have a category, counted in the index alone.
CREATE INDEX registration_person_delegation_category
    ON registration_person (partition, edition, delegation_id, category, state);
CREATE INDEX registration_person_sub_delegation_category
    ON registration_person (partition, edition, sub_delegation_id, category, state);

-- An organization asks to cancel a person after the lock; the delegation cancels or refuses.
CREATE TABLE registration_cancellation (
    partition BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, person_id)
);
