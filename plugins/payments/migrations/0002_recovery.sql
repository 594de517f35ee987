-- After a restore: what providers are asked about, the bills since the backup, and what they know
-- that we don't.

-- 'wanted' -> 'asked' -> 'known'; `call_id` is the query whose answer counts.
CREATE TABLE payments_recovery (
    partition BIGINT NOT NULL,
    subject TEXT NOT NULL,
    number TEXT NOT NULL,
    account TEXT NOT NULL,
    state TEXT NOT NULL,
    call_id BIGINT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (partition, subject, number)
);
CREATE INDEX payments_recovery_state ON payments_recovery (partition, state);
CREATE INDEX payments_recovery_call ON payments_recovery (partition, call_id);

-- 'wanted' -> 'asked' -> 'reading' -> 'compared'; read up to `read_bytes`.
CREATE TABLE payments_bill (
    partition BIGINT NOT NULL,
    account TEXT NOT NULL,
    bill_day TEXT NOT NULL,
    state TEXT NOT NULL,
    call_id BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    blob TEXT NOT NULL,
    read_bytes BIGINT NOT NULL,
    read_lines BIGINT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (partition, account, bill_day)
);

-- 'their_payment' and 'their_refund' are the provider's only; booked ones stand in suspense.
CREATE TABLE payments_exception (
    partition BIGINT NOT NULL,
    exception_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    number TEXT NOT NULL,
    refund_number TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    bill_day TEXT NOT NULL,
    booked BIGINT NOT NULL,
    state TEXT NOT NULL,
    message TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, exception_id)
);
CREATE UNIQUE INDEX payments_exception_fact
    ON payments_exception (partition, kind, account, number, refund_number);
CREATE INDEX payments_exception_number ON payments_exception (partition, number);
