#include "wechat/payer.hpp"

#include "wechat/codes.hpp"

#include <Poco/URI.h>

namespace hub::simulator::wechat {

namespace {

constexpr std::int64_t kGrantMs = 5 * 60 * 1000;
constexpr std::size_t kTokenSize = 32;
constexpr int kSecondsOfToken = 7200;

std::string get(const Call& call, const char* name)
{
    const auto found = call.parameters.find(name);
    return found == call.parameters.end() ? std::string{} : found->second;
}

Answer page(int status, std::string_view words)
{
    Answer answer = refusal("PARAM_ERROR", words, status);
    answer.kind = "page";
    answer.bytes = words;
    return answer;
}

Answer redirection(std::string address)
{
    Answer answer = success(Json::object());
    answer.kind = "redirection";
    answer.status = 302;
    answer.is_signed = false;
    answer.bytes = std::move(address);
    return answer;
}

Answer oauthError(int number, std::string_view words)
{
    Answer answer;
    answer.is_signed = false;
    answer.code = std::to_string(number);
    answer.fields = {{"errcode", number}, {"errmsg", words}};
    return answer;
}

} // namespace

Answer Payers::authorize(const Call& call)
{
    const std::string back = get(call, "redirect_uri");
    if (settings_.findByAppid(get(call, "appid")) == nullptr) {
        return page(400, "appid 参数错误");
    }
    if (!back.starts_with("https://") && !back.starts_with("http://")) {
        return page(400, "redirect_uri 参数错误");
    }
    if (get(call, "response_type") != "code" || get(call, "scope") != "snsapi_base") {
        return page(400, "response_type 或 scope 参数错误");
    }
    const std::string code = randomToken(kTokenSize);
    Poco::URI address(back);
    address.addQueryParameter("code", code);
    address.addQueryParameter("state", get(call, "state"));
    const std::lock_guard lock(guard_);
    std::erase_if(grants_, [](const auto& one) { return one.second.until_ms <= realNowMs(); });
    grants_[code] = {get(call, "appid"), realNowMs() + kGrantMs};
    return redirection(address.toString());
}

Answer Payers::accessToken(const Call& call)
{
    const Merchant* merchant = settings_.findByAppid(get(call, "appid"));
    if (merchant == nullptr) {
        return oauthError(40013, "invalid appid");
    }
    if (get(call, "secret") != merchant->app_secret) {
        return oauthError(40125, "invalid appsecret");
    }
    if (get(call, "grant_type") != "authorization_code") {
        return oauthError(40002, "invalid grant_type");
    }
    const std::lock_guard lock(guard_);
    const auto grant = grants_.find(get(call, "code"));
    if (grant == grants_.end() || grant->second.appid != get(call, "appid") ||
        grant->second.until_ms <= realNowMs()) {
        return oauthError(40029, "invalid code");
    }
    grants_.erase(grant);
    Answer answer = success({{"access_token", randomToken(kTokenSize)},
                             {"expires_in", kSecondsOfToken},
                             {"refresh_token", randomToken(kTokenSize)},
                             {"openid", settings_.openid},
                             {"scope", "snsapi_base"}});
    answer.is_signed = false;
    return answer;
}

Answer Payers::toPage(const std::string& prepay_id) const
{
    const std::string code = prepay_id.starts_with("wx") ? prepay_id.substr(2) : std::string{};
    const bool is_known =
        with_.books.transact([&](Book& book) { return book.findByCode(code).has_value(); });
    return is_known ? redirection("/qr/" + code) : page(404, "支付链接已失效");
}

Answer Payers::h5Page(const Call& call) const
{
    return toPage(get(call, "prepay_id"));
}

Answer Payers::bridge(const Call& call) const
{
    const Merchant* merchant = settings_.findByAppid(get(call, "appId"));
    const std::string package = get(call, "package");
    if (merchant == nullptr || get(call, "signType") != "RSA" ||
        !package.starts_with("prepay_id=")) {
        return page(400, "调用支付JSAPI缺少参数");
    }
    const std::string text = get(call, "appId") + "\n" + get(call, "timeStamp") + "\n" +
                             get(call, "nonceStr") + "\n" + package + "\n";
    if (!verifyRsa2(*merchant->public_key, text, get(call, "paySign"))) {
        return page(403, "支付验证签名失败");
    }
    return toPage(package.substr(std::string_view("prepay_id=").size()));
}

} // namespace hub::simulator::wechat
