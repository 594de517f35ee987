#include "api/invitations.hpp"

#include "api/passwords.hpp"
#include "domain/digest.hpp"
#include "flow/actor.hpp"
#include "flow/grants.hpp"
#include "flow/invitations.hpp"
#include "flow/names.hpp"
#include "flow/sessions.hpp"
#include "store/staff_rows.hpp"

#include <identifiers/email.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>

namespace identity {

namespace {

constexpr const char* kExpiryTimer = "invitation_expiry";

Refusal badMail(const identifiers::Finding& finding)
{
    return {422,
            "mail_invalid",
            {"The mail address can't be used.", "邮箱地址无效。"},
            {{"/mail",
              {messageOf(finding, identifiers::Language::English),
               messageOf(finding, identifiers::Language::Chinese)}}}};
}

Refusal badPhone(const identifiers::Finding& finding)
{
    return {422,
            "phone_invalid",
            {"The phone number can't be used.", "手机号码无效。"},
            {{"/phone",
              {messageOf(finding, identifiers::Language::English),
               messageOf(finding, identifiers::Language::Chinese)}}}};
}

/// "" when none is given: who invites may hand the link on without it.
std::variant<std::string, Refusal> readPhone(const Json& body)
{
    if (!body.contains("phone")) {
        return std::string{};
    }
    const auto phone =
        identifiers::checkPhone(textOf(body, "phone"), identifiers::PhoneRegion::Mainland);
    if (!phone.checked.isAcceptable()) {
        return badPhone(phone.checked.findings.front());
    }
    return phone.checked.value;
}

Refusal isStaffAlready()
{
    return {409,
            "staff_exists",
            {"This address has a log-in. Change its roles instead of inviting it again.",
             "该邮箱已有账号，请直接调整其角色。"}};
}

Refusal badName()
{
    return {422,
            "name_missing",
            {"Your name is missing.", "请填写姓名。"},
            {{"/name", {"Give your name, at most 60 characters.", "请填写姓名，最多60个字。"}}}};
}

void replaceOpen(const StaffRows& rows, const Work& work, const std::string& mail)
{
    if (auto former = rows.invitationByMail(work.edition(), mail)) {
        former->state = kReplaced;
        rows.close(*former);
    }
}

Invitation draft(const Work& work, const Json& body, std::string mail, std::vector<Grant> roles)
{
    Invitation invitation;
    invitation.invitation_id = work.drawId();
    invitation.edition = work.edition();
    invitation.staff_id = work.drawId();
    invitation.token_digest = digestOf(tokenOf(work.unit(), invitation.invitation_id));
    invitation.mail = std::move(mail);
    invitation.language = body.at("language");
    invitation.roles = std::move(roles);
    invitation.invited_by = work.principal();
    invitation.created_ms = work.nowMs();
    invitation.expires_ms = work.nowMs() + work.settings().invitation_ms;
    return invitation;
}

Login open(const Work& work, const Invitation& invitation, std::string name, std::string record)
{
    Login login;
    login.login_id = invitation.staff_id;
    login.edition = invitation.edition;
    login.account = invitation.mail;
    login.mail = invitation.mail;
    login.password = std::move(record);
    login.language = invitation.language;
    login.created_ms = work.nowMs();
    login.name = std::move(name);
    work.rows().insert(login);
    for (const Grant& grant : invitation.roles) {
        work.rows().grant(login.login_id, grant, invitation.invited_by);
    }
    return login;
}

} // namespace

hub::Answer inviteStaff(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto mail = identifiers::checkEmail(textOf(request.body, "mail"));
    if (!mail.isAcceptable()) {
        return refuse(badMail(mail.findings.front()));
    }
    auto roles = readGrants(request.body.at("roles"));
    if (const auto* refusal = std::get_if<Refusal>(&roles)) {
        return refuse(*refusal);
    }
    auto phone = readPhone(request.body);
    if (const auto* refusal = std::get_if<Refusal>(&phone)) {
        return refuse(*refusal);
    }
    if (work.rows().loginByAccount(work.edition(), mail.value)) {
        return refuse(isStaffAlready());
    }
    const StaffRows rows(work.unit());
    replaceOpen(rows, work, mail.value);
    Invitation invitation =
        draft(work, request.body, mail.value, std::get<std::vector<Grant>>(std::move(roles)));
    invitation.phone = std::get<std::string>(std::move(phone));
    rows.insert(invitation);
    rows.forgetPhones(work.nowMs()); // of invitations whose timer was never set
    if (!invitation.phone.empty()) {
        work.unit().setTimer(kExpiryTimer, invitation.invitation_id, invitation.expires_ms);
    }
    work.publishOf("staff.invited",
                   loginToBe(invitation),
                   {{"invitation_id", invitation.invitation_id}, {"by", work.principal()}});
    const std::string token = tokenOf(work.unit(), invitation.invitation_id);
    return answered(201,
                    {{"invitation_id", invitation.invitation_id},
                     {"staff_id", invitation.staff_id},
                     {"link", linkOf(work.settings(), token)},
                     {"expires_at", toRfc3339(invitation.expires_ms)}});
}

hub::Answer withdrawInvitation(const Work& work, const hub::Event& event)
{
    const StaffRows rows(work.unit());
    const std::string wanted = readRequest(event.payload()).path.at("invitation_id");
    auto invitation = rows.invitation(wanted);
    if (!invitation || invitation->edition != work.edition() || invitation->state != kOpen) {
        return refuse(notFound());
    }
    invitation->state = kWithdrawn;
    rows.close(*invitation);
    work.publishOf("staff.invitation_withdrawn",
                   loginToBe(*invitation),
                   {{"invitation_id", wanted}, {"by", work.principal()}});
    return answered(200, {{"invitation_id", wanted}, {"state", kWithdrawn}});
}

hub::Answer acceptInvitation(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const std::string password = request.body.at("password");
    const StaffRows rows(work.unit());
    auto invitation = rows.invitationByToken(digestOf(textOf(request.body, "token")));
    if (!invitation || invitation->edition != work.edition() ||
        !isUsable(*invitation, work.nowMs())) {
        return refuse(invitationOver());
    }
    std::string name = nameOf(request.body);
    if (name.empty()) {
        return refuse(badName());
    }
    if (const auto refusal = refusalOf(password)) {
        return refuse(*refusal);
    }
    if (!request.task) {
        return worksOn(work.derivation(password));
    }
    invitation->state = kAccepted;
    rows.close(*invitation);
    const Login login =
        open(work, *invitation, std::move(name), request.task->at("record").get<std::string>());
    work.publishOf("staff.joined", login, {{"invitation_id", invitation->invitation_id}});
    return logIn(work, login, 201);
}

hub::Answer forgetPhone(const Work& work)
{
    StaffRows(work.unit()).forgetPhones(work.nowMs());
    return {HUB_OK, "", "", 0};
}

} // namespace identity
