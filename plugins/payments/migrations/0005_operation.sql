-- What organizers do while payments go on: a method that is stopped, with what people are told; and
-- the check with one fen that a new account goes through.
CREATE TABLE payments_stop (
    partition BIGINT NOT NULL,
    method TEXT NOT NULL,
    notice_zh TEXT NOT NULL,
    notice_en TEXT NOT NULL,
    stopped_ms BIGINT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (partition, method)
);

-- The newest check of each account. A line of the bill is 'found' when it was read.
CREATE TABLE payments_golive (
    partition BIGINT NOT NULL,
    account TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    principal TEXT NOT NULL,
    payment_found BIGINT NOT NULL,
    refund_found BIGINT NOT NULL,
    PRIMARY KEY (partition, account)
);
CREATE INDEX payments_golive_payment ON payments_golive (partition, payment_id);
