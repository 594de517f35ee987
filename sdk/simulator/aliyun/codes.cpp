#include "aliyun/codes.hpp"

#include <algorithm>
#include <array>

namespace hub::simulator::aliyun {

namespace {

struct Code {
    std::string_view code;
    int status;
    std::string_view words;
};

constexpr std::array<Code, 36> kCodes{{
    // The gate.
    {"IncompleteSignature",
     400,
     "The request signature does not conform to the provider's standards."},
    {"InvalidTimeStamp.Format", 400, "Specified time stamp or date value is not well formatted."},
    {"InvalidTimeStamp.Expired", 400, "Specified time stamp or date value is expired."},
    {"SignatureNonceUsed", 400, "Specified signature nonce was used already."},
    {"SignatureDoesNotMatch", 400, "Specified signature does not match."},
    {"InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."},
    {"InvalidAction.NotFound", 404, "Specified action is not found."},
    {"InvalidVersion", 400, "Specified version is not valid."},
    {"UnsupportedHTTPMethod", 403, "This http method is not supported."},
    {"Throttling", 400, "Request was denied due to request throttling."},
    {"Throttling.User", 400, "Request was denied due to user flow control."},
    {"ServiceUnavailable", 503, "The request has failed due to a temporary failure."},
    // The service, with status 200.
    {"isp.SYSTEM_ERROR", 200, "系统出现错误，请重新调用"},
    {"isp.RAM_PERMISSION_DENY", 200, "RAM权限不足"},
    {"isv.ACCOUNT_NOT_EXISTS", 200, "账户不存在"},
    {"isv.ACCOUNT_ABNORMAL", 200, "账户异常"},
    {"isv.OUT_OF_SERVICE", 200, "业务停机"},
    {"isv.PRODUCT_UN_SUBSCRIPT", 200, "未开通云通信产品"},
    {"isv.AMOUNT_NOT_ENOUGH", 200, "账户余额不足"},
    {"isv.BUSINESS_LIMIT_CONTROL", 200, "触发号码流控"},
    {"isv.DAY_LIMIT_CONTROL", 200, "触发日发送限额"},
    {"isv.MONTH_LIMIT_CONTROL", 200, "触发月发送限额"},
    {"isv.MOBILE_NUMBER_ILLEGAL", 200, "非法手机号"},
    {"isv.MOBILE_COUNT_OVER_LIMIT", 200, "手机号码数量超过限制"},
    {"isv.DOMESTIC_NUMBER_NOT_SUPPORTED", 200, "国际/港澳台消息模板不支持发送境内号码"},
    {"isv.BLACK_KEY_CONTROL_LIMIT", 200, "黑名单管控"},
    {"isv.SMS_TEMPLATE_ILLEGAL", 200, "短信模板不合法"},
    {"isv.SMS_SIGNATURE_ILLEGAL", 200, "短信签名不合法"},
    {"isv.SMS_SIGNATURE_SCENE_ILLEGAL", 200, "签名的适用场景与短信类型不匹配"},
    {"isv.SIGN_STATE_ILLEGAL", 200, "签名状态不可用"},
    {"isv.TEMPLATE_MISSING_PARAMETERS", 200, "模板缺少变量"},
    {"isv.INVALID_JSON_PARAM", 200, "参数必须是JSON字符串"},
    {"isv.INVALID_PARAMETERS", 200, "参数异常"},
    {"isv.PARAM_LENGTH_LIMIT", 200, "参数超出长度限制"},
    {"isv.PARAM_NOT_SUPPORT_URL", 200, "变量不支持传入URL"},
    {"isv.SMS_CONTENT_ILLEGAL", 200, "短信内容包含禁止发送内容"},
}};

} // namespace

Answer refusal(std::string_view code, std::string_view words, int status)
{
    const auto* known = std::find_if(
        kCodes.begin(), kCodes.end(), [&](const Code& one) { return one.code == code; });
    const bool is_listed = known != kCodes.end();
    Answer answer;
    answer.status = status != 0 ? status : is_listed ? known->status : 200;
    answer.code = code;
    answer.fields = {{"Code", code},
                     {"Message",
                      !words.empty() ? words
                      : is_listed    ? known->words
                                     : std::string_view("业务处理失败")}};
    return answer;
}

Answer success(Json fields)
{
    Answer answer;
    answer.code = "OK";
    answer.fields = {{"Code", "OK"}, {"Message", "OK"}};
    answer.fields.update(fields);
    return answer;
}

} // namespace hub::simulator::aliyun
