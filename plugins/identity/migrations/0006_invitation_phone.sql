-- Where somebody is told that an invitation waits; nobody has proven to own it. It is kept while the
-- invitation is open.
ALTER TABLE identity_invitation ADD COLUMN phone BLOB;
