-- Payments, their attempts and refunds, every step they took, and the double-entry ledger.
-- Times are UTC milliseconds, amounts are minor units; `partition` is 0 until a store holds more
-- than one journal.

CREATE TABLE payments_sequence (
    partition BIGINT NOT NULL,
    name TEXT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (partition, name)
);

-- Every number ever given to a provider, attempts and refunds alike: none is used twice.
CREATE TABLE payments_number (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);

CREATE TABLE payments_payment (
    partition BIGINT NOT NULL,
    payment_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    edition TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    method TEXT NOT NULL,
    state TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    subject TEXT NOT NULL,
    current_number TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, payment_id)
);
CREATE UNIQUE INDEX payments_payment_ordinal ON payments_payment (partition, ordinal);
CREATE INDEX payments_payment_order ON payments_payment (partition, order_ref, edition);

-- From number to product: the frozen intent, sent unchanged at every repetition.
CREATE TABLE payments_attempt (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    edition TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    expires_at_ms BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    subject TEXT NOT NULL,
    account TEXT NOT NULL,
    product TEXT NOT NULL,
    state TEXT NOT NULL,
    -- What the money was used for: '' nothing came, 'fees' it paid the order, 'unapplied'.
    application TEXT NOT NULL,
    -- Why its end is wanted: '' it is not, 'canceled', 'replaced', 'expired'.
    end_wanted TEXT NOT NULL,
    create_call BIGINT NOT NULL,
    -- Since when a notice of payment waits for its confirmation by query; 0: none does.
    confirming_ms BIGINT NOT NULL,
    qr_code TEXT NOT NULL,
    merchant TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    -- The highest total of refunds that the provider has stated.
    provider_refunded_minor BIGINT NOT NULL,
    paid_at_ms BIGINT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);
CREATE INDEX payments_attempt_payment ON payments_attempt (partition, payment_id, ordinal);

CREATE TABLE payments_refund (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    edition TEXT NOT NULL,
    attempt_number TEXT NOT NULL,
    account TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- 'requested' by somebody, 'second_payment', 'late_payment', 'provider' (it was done there).
    origin TEXT NOT NULL,
    state TEXT NOT NULL,
    -- 1: refused after an unknown; a query must show that nothing happened.
    refused BIGINT NOT NULL,
    provider_refund_number TEXT NOT NULL,
    refunded_at_ms BIGINT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);
CREATE INDEX payments_refund_payment ON payments_refund (partition, payment_id, ordinal);
CREATE INDEX payments_refund_attempt ON payments_refund (partition, attempt_number);

-- Calls to providers: which attempt or refund an outcome belongs to.
CREATE TABLE payments_call (
    partition BIGINT NOT NULL,
    call_id BIGINT NOT NULL,
    operation TEXT NOT NULL,
    number TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    PRIMARY KEY (partition, call_id)
);
CREATE INDEX payments_call_number ON payments_call (partition, number, operation);

-- The timeline. `ordinal` is the payment's revision that the step made.
CREATE TABLE payments_transition (
    partition BIGINT NOT NULL,
    payment_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    subject TEXT NOT NULL,
    number TEXT NOT NULL,
    from_state TEXT NOT NULL,
    cause TEXT NOT NULL,
    to_state TEXT NOT NULL,
    account TEXT NOT NULL,
    credential_version BIGINT,
    configuration_version BIGINT NOT NULL,
    principal TEXT NOT NULL,
    trace TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (partition, payment_id, ordinal)
);

CREATE TABLE payments_booking (
    partition BIGINT NOT NULL,
    booking_id BIGINT NOT NULL,
    edition TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    number TEXT NOT NULL,
    cause TEXT NOT NULL,
    time_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, booking_id)
);
CREATE INDEX payments_booking_payment ON payments_booking (partition, payment_id);

-- Debits are positive, credits negative; the lines of a booking add up to zero per currency.
CREATE TABLE payments_booking_line (
    partition BIGINT NOT NULL,
    booking_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (partition, booking_id, line)
);
CREATE INDEX payments_booking_line_account ON payments_booking_line (partition, account, currency);
