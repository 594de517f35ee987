CREATE TABLE plugin_example_day (
    day TEXT NOT NULL PRIMARY KEY,
    payments BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL
);
