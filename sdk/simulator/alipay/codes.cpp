#include "alipay/codes.hpp"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace hub::simulator::alipay {

namespace {

using Words = std::pair<std::string_view, std::string_view>;

constexpr std::array<Words, 8> kMessages{{
    {"10000", "Success"},
    {"20000", "Service Currently Unavailable"},
    {"20001", "Insufficient Token Permissions"},
    {"40001", "Missing Required Arguments"},
    {"40002", "Invalid Arguments"},
    {"40003", "Insufficient Conditions"},
    {"40004", "Business Failed"},
    {"40006", "Insufficient Permissions"},
}};

struct SubCode {
    std::string_view sub_code;
    std::string_view code;
    std::string_view words;
};

constexpr std::array<SubCode, 48> kSubCodes{{
    {"isp.unknow-error", "20000", "系统繁忙"},
    {"aop.unknow-error", "20000", "系统繁忙"},
    {"isv.missing-method", "40001", "缺少方法名参数"},
    {"isv.missing-app-id", "40001", "缺少AppID参数"},
    {"isv.missing-signature", "40001", "缺少签名参数"},
    {"isv.missing-signature-type", "40001", "缺少签名类型参数"},
    {"isv.missing-timestamp", "40001", "缺少时间戳参数"},
    {"isv.missing-version", "40001", "缺少版本参数"},
    {"isv.invalid-parameter", "40002", "参数无效"},
    {"isv.invalid-method", "40002", "不存在的方法名"},
    {"isv.invalid-app-id", "40002", "无效的AppID参数"},
    {"isv.invalid-format", "40002", "无效的数据格式"},
    {"isv.invalid-charset", "40002", "无效的编码"},
    {"isv.invalid-signature-type", "40002", "无效的签名类型"},
    {"isv.invalid-timestamp", "40002", "非法的时间戳参数"},
    {"isv.invalid-signature", "40002", "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配"},
    {"isv.missing-app-cert-sn", "40002", "缺少应用公钥证书序列号"},
    {"isv.app-cert-not-exist", "40002", "应用公钥证书不存在"},
    {"isv.missing-alipay-root-cert-sn", "40002", "缺少支付宝根证书序列号"},
    {"isv.invalid-alipay-root-cert-sn", "40002", "支付宝根证书序列号无效"},
    {"BILL_NOT_EXIST", "40004", "账单不存在"},
    {"TYPE_NOT_SUPPORTED", "40004", "账单类型不支持"},
    {"INVAILID_ARGUMENTS", "40004", "入参不合法"},
    {"isv.insufficient-isv-permissions", "40006", "ISV权限不足"},
    {"ACQ.SYSTEM_ERROR", "40004", "系统错误"},
    {"ACQ.INVALID_PARAMETER", "40004", "参数无效"},
    {"ACQ.ACCESS_FORBIDDEN", "40004", "无权限使用接口"},
    {"ACQ.EXIST_FORBIDDEN_WORD", "40004", "订单信息中包含违禁词"},
    {"ACQ.PARTNER_ERROR", "40004", "应用APP_ID填写错误"},
    {"ACQ.TOTAL_FEE_EXCEED", "40004", "订单总金额不在允许范围内"},
    {"ACQ.CONTEXT_INCONSISTENT", "40004", "交易信息被篡改"},
    {"ACQ.SELLER_NOT_EXIST", "40004", "卖家不存在"},
    {"ACQ.SELLER_BEEN_BLOCKED", "40004", "商家账号被冻结"},
    {"ACQ.INVALID_STORE_ID", "40004", "商户门店编号无效"},
    {"ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", "40004", "当前时间已超过允许支付的时间"},
    {"ACQ.TRADE_HAS_SUCCESS", "40004", "交易已被支付"},
    {"ACQ.TRADE_HAS_CLOSE", "40004", "交易已经关闭"},
    {"ACQ.TRADE_HAS_FINISHED", "40004", "交易已完结"},
    {"ACQ.TRADE_NOT_EXIST", "40004", "交易不存在"},
    {"ACQ.TRADE_STATUS_ERROR", "40004", "交易状态不合法"},
    {"ACQ.REASON_TRADE_STATUS_INVALID", "40004", "交易状态异常"},
    {"ACQ.TRADE_CANCEL_TIME_OUT", "40004", "超过撤销时间范围"},
    {"ACQ.DISCORDANT_REPEAT_REQUEST", "40004", "不一致的请求"},
    {"ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "40004", "退款金额超限"},
    {"ACQ.REASON_TRADE_REFUND_FEE_ERR", "40004", "退款金额无效"},
    {"ACQ.SELLER_BALANCE_NOT_ENOUGH", "40004", "商户的可用退款余额不足"},
    {"ACQ.SUB_GOODS_SIZE_MAX_COUNT", "40004", "子商品明细超长"},
    {"AQC.SYSTEM_ERROR", "40004", "系统错误"},
}};

std::string messageOf(std::string_view code)
{
    const auto* found = std::find_if(
        kMessages.begin(), kMessages.end(), [&](const Words& one) { return one.first == code; });
    return std::string(found == kMessages.end() ? "Business Failed" : found->second);
}

} // namespace

std::string nodeName(std::string_view method)
{
    if (method.empty()) {
        return "error_response";
    }
    std::string name(method);
    std::replace(name.begin(), name.end(), '.', '_');
    return name + "_response";
}

Answer refusal(std::string_view method,
               std::string_view sub_code,
               std::string_view detail,
               std::string_view code)
{
    const auto* known = std::find_if(kSubCodes.begin(), kSubCodes.end(), [&](const SubCode& one) {
        return one.sub_code == sub_code;
    });
    const bool listed = known != kSubCodes.end();
    const std::string_view carrier = !code.empty() ? code : listed ? known->code : "40004";
    std::string words(listed ? known->words : "业务处理失败");
    if (!detail.empty()) {
        words += "，";
        words += detail;
    }
    Answer answer{.kind = nodeName(method)};
    answer.code = carrier;
    answer.sub_code = sub_code;
    answer.fields = {{"code", carrier},
                     {"msg", messageOf(carrier)},
                     {"sub_code", sub_code},
                     {"sub_msg", std::move(words)}};
    return answer;
}

Answer success(std::string_view method)
{
    Answer answer{.kind = nodeName(method)};
    answer.code = "10000";
    answer.fields = {{"code", "10000"}, {"msg", "Success"}};
    return answer;
}

} // namespace hub::simulator::alipay
