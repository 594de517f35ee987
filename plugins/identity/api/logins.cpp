#include "api/logins.hpp"

#include "domain/password.hpp"
#include "flow/proofs.hpp"
#include "flow/sessions.hpp"

#include <identifiers/message.hpp>
#include <identifiers/password.hpp>

namespace identity {

namespace {

/// The same for an unknown account and a wrong password, so that nobody learns which it is.
Refusal notLetIn()
{
    return {401,
            "login_refused",
            {"Account or password is wrong. Reset the password by phone if you forgot it.",
             "账号或密码错误。如忘记密码，请通过手机找回。"}};
}

Refusal resting(const Login& login, std::int64_t now_ms)
{
    const std::int64_t wait_s = (login.lockout.locked_until_ms - now_ms + 999) / 1000;
    return {429,
            "login_resting",
            {"After several wrong passwords the account rests. Try again later, or reset the "
             "password by phone.",
             "密码多次错误，账号已暂时锁定，请稍后再试或通过手机重置密码。"},
            {},
            wait_s};
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
    const bool owns = login && !shown.recipient.empty() &&
                      shown.recipient == (shown.channel == "mail" ? login->mail : login->phone);
    if (!owns) {
        return Refusal{401,
                       "login_refused",
                       {"This phone is not the account's. Use the one that the account was "
                        "registered with.",
                        "该手机号与账号不符，请使用注册时验证的手机号。"}};
    }
    work.rows().useProof(shown.verification_id);
    return std::move(*login);
}

} // namespace

hub::Answer logInByPassword(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    auto login = findLogin(work, request.body);
    if (!request.task) {
        if (login && isLocked(login->lockout, work.nowMs())) {
            return refuse(resting(*login, work.nowMs()));
        }
        if (login) { // counts before anybody knows how it ends
            login->lockout = countTry(login->lockout, work.settings().lockout, work.nowMs());
            work.rows().setLockout(*login);
        }
        return worksOn({{"work", "compare"},
                        {"password", request.body.at("password")},
                        {"record", login ? login->password : ""}});
    }
    if (!login || !request.task->value("matches", false)) {
        return refuse(notLetIn());
    }
    login->lockout = {};
    work.rows().setLockout(*login);
    return logIn(work, *login, 200);
}

hub::Answer logInByCode(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const auto login = proven(work, request.body, "login");
    if (const auto* refusal = std::get_if<Refusal>(&login)) {
        return refuse(*refusal);
    }
    return logIn(work, std::get<Login>(login), 200);
}

hub::Answer resetPassword(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const std::string password = request.body.at("password");
    for (const auto& finding : identifiers::checkPassword(password)) {
        return refuse({422,
                       "password_weak",
                       {"The password does not follow the rule.", "密码不符合要求。"},
                       {{"/password",
                         {messageOf(finding, identifiers::Language::English),
                          messageOf(finding, identifiers::Language::Chinese)}}}});
    }
    if (!request.task) {
        return worksOn(work.derivation(password));
    }
    auto login = proven(work, request.body, "password_reset");
    if (const auto* refusal = std::get_if<Refusal>(&login)) {
        return refuse(*refusal);
    }
    Login& owner = std::get<Login>(login);
    owner.password = request.task->at("record");
    owner.lockout = {};
    work.rows().setPassword(owner);
    work.rows().setLockout(owner);
    work.endSessions(owner);
    return logIn(work, owner, 200);
}

hub::Answer workOut(std::string_view payload)
{
    const Json wanted = Json::parse(payload);
    const std::string password = wanted.at("password");
    const Json result =
        wanted.at("work") == "derive"
            ? Json{{"record", derivePassword(password, wanted.at("salt").get<std::string>())}}
            : Json{{"matches", matchesPassword(password, wanted.at("record").get<std::string>())}};
    return {HUB_OK, "", result.dump(), 0};
}

} // namespace identity
