-- Lists are in the order of the ids: with what they ask for alone SQLite rather walked all messages.
DROP INDEX messaging_message_recipient;
DROP INDEX messaging_message_tail;
CREATE INDEX messaging_message_recipient
    ON messaging_message (partition, recipient_index, message_id);
CREATE INDEX messaging_message_tail ON messaging_message (partition, recipient_tail, message_id);
CREATE INDEX messaging_message_state ON messaging_message (partition, state, message_id);
-- What the retention still has to empty, without all that it has emptied.
CREATE INDEX messaging_message_held
    ON messaging_message (partition, created_ms) WHERE length(recipient) > 0;
