-- The configurations that a library ran with: each other one has the next number, which stands on
-- every step that was taken under it. The digest covers what the operator wrote, secrets included.
CREATE TABLE hub_configuration (
    library TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    first_ms BIGINT NOT NULL,
    PRIMARY KEY (library, version)
);
