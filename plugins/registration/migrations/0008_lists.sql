-- What is found is shown in the order of submission, of one group or of all: the terms say when and
-- where, so that a search walks one index and looks at the persons that it shows. 0 and '' until the
-- person is submitted.
ALTER TABLE registration_search ADD COLUMN submitted_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE registration_search ADD COLUMN delegation_id TEXT NOT NULL DEFAULT '';
ALTER TABLE registration_search ADD COLUMN sub_delegation_id TEXT NOT NULL DEFAULT '';
UPDATE registration_search SET
    submitted_ms = (SELECT p.submitted_ms FROM registration_person p
        WHERE p.partition = registration_search.partition AND p.person_id = registration_search.person_id),
    delegation_id = (SELECT p.delegation_id FROM registration_person p
        WHERE p.partition = registration_search.partition AND p.person_id = registration_search.person_id),
    sub_delegation_id = (SELECT p.sub_delegation_id FROM registration_person p
        WHERE p.partition = registration_search.partition AND p.person_id = registration_search.person_id)
WHERE EXISTS (SELECT 1 FROM registration_person p
    WHERE p.partition = registration_search.partition AND p.person_id = registration_search.person_id
    AND p.submitted_ms > 0);
DROP INDEX registration_search_person;
CREATE INDEX registration_search_person ON registration_search (partition, person_id, term);
CREATE INDEX registration_search_order
    ON registration_search (partition, edition, term, submitted_ms, person_id, delegation_id, sub_delegation_id);

-- How many submitted persons have the same values in what lists filter by, kept by every change: a
-- total is a sum over a group's few hundred rows.
CREATE TABLE registration_facet (
    partition BIGINT NOT NULL,
    edition TEXT NOT NULL,
    -- 'edition', 'delegation' or 'sub_delegation'.
    node_kind TEXT NOT NULL,
    node_id TEXT NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    admission_period TEXT NOT NULL,
    delivery_method TEXT NOT NULL,
    reuse BIGINT NOT NULL,
    upgraded BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (partition, edition, node_kind, node_id, state, category, kind, admission_period,
        delivery_method, reuse, upgraded)
);
INSERT INTO registration_facet
SELECT 0, edition, 'edition', edition, state, category, kind, admission_period, delivery_method,
    reuse, upgraded, COUNT(*)
FROM registration_person WHERE partition = 0 AND submitted_ms > 0
GROUP BY edition, state, category, kind, admission_period, delivery_method, reuse, upgraded;
INSERT INTO registration_facet
SELECT 0, edition, 'delegation', delegation_id, state, category, kind, admission_period,
    delivery_method, reuse, upgraded, COUNT(*)
FROM registration_person WHERE partition = 0 AND submitted_ms > 0 AND delegation_id <> ''
GROUP BY edition, delegation_id, state, category, kind, admission_period, delivery_method, reuse, upgraded;
INSERT INTO registration_facet
SELECT 0, edition, 'sub_delegation', sub_delegation_id, state, category, kind, admission_period,
    delivery_method, reuse, upgraded, COUNT(*)
FROM registration_person WHERE partition = 0 AND submitted_ms > 0 AND sub_delegation_id <> ''
GROUP BY edition, sub_delegation_id, state, category, kind, admission_period, delivery_method, reuse, upgraded;
