-- What a taken code and an invitation of staff tell. The link of an invitation is in none of them.
INSERT INTO messaging_template
    (partition, name, language, version, text, variables, enabled, created_ms, principal)
VALUES
    (0, 'staff.invited', 'zh', 1, '您受邀成为展会工作人员，请使用邀请人发给您的链接设置密码。', '[]', 1, 0, 'hub'),
    (0, 'staff.invited', 'en', 1, 'You are invited to the staff of the fair. Please set a password with the link from who invited you.', '[]', 1, 0, 'hub'),
    (0, 'organization.code_claimed', 'zh', 1, '有人凭营业执照申请认领贵单位的统一社会信用代码，如有异议请尽快联系所属交易团。', '[]', 1, 0, 'hub'),
    (0, 'organization.code_claimed', 'en', 1, 'Somebody with a licence has claimed the social credit code of your organization. If you object, please contact your delegation soon.', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.released', 'zh', 1, '您认领的统一社会信用代码已释放，请使用该代码注册。', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.released', 'en', 1, 'The social credit code that you claimed is free now. Please register with it.', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.handed_over', 'zh', 1, '您认领的单位账户已移交给您，请使用统一社会信用代码和手机验证码登录。', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.handed_over', 'en', 1, 'The account that you claimed is yours now. Please log in with the social credit code and a code to this phone.', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.refused', 'zh', 1, '您的统一社会信用代码认领申请未通过，请联系所选交易团了解原因。', '[]', 1, 0, 'hub'),
    (0, 'organization.claim_decided.refused', 'en', 1, 'Your claim of a social credit code was refused. Please ask the delegation that you chose why.', '[]', 1, 0, 'hub')
-- What the operator has prepared under such a name stays the template.
ON CONFLICT (partition, name, language, version) DO NOTHING;
