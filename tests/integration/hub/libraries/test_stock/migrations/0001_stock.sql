CREATE TABLE test_stock_item (
    name TEXT NOT NULL PRIMARY KEY,
    pieces BIGINT NOT NULL,
    buyer TEXT NOT NULL,
    phone BLOB NOT NULL,
    phone_index BLOB NOT NULL
);
CREATE TABLE test_stock_staged (
    job TEXT NOT NULL,
    n BIGINT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (job, n)
);
CREATE VIEW test_stock_total_v1 AS SELECT name, pieces FROM test_stock_item;
