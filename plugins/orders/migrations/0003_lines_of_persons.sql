-- A person's lines in their order: with the person alone SQLite rather walked all lines in that order.
DROP INDEX orders_line_person;
CREATE INDEX orders_line_person ON orders_line (partition, person_id, number, line);
