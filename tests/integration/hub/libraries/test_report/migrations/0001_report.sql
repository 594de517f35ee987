CREATE TABLE test_report_line (
    name TEXT NOT NULL PRIMARY KEY,
    pieces BIGINT NOT NULL
);
