-- Phones that an expired invitation has left, looked for each time that one expires.
CREATE INDEX identity_invitation_phone
    ON identity_invitation (partition, expires_ms) WHERE phone IS NOT NULL;
