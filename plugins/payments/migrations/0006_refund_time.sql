-- The time that, with its number, names a refund at the provider; it is renewed only while certainly
-- nothing has left.
ALTER TABLE payments_refund ADD COLUMN sent_at_ms BIGINT NOT NULL DEFAULT 0;
ALTER TABLE payments_refund ADD COLUMN may_have_left BIGINT NOT NULL DEFAULT 1;
UPDATE payments_refund SET sent_at_ms = created_at_ms;
