-- Imports: what is brought in from files, staged until all of it counts at one stroke.

CREATE TABLE registration_import (
    partition BIGINT NOT NULL,
    -- Also the "person" whose key seals the rows; erased when the import ends.
    import_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    -- '' of an operator's.
    organization_id TEXT NOT NULL,
    -- Of domain/import_columns, or 'photos'.
    kind TEXT NOT NULL,
    job_id TEXT NOT NULL,
    -- 'running', 'done', 'checked' (a dry run without errors), 'refused' (it had errors) or 'failed'.
    state TEXT NOT NULL,
    total BIGINT NOT NULL,
    -- Rows that were there already; they stay as they are.
    known BIGINT NOT NULL,
    errors BIGINT NOT NULL,
    begun_by TEXT NOT NULL,
    begun_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    is_dry BIGINT NOT NULL,
    PRIMARY KEY (partition, import_id)
);
CREATE INDEX registration_import_of_organization
    ON registration_import (partition, organization_id, begun_ms, import_id);

-- What only the tables could tell, found while staging. No personal data.
CREATE TABLE registration_import_error (
    partition BIGINT NOT NULL,
    import_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    line BIGINT NOT NULL,
    place TEXT NOT NULL,
    code TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    PRIMARY KEY (partition, import_id, n)
);

-- Delegations, industries, quotas: documents in the order of the file, not personal.
CREATE TABLE registration_import_row (
    partition BIGINT NOT NULL,
    import_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (partition, import_id, line)
);

-- As in registration_organization; their pages stand where they will be read, under an id that
-- nobody has yet.
CREATE TABLE registration_import_organization (
    partition BIGINT NOT NULL,
    import_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    region TEXT NOT NULL,
    class TEXT NOT NULL,
    name TEXT NOT NULL,
    social_credit_code TEXT NOT NULL,
    delegation_id TEXT NOT NULL,
    sub_delegation_id TEXT NOT NULL,
    PRIMARY KEY (partition, import_id, organization_id)
);

-- As in registration_person; their search terms and first lines of history stand where they will be
-- read.
CREATE TABLE registration_import_person (
    partition BIGINT NOT NULL,
    import_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    organization_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    admission_period TEXT NOT NULL,
    delivery_method TEXT NOT NULL,
    address_id TEXT NOT NULL,
    document_index BLOB,
    document BLOB NOT NULL,
    summary BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, import_id, person_id)
);

CREATE TABLE registration_import_photo (
    partition BIGINT NOT NULL,
    import_id TEXT NOT NULL,
    person_id TEXT NOT NULL,
    -- The file's place in the archive.
    line BIGINT NOT NULL,
    photo TEXT NOT NULL,
    photo_key BLOB NOT NULL,
    PRIMARY KEY (partition, import_id, person_id)
);

-- Whether an import knows the person already, live or not.
CREATE INDEX registration_person_known
    ON registration_person (partition, edition, document_index);
