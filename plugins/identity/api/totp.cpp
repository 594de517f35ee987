#include "api/totp.hpp"

#include "domain/digest.hpp"
#include "domain/totp.hpp"
#include "flow/actor.hpp"
#include "flow/second_factor.hpp"
#include "flow/sessions.hpp"

namespace identity {

namespace {

Refusal isEnrolled()
{
    return {409,
            "totp_enrolled",
            {"An authenticator is set up. Ask an organizer to reset it if you lost it.",
             "身份验证器已绑定。如已丢失，请联系组委会重置。"}};
}

Refusal notBegun()
{
    return {409,
            "totp_not_begun",
            {"Ask for a secret and add it to the authenticator first.",
             "请先获取密钥并添加到身份验证器。"}};
}

Refusal wrongCode()
{
    return {422,
            "totp_wrong",
            {"The code does not fit. Check the clock of the phone and give the present code.",
             "动态码不正确，请检查手机时间后输入当前动态码。"},
            {{"/code", {"Six digits of the authenticator.", "身份验证器显示的6位数字。"}}}};
}

/// Who asks; staff without an authenticator.
std::variant<Login, Refusal> readEnrolling(const Work& work)
{
    auto login = work.rows().login(loginOf(work.principal()));
    if (!login || !login->isStaff() || login->state != kActive) {
        return notFound();
    }
    if (login->hasSecondFactor()) {
        return isEnrolled();
    }
    return std::move(*login);
}

} // namespace

hub::Answer beginTotp(const Work& work, const hub::Event& /*event*/)
{
    auto enrolling = readEnrolling(work);
    if (const auto* refusal = std::get_if<Refusal>(&enrolling)) {
        return refuse(*refusal);
    }
    Login& login = std::get<Login>(enrolling);
    login.totp = work.unit().random(kTotpSecretBytes);
    work.rows().setTotp(login);
    return answered(201,
                    {{"secret", toBase32(login.totp)},
                     {"uri", totpAddress(login.totp, work.settings().totp_issuer, login.mail)}});
}

hub::Answer confirmTotp(const Work& work, const hub::Event& event)
{
    auto enrolling = readEnrolling(work);
    if (const auto* refusal = std::get_if<Refusal>(&enrolling)) {
        return refuse(*refusal);
    }
    Login& login = std::get<Login>(enrolling);
    if (login.totp.empty()) {
        return refuse(notBegun());
    }
    const std::string code = readRequest(event.payload()).body.at("code");
    const auto step = totpStep(login.totp, code, work.nowMs(), 0);
    if (!step) {
        return refuse(wrongCode());
    }
    login.totp_step = *step;
    work.rows().setTotp(login);
    const Json codes = renewRecoveryCodes(work, login);
    work.publishOf("staff.totp_enrolled", login, Json::object());
    return logIn(work, login, 200, {{"recovery_codes", codes}});
}

} // namespace identity
