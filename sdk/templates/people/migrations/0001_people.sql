CREATE TABLE people_example_guest (
    n BIGINT NOT NULL PRIMARY KEY,
    guest TEXT NOT NULL UNIQUE,
    phone BLOB NOT NULL,
    pass_index BLOB NOT NULL UNIQUE
);
CREATE TABLE people_example_staged (
    job TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (job, n)
);
CREATE TABLE people_example_badge (
    n BIGINT NOT NULL PRIMARY KEY
);
CREATE VIEW people_example_total_v1 AS
    SELECT (SELECT COUNT(*) FROM people_example_guest) AS guests,
           (SELECT COUNT(*) FROM people_example_badge) AS badges;
