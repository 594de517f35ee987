-- A group's search walks its own terms: what all share is found in every row of the edition, and of
-- those a group has few. Nobody is in a group before the submission.
DROP INDEX registration_search_order;
CREATE INDEX registration_search_order ON registration_search (partition, edition, term, submitted_ms, person_id);
CREATE INDEX registration_search_delegation
    ON registration_search (partition, edition, delegation_id, term, submitted_ms, person_id)
    WHERE delegation_id <> '';
CREATE INDEX registration_search_sub_delegation
    ON registration_search (partition, edition, sub_delegation_id, term, submitted_ms, person_id)
    WHERE sub_delegation_id <> '';
