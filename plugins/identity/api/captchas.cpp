#include "api/captchas.hpp"

#include "domain/captcha.hpp"
#include "store/guard_rows.hpp"

#include <algorithm>

namespace identity {

namespace {

constexpr std::int64_t kLimitMs = std::int64_t{10} * 60'000;
constexpr std::int64_t kLimit = 60;

Refusal tooMany()
{
    return {429,
            "captcha_limit",
            {"Too many pictures were asked for. Wait some minutes, or log in by a code to the "
             "verified phone or mail address.",
             "图形验证码请求过于频繁，请稍后再试，或使用已验证的手机或邮箱验证码登录。"},
            {},
            kLimitMs / 1000};
}

} // namespace

hub::Answer createCaptcha(const Work& work, const hub::Event& event)
{
    const GuardRows rows(work.unit());
    const Subject network = rows.network(readRequest(event.payload()).client_ip);
    if (rows.countCaptchas(network, work.nowMs() - kLimitMs) >= kLimit) {
        return refuse(tooMany());
    }
    rows.forgetCaptchas(work.nowMs() - std::max(kLimitMs, work.settings().captcha_ms));
    const std::string id = work.drawId();
    const Captcha captcha = drawCaptcha(work.unit().random(kCaptchaRandomBytes));
    rows.insertCaptcha(id, captcha.text, network);
    return answered(201,
                    {{"captcha_id", id},
                     {"svg", captcha.svg},
                     {"expires_at", toRfc3339(work.nowMs() + work.settings().captcha_ms)}});
}

} // namespace identity
