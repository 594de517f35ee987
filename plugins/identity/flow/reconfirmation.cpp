#include "flow/reconfirmation.hpp"

#include "flow/guard.hpp"

namespace identity {

std::optional<hub::Answer> reconfirm(const Work& work, Request request, const Login& login)
{
    request.body["account"] = login.account;
    if (!request.task) {
        if (auto refusal = beginTry(work, request, kAccountTries)) {
            return refusal;
        }
        return worksOn({{"work", "compare"},
                        {"password", request.body.at("password")},
                        {"record", login.password}});
    }
    if (!request.task->value("matches", false)) {
        return refuse({422,
                       "password_wrong",
                       {"This is not your password. Reset it by a code if you forgot it.",
                        "密码错误。如忘记密码，请通过验证码重置。"},
                       {{"/password", {"Give your password.", "请输入您的登录密码。"}}}});
    }
    forgiveTry(work, request, kAccountTries);
    return std::nullopt;
}

} // namespace identity
