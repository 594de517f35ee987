-- Why somebody canceled or categorized a person is written freely, and may name it: from here on these
-- words are sealed with the person's key, so that the erasure takes them along, in backups, too.

-- Sealed for the person; NULL where nobody wrote anything. `reason` holds codes, of organizations also
-- what reviewers write.
ALTER TABLE registration_history ADD COLUMN words BLOB;

-- What was written before can't be sealed here, so it is forgotten, also when an older backup is
-- restored; codes stay. Of a person, the words are in the sealed summary from here on.
UPDATE registration_person SET reason = ''
WHERE reason NOT IN ('', 'passed', 'failed', 'erased');
-- Empty from here on: the history tells why.
UPDATE registration_cancellation SET reason = '';
UPDATE registration_history SET reason = ''
WHERE event IN ('categorize', 'cancel', 'ask_to_cancel', 'refuse_to_cancel')
    AND reason NOT IN ('', 'erased');
