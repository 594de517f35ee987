-- One code for all wallets: a page of ours, good for some minutes. What the payer's app needs to go
-- on (a code, parameters, an address, a form) stands with the attempt.
ALTER TABLE payments_attempt ADD COLUMN wallet TEXT NOT NULL DEFAULT '';
ALTER TABLE payments_attempt ADD COLUMN payer TEXT NOT NULL DEFAULT '';
ALTER TABLE payments_attempt ADD COLUMN presentation TEXT NOT NULL DEFAULT '';

CREATE TABLE payments_checkout (
    partition BIGINT NOT NULL,
    token TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    -- A wallet that must know its payer first: which account asks, with which call, and what came.
    identity_account TEXT NOT NULL,
    identity_call BIGINT NOT NULL,
    identity_url TEXT NOT NULL,
    -- What kept the last choice from becoming an attempt: '' nothing, else a word for the page.
    trouble TEXT NOT NULL,
    PRIMARY KEY (partition, token)
);
CREATE INDEX payments_checkout_payment ON payments_checkout (partition, payment_id, created_ms);
CREATE INDEX payments_checkout_call ON payments_checkout (partition, identity_call);
