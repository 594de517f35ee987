-- Erasures: all records of one human, and what keeps an old file from bringing them back.

-- Documents of who was erased, as registration_person has them: an index that leads to no value.
CREATE TABLE registration_erased_document (
    partition BIGINT NOT NULL,
    document_index BLOB NOT NULL,
    erased_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, document_index)
);

-- The same document in any edition; it serves whoever knows the edition, too.
DROP INDEX registration_person_known;
CREATE INDEX registration_person_same_document
    ON registration_person (partition, document_index, edition) WHERE document_index IS NOT NULL;
CREATE INDEX registration_person_brought
    ON registration_person (partition, past_person_id) WHERE past_person_id <> '';
