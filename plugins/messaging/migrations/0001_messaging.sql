-- Messages with their attempts at providers, verifications, and templates with their versions.
-- Times are UTC milliseconds; `partition` is 0 until a store holds more than one journal. Recipients
-- are sealed for their person, and found by blind index; after the retention both are empty.

CREATE TABLE messaging_message (
    partition BIGINT NOT NULL,
    message_id TEXT NOT NULL,
    edition TEXT NOT NULL,
    -- 'code' or 'notice'.
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    template TEXT NOT NULL,
    template_version BIGINT NOT NULL,
    language TEXT NOT NULL,
    -- JSON of texts; a code is never here.
    variables TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    -- What it is about: an event's type and id, or 'verification' and its id.
    cause_type TEXT NOT NULL,
    cause_id TEXT NOT NULL,
    person TEXT NOT NULL,
    recipient BLOB NOT NULL,
    recipient_index BLOB NOT NULL,
    recipient_tail BLOB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The newest attempt.
    account TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- Until when quiet hours hold it; 0: they do not.
    held_until_ms BIGINT NOT NULL,
    accepted_ms BIGINT NOT NULL,
    ended_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, message_id)
);
-- One message for each cause, person and template, however often the cause is told.
CREATE UNIQUE INDEX messaging_message_cause
    ON messaging_message (partition, cause_id, person, template);
CREATE INDEX messaging_message_recipient ON messaging_message (partition, recipient_index);
CREATE INDEX messaging_message_tail ON messaging_message (partition, recipient_tail);
CREATE INDEX messaging_message_created ON messaging_message (partition, created_ms);

-- One for each account that a message was handed to, under a number of its own.
CREATE TABLE messaging_attempt (
    partition BIGINT NOT NULL,
    number TEXT NOT NULL,
    message_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    account TEXT NOT NULL,
    call_id BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    -- '' none yet, else 'accepted', 'refused', 'not_sent', 'unknown'.
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    PRIMARY KEY (partition, number)
);
CREATE UNIQUE INDEX messaging_attempt_call ON messaging_attempt (partition, call_id);
CREATE INDEX messaging_attempt_message ON messaging_attempt (partition, message_id, ordinal);
CREATE INDEX messaging_attempt_provider ON messaging_attempt (partition, provider_number);

CREATE TABLE messaging_verification (
    partition BIGINT NOT NULL,
    verification_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    language TEXT NOT NULL,
    recipient_index BLOB NOT NULL,
    -- Of the network address that asked.
    client_index BLOB NOT NULL,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    salt BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    proof_hash BLOB NOT NULL,
    created_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    confirmed_ms BIGINT NOT NULL,
    PRIMARY KEY (partition, verification_id)
);
CREATE INDEX messaging_verification_recipient
    ON messaging_verification (partition, recipient_index, created_ms);
CREATE INDEX messaging_verification_client
    ON messaging_verification (partition, client_index, created_ms);
CREATE INDEX messaging_verification_message ON messaging_verification (partition, message_id);
CREATE INDEX messaging_verification_created ON messaging_verification (partition, created_ms);

-- The text is what the provider has approved under the same name, for people to read here.
CREATE TABLE messaging_template (
    partition BIGINT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    -- JSON list of names.
    variables TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    principal TEXT NOT NULL,
    PRIMARY KEY (partition, name, language, version)
);

INSERT INTO messaging_template
    (partition, name, language, version, text, variables, enabled, created_ms, principal)
VALUES
    (0, 'verification_code', 'zh', 1, '您的验证码是${code}，5分钟内有效，请勿告诉他人。', '["code"]', 1, 0, 'hub'),
    (0, 'verification_code', 'en', 1, 'Your verification code is ${code}. It is valid for 5 minutes.', '["code"]', 1, 0, 'hub'),
    (0, 'organization.approved', 'zh', 1, '贵单位的注册已审核通过，请登录系统继续办理。', '[]', 1, 0, 'hub'),
    (0, 'organization.approved', 'en', 1, 'The registration of your organization was approved. Please log in to go on.', '[]', 1, 0, 'hub'),
    (0, 'organization.returned', 'zh', 1, '贵单位的注册资料需要修改，请登录系统查看原因。', '[]', 1, 0, 'hub'),
    (0, 'organization.returned', 'en', 1, 'The registration of your organization needs changes. Please log in to see why.', '[]', 1, 0, 'hub'),
    (0, 'organization.rejected', 'zh', 1, '贵单位的注册未通过审核，请登录系统查看原因。', '[]', 1, 0, 'hub'),
    (0, 'organization.rejected', 'en', 1, 'The registration of your organization was rejected. Please log in to see why.', '[]', 1, 0, 'hub'),
    (0, 'organization.payment_due', 'zh', 1, '贵单位有人员待支付证件费，请登录系统办理付款。', '[]', 1, 0, 'hub'),
    (0, 'organization.payment_due', 'en', 1, 'Fees of your persons are to be paid. Please log in to pay.', '[]', 1, 0, 'hub'),
    (0, 'badge_reuse.upgraded', 'zh', 1, '贵单位有人员标签升级，须更新证件，审核通过后将重新制发。', '[]', 1, 0, 'hub'),
    (0, 'badge_reuse.upgraded', 'en', 1, 'A category of your persons was upgraded. A new badge will be made after the check.', '[]', 1, 0, 'hub'),
    (0, 'order.payment_due', 'zh', 1, '订单${order_ref}待支付，请登录系统办理付款。', '["order_ref"]', 1, 0, 'hub'),
    (0, 'order.payment_due', 'en', 1, 'Order ${order_ref} is to be paid. Please log in to pay.', '["order_ref"]', 1, 0, 'hub'),
    (0, 'order.paid', 'zh', 1, '订单${order_ref}已支付成功。', '["order_ref"]', 1, 0, 'hub'),
    (0, 'order.paid', 'en', 1, 'Order ${order_ref} was paid.', '["order_ref"]', 1, 0, 'hub'),
    (0, 'refund.succeeded', 'zh', 1, '订单${order_ref}已退款${amount}元。', '["order_ref","amount"]', 1, 0, 'hub'),
    (0, 'refund.succeeded', 'en', 1, 'CNY ${amount} of order ${order_ref} was refunded.', '["order_ref","amount"]', 1, 0, 'hub'),
    (0, 'refund.failed', 'zh', 1, '订单${order_ref}退款未成功，请登录系统查看。', '["order_ref"]', 1, 0, 'hub'),
    (0, 'refund.failed', 'en', 1, 'The refund of order ${order_ref} failed. Please log in to see more.', '["order_ref"]', 1, 0, 'hub');
