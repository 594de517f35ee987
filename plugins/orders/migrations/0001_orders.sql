-- Badge orders with a line for each person, every step they took, what payments has said about
-- money for them, and exceptions from the deadline. No column is personal: a person is an id here,
-- names are asked for when they are shown. Times are UTC milliseconds, amounts are minor units;
-- `partition` is 0 until a store holds more than one journal.

CREATE TABLE orders_order (
    partition BIGINT NOT NULL,
    -- R-210; told to other plugins as order_ref.
    number TEXT NOT NULL,
    edition TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The cause that canceled it; '' while none has.
    end_reason TEXT NOT NULL,
    -- Why it is to be canceled as soon as no payment is open; '' for nothing.
    cancel_wanted TEXT NOT NULL,
    -- The sum of its lines, frozen like them.
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    persons BIGINT NOT NULL,
    -- Of the edition's rules that the amounts follow from.
    pack_revision BIGINT NOT NULL,
    -- '' until one has paid.
    payment_id TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    -- The payment deadline that holds for it, exceptions included; 0: none.
    deadline_ms BIGINT NOT NULL,
    paid_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, number)
);
CREATE INDEX orders_order_organization ON orders_order (partition, organization_id, number);
CREATE INDEX orders_order_state ON orders_order (partition, state, number);

CREATE TABLE orders_line (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    line BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    category TEXT NOT NULL,
    admission_period TEXT NOT NULL,
    reuse BIGINT NOT NULL,
    upgraded BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    PRIMARY KEY (partition, number, line)
);
CREATE INDEX orders_line_person ON orders_line (partition, person_id);

-- Which order holds a person: the key is what keeps a person out of two live orders.
CREATE TABLE orders_live_line (
    partition BIGINT NOT NULL,
    person_id TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (partition, person_id)
);
CREATE INDEX orders_live_line_order ON orders_live_line (partition, number);

CREATE TABLE orders_transition (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    time_ms BIGINT NOT NULL,
    from_state TEXT NOT NULL,
    cause TEXT NOT NULL,
    to_state TEXT NOT NULL,
    principal TEXT NOT NULL,
    trace TEXT NOT NULL,
    PRIMARY KEY (partition, number, ordinal)
);

-- Every payment for one of our numbers, as its events tell it: 'open', 'ended' or 'paid'.
CREATE TABLE orders_payment (
    partition BIGINT NOT NULL,
    payment_id TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    state TEXT NOT NULL,
    seen_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, payment_id)
);
CREATE INDEX orders_payment_order ON orders_payment (partition, order_ref);

-- Money that pays no order, for finance. A row stays.
CREATE TABLE orders_unapplied (
    partition BIGINT NOT NULL,
    payment_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    order_ref TEXT NOT NULL,
    -- '' when there is no such order.
    organization_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    account TEXT NOT NULL,
    attempt_number TEXT NOT NULL,
    reason TEXT NOT NULL,
    arrived_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, payment_id)
);
CREATE INDEX orders_unapplied_arrived ON orders_unapplied (partition, arrived_ms);

-- Who may pay later, until when, and who has said so (C-07). Rows are only added.
CREATE TABLE orders_exception (
    partition BIGINT NOT NULL,
    exception_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    until_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    granted_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, exception_id)
);
CREATE INDEX orders_exception_organization
    ON orders_exception (partition, edition, organization_id);
