-- Consents of persons come in with the files that bring the persons, and past persons with how
-- their edition ended for them.

-- The version of the text on sensitive data that all persons of the file agreed to; '' of past data
-- and where none is asked for (D-09).
ALTER TABLE registration_import ADD COLUMN consent TEXT NOT NULL DEFAULT '';
-- 'passed' or 'failed' of an archived person; '' when nobody knows.
ALTER TABLE registration_import_person ADD COLUMN reason TEXT NOT NULL DEFAULT '';
