-- An order's payments in their order: with the order alone SQLite rather walked all payments in it.
CREATE INDEX payments_payment_of_order ON payments_payment (partition, order_ref, ordinal);
