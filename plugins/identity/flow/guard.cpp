#include "flow/guard.hpp"

#include "domain/captcha.hpp"
#include "store/guard_rows.hpp"

#include <algorithm>

namespace identity {

namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kNetworkMemoryMs = kHourMs;
constexpr std::int64_t kMemoryMs = std::int64_t{7} * 24 * kHourMs;

Refusal resting(const Lockout& lockout, std::int64_t now_ms)
{
    return {429,
            "login_resting",
            {"After several failures nobody is let in this way for a while. Try again later, or "
             "log in by a code to the verified phone or mail address.",
             "多次失败，已暂时停止此方式登录，请稍后再试，或使用已验证的手机或邮箱验证码登录。"},
            {},
            (lockout.locked_until_ms - now_ms + 999) / 1000};
}

Refusal captchaRefusal(const char* code, Words detail)
{
    return {422,
            code,
            std::move(detail),
            {{"/captcha",
              {"Ask for a new picture and give what it shows.",
               "请获取新的图形验证码并输入图中字符。"}}}};
}

Refusal captchaNeeded()
{
    return captchaRefusal(
        "captcha_needed",
        {"After several failures a picture must be read first. Whoever can't read it logs in by a "
         "code to the verified phone or mail address, which needs no picture.",
         "多次失败后须先输入图形验证码。无法识别图片时，可使用已验证的手机或邮箱验证码登录，无需图"
         "形验证码。"});
}

Refusal captchaWrong()
{
    return captchaRefusal("captcha_wrong",
                          {"The picture shows something else, or it was used or is too old.",
                           "图形验证码错误、已使用或已过期。"});
}

class Guard {
public:
    Guard(const Work& work, const Request& request, std::string_view kind)
        : work_(work)
        , request_(request)
        , rows_(work.unit())
        , account_(rows_.account(kind, textOf(request.body, "account")))
        , network_(rows_.network(request.client_ip))
    {}

    std::optional<hub::Answer> begin() const
    {
        const std::int64_t now_ms = work_.nowMs();
        const Tries account = rows_.tries(account_);
        const Tries network = recent();
        for (const Tries& tries : {account, network}) {
            if (isLocked(tries.lockout, now_ms)) {
                return refuse(resting(tries.lockout, now_ms));
            }
        }
        if (needsCaptcha(account, network)) {
            if (auto refusal = checkCaptcha()) {
                return refusal;
            }
        }
        count(account_, account, work_.settings().lockout);
        countNetwork();
        rows_.forgetTries(now_ms - kMemoryMs);
        return std::nullopt;
    }

    void forgive() const
    {
        forgiveAccount();
        Tries network = recent();
        network.lockout.failures = std::max<std::int64_t>(0, network.lockout.failures - 1);
        rows_.setTries(network_, network);
    }

    void forgiveAccount() const { rows_.setTries(account_, {}); }

private:
    /// What failed long ago in a house with many people says nothing about who comes now.
    Tries recent() const
    {
        const Tries tries = rows_.tries(network_);
        return tries.last_ms + kNetworkMemoryMs > work_.nowMs() ? tries : Tries{};
    }

    bool needsCaptcha(const Tries& account, const Tries& network) const
    {
        const std::int64_t after = work_.settings().captcha_after;
        return account.lockout.failures >= after || account.lockout.locks > 0 ||
               network.lockout.failures >= after || network.lockout.locks > 0;
    }

    std::optional<hub::Answer> checkCaptcha() const
    {
        const Json captcha = request_.body.value("captcha", Json::object());
        if (captcha.empty()) {
            return refuse(captchaNeeded());
        }
        if (rows_.useCaptcha(textOf(captcha, "id"),
                             captchaKey(textOf(captcha, "answer")),
                             work_.nowMs() - work_.settings().captcha_ms)) {
            return std::nullopt;
        }
        countNetwork(); // but not the account: its owner does not rest for a stranger's typing
        return refuseAndKeep(captchaWrong());
    }

    void countNetwork() const { count(network_, recent(), work_.settings().network_lockout); }

    void count(const Subject& subject, const Tries& tries, const LockoutRule& rule) const
    {
        const std::int64_t now_ms = work_.nowMs();
        rows_.setTries(subject, {countTry(tries.lockout, rule, now_ms), now_ms});
    }

    const Work& work_;
    const Request& request_;
    GuardRows rows_;
    Subject account_;
    Subject network_;
};

} // namespace

std::optional<hub::Answer> beginTry(const Work& work, const Request& request, std::string_view kind)
{
    return Guard(work, request, kind).begin();
}

void forgiveTry(const Work& work, const Request& request, std::string_view kind)
{
    Guard(work, request, kind).forgive();
}

void forgiveAccount(const Work& work, const Request& request, std::string_view kind)
{
    Guard(work, request, kind).forgiveAccount();
}

} // namespace identity
