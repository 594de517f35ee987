#include "api/logins.hpp"

#include "api/passwords.hpp"
#include "domain/entry.hpp"
#include "flow/guard.hpp"
#include "flow/proofs.hpp"
#include "flow/second_factor.hpp"
#include "flow/sessions.hpp"

namespace identity {

namespace {

constexpr std::string_view kPasswordReset = "password_reset";

/// The same for an unknown account, a wrong password and a wrong code of the authenticator, so that
/// nobody learns which it is.
Refusal notLetIn()
{
    return {
        401,
        "login_refused",
        {"Account, password or code is wrong. Reset the password by phone or mail if you forgot "
         "it. Staff also give the present code of their authenticator.",
         "账号、密码或动态码错误。如忘记密码，请通过手机或邮箱找回；工作人员须同时输入当前动态码"
         "。"}};
}

/// Tells nothing about accounts: no account has such a number.
Refusal mistyped()
{
    return {422,
            "account_mistyped",
            {"A digit of this account is wrong. Look at the mail that told it to you.",
             "账号输入有误，请核对注册邮件中的账号。"},
            {{"/account",
              {"OV and nine digits, the last of which checks the others.",
               "OV加9位数字，末位为校验位。"}}}};
}

/// Told to who has proven to own the address.
Refusal needsPassword()
{
    return {409,
            "staff_needs_password",
            {"Staff log in by password and authenticator. Reset the password if you forgot it.",
             "工作人员须使用密码和动态码登录。如忘记密码，请先重置密码。"}};
}

/// Told to who has proven to own the phone.
Refusal resetsNoPasswordByPhone()
{
    return {409,
            "password_reset_by_phone_not_offered",
            {"This edition resets no password by phone. Log in by a code to the phone instead.",
             "本届不支持通过手机号重置密码，请使用手机验证码登录。"}};
}

/// Told to who has proven to own the account.
Refusal letsNobodyBackIn()
{
    return {409,
            "login_not_offered",
            {"This edition lets organizations work only right after they registered; ask the "
             "organizer to go on.",
             "本届不支持注册后再次登录，如需继续操作，请联系主办方。"}};
}

/// A contact who comes back to go on, or one of staff.
hub::Answer letIn(const Work& work, const Login& login)
{
    if (!login.isStaff() && !work.rules().holds("R-051")) {
        return refuse(letsNobodyBackIn());
    }
    return logIn(work, login, 200);
}

std::optional<Login> findLogin(const Work& work, const Json& body)
{
    return work.rows().loginByAccount(work.edition(), body.at("account").get<std::string>());
}

/// The owner of the account's phone or address, proven; or why not.
std::variant<Login, Refusal> proven(const Work& work, const Json& body, std::string_view purpose)
{
    auto proof = checkProof(work, body.at("verification"), purpose);
    if (auto* refusal = std::get_if<Refusal>(&proof)) {
        return std::move(*refusal);
    }
    const Proof& shown = std::get<Proof>(proof);
    auto login = findLogin(work, body);
    if (!login || !owns(*login, shown)) {
        return Refusal{401,
                       "login_refused",
                       {"This phone or mail address is not the account's. Use the one that the "
                        "account was registered with.",
                        "该手机号或邮箱与账号不符，请使用注册时验证的手机号或邮箱。"}};
    }
    if (purpose == kPasswordReset && shown.channel == "sms" && !work.rules().holds("R-036")) {
        return resetsNoPasswordByPhone();
    }
    work.rows().useProof(shown.verification_id);
    return std::move(*login);
}

} // namespace

hub::Answer logInByPassword(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    if (isMistypedAccount(textOf(request.body, "account"))) {
        return refuse(mistyped());
    }
    auto login = findLogin(work, request.body);
    if (!request.task) {
        if (auto refusal = beginTry(work, request, kAccountTries)) {
            return *refusal;
        }
        return worksOn({{"work", "compare"},
                        {"password", request.body.at("password")},
                        {"record", login ? login->password : ""}});
    }
    if (!login || !request.task->value("matches", false)) {
        return refuse(notLetIn());
    }
    if (login->hasSecondFactor() && !passSecondFactor(work, *login, textOf(request.body, "code"))) {
        return refuse(notLetIn());
    }
    forgiveTry(work, request, kAccountTries);
    return letIn(work, *login);
}

hub::Answer logInByCode(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto login = proven(work, request.body, "login");
    if (const auto* refusal = std::get_if<Refusal>(&login)) {
        return refuse(*refusal);
    }
    if (std::get<Login>(login).isStaff()) {
        return refuse(needsPassword());
    }
    return letIn(work, std::get<Login>(login));
}

hub::Answer resetPassword(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const std::string password = request.body.at("password");
    if (const auto refusal = refusalOf(password)) {
        return refuse(*refusal);
    }
    if (!request.task) {
        return worksOn(work.derivation(password));
    }
    auto login = proven(work, request.body, kPasswordReset);
    if (const auto* refusal = std::get_if<Refusal>(&login)) {
        return refuse(*refusal);
    }
    Login& owner = std::get<Login>(login);
    owner.password = request.task->at("record");
    work.rows().setPassword(owner);
    forgiveAccount(work, request, kAccountTries);
    work.endSessions(owner);
    if (owner.isStaff()) { // the mail box alone is no second factor
        return answered(200, {{"login_id", owner.login_id}, {"is_logged_in", false}});
    }
    return logIn(work, owner, 200);
}

} // namespace identity
