-- What became of the newest wish for a code that pays an order. `declined_code` says why payments made
-- none; '' while nobody has answered, and when there is a payment.
CREATE TABLE orders_checkout_wish (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    wished_ms BIGINT NOT NULL,
    -- 0 while nobody has answered.
    answered_ms BIGINT NOT NULL,
    declined_code TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);
