CREATE TABLE test_door_try (
    n BIGINT NOT NULL,
    PRIMARY KEY (n)
);
