-- Erasures look for what an import has staged of somebody, by the document and then by the person.
CREATE INDEX registration_import_person_document
    ON registration_import_person (partition, document_index);
CREATE INDEX registration_import_person_person
    ON registration_import_person (partition, person_id);
-- What a social credit code was in editions that are over.
CREATE INDEX registration_organization_past_code
    ON registration_organization (partition, social_credit_code, edition) WHERE social_credit_code <> '';
