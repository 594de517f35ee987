-- Whom an organization brought from past editions: looked up for each person of a batch.
CREATE INDEX registration_person_past
    ON registration_person (partition, organization_id, past_person_id) WHERE past_person_id <> '';
