#include "wechat/codes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hub::simulator::wechat {

namespace {

struct Code {
    std::string_view code;
    int status;
    std::string_view words;
};

constexpr std::array<Code, 29> kCodes{{
    {"PARAM_ERROR", 400, "参数错误"},
    {"INVALID_REQUEST", 400, "无效请求"},
    {"APPID_MCHID_NOT_MATCH", 400, "appid和mchid不匹配"},
    {"MCH_NOT_EXISTS", 400, "商户号不存在"},
    {"ORDER_CLOSED", 400, "订单已关闭"},
    {"NO_STATEMENT_EXIST", 400, "账单文件不存在"},
    {"STATEMENT_CREATING", 400, "账单文件生成中"},
    {"SIGN_ERROR", 401, "签名错误"},
    {"NO_AUTH", 403, "商户无权限"},
    {"OUT_TRADE_NO_USED", 403, "商户订单号重复"},
    {"RULE_LIMIT", 403, "业务规则限制"},
    {"ACCOUNT_ERROR", 403, "账号异常"},
    {"TRADE_ERROR", 403, "交易错误"},
    {"NOT_ENOUGH", 403, "余额不足"},
    {"USER_ACCOUNT_ABNORMAL", 403, "用户账户异常"},
    {"ORDER_NOT_EXIST", 404, "订单不存在"},
    {"ORDERNOTEXIST", 404, "订单不存在"},
    {"RESOURCE_NOT_EXISTS", 404, "查询的资源不存在"},
    {"RATELIMIT_EXCEEDED", 429, "频率超限"},
    {"RATELIMIT_EXCEED", 429, "频率超限"},
    {"FREQUENCY_LIMITED", 429, "频率限制"},
    {"FREQUENCY_LIMIT_EXCEED", 429, "频率限制"},
    {"SYSTEM_ERROR", 500, "系统异常，请稍后重试"},
    {"SYSTEMERROR", 500, "系统异常，请稍后重试"},
    {"BANK_ERROR", 500, "银行系统异常"},
    {"OPENID_MISMATCH", 500, "openid和appid不匹配"},
    {"INVALID_TRANSACTIONID", 500, "无效的微信支付订单号"},
    {"SERVICE_UNAVAILABLE", 503, "服务不可用"},
    {"BAD_GATEWAY", 502, "网关错误"},
}};

} // namespace

Answer refusal(std::string_view code, std::string_view detail, int status)
{
    const auto* known = std::find_if(
        kCodes.begin(), kCodes.end(), [&](const Code& one) { return one.code == code; });
    const bool is_listed = known != kCodes.end();
    std::string words(is_listed ? known->words : "业务处理失败");
    if (!detail.empty()) {
        words += "：";
        words += detail;
    }
    Answer answer;
    answer.status = status != 0 ? status : is_listed ? known->status : 400;
    answer.code = code;
    answer.is_signed = false;
    answer.fields = {{"code", code}, {"message", std::move(words)}};
    return answer;
}

Answer success(Json fields)
{
    Answer answer;
    answer.code = "SUCCESS";
    answer.fields = std::move(fields);
    return answer;
}

Answer noContent()
{
    Answer answer = success(Json::object());
    answer.status = 204;
    return answer;
}

} // namespace hub::simulator::wechat
