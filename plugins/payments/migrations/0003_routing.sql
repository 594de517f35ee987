-- What began at an account on a day, for limits of the day.
CREATE INDEX payments_attempt_account ON payments_attempt (partition, account, created_at_ms);
