#include "unionpay/codes.hpp"

#include <algorithm>
#include <array>

namespace hub::simulator::unionpay {

namespace {

struct Code {
    std::string_view code;
    std::string_view words;
    std::string_view number; ///< the provider's inner one; made up where it begins with 90
};

constexpr std::array<Code, 51> kCodes{{
    {"00", "成功", "0000000"},
    {"A6", "有缺陷的成功", "9000106"},
    {"01", "交易失败", "9000001"},
    {"02", "系统未开放或暂时关闭", "9000002"},
    {"03", "交易通讯超时", "9000003"},
    {"04", "交易状态未明", "9000004"},
    {"05", "交易已受理，请稍后查询交易结果", "6154037"},
    {"06", "系统繁忙", "9000006"},
    {"10", "报文格式错误", "6100030"},
    {"11", "验证签名失败", "9000011"},
    {"12", "重复交易", "9000012"},
    {"13", "报文交易要素缺失", "9000013"},
    {"14", "批量文件格式错误", "9000014"},
    {"30", "交易未通过", "9000030"},
    {"31", "商户状态不正确", "9000031"},
    {"32", "无此交易权限", "9000032"},
    {"33", "交易金额超限", "9000033"},
    {"34", "查无此交易", "2600000"},
    {"35", "原交易不存在或状态不正确", "9000035"},
    {"36", "与原交易信息不符", "9000036"},
    {"37", "已超过最大查询次数或操作过于频繁", "9000037"},
    {"38", "风险受限", "9000038"},
    {"39", "交易不在受理时间范围内", "9000039"},
    {"40", "绑定关系检查失败", "9000040"},
    {"42", "扣款成功但交易超过规定支付时间", "9000042"},
    {"45", "原交易已被成功退货或已被成功撤销", "9000045"},
    {"46", "交易已被冲正", "9000046"},
    {"60", "发卡行拒绝", "9000060"},
    {"61", "卡号无效", "9000061"},
    {"62", "发卡银行不支持", "9000062"},
    {"63", "卡状态不正确", "9000063"},
    {"64", "余额不足", "9000064"},
    {"65", "密码、有效期或CVN2有误", "9000065"},
    {"66", "持卡人身份信息不正确", "9000066"},
    {"67", "密码输入次数超限", "9000067"},
    {"68", "不支持的交易", "9000068"},
    {"69", "交易超时未输入", "9000069"},
    {"70", "交易已跳转，等待持卡人操作", "9000070"},
    {"71", "动态口令错误", "9000071"},
    {"73", "过期的卡", "9000073"},
    {"74", "扣款成功，销账状态未知", "9000074"},
    {"75", "扣款成功，销账失败", "9000075"},
    {"83", "发卡银行处理中", "9000083"},
    {"85", "营销规则不满足", "9000085"},
    {"86", "二维码状态错误", "9000086"},
    {"87", "支付次数超限", "9000087"},
    {"88", "无此二维码", "9000088"},
    {"89", "标记无效", "9000089"},
    {"90", "账户余额超限", "9000090"},
    {"98", "文件不存在", "9000098"},
    {"99", "通用错误", "9000099"},
}};

} // namespace

std::string respMsg(std::string_view code, std::string_view field)
{
    const auto* known = std::find_if(
        kCodes.begin(), kCodes.end(), [&](const Code& one) { return one.code == code; });
    const bool is_listed = known != kCodes.end();
    std::string words(is_listed ? known->words : "交易失败");
    if (!field.empty()) {
        words += "：";
        words += field;
    }
    return words + "[" + std::string(is_listed ? known->number : "9000000") + "]";
}

Answer refusal(std::string_view code, std::string_view field)
{
    Answer answer;
    answer.code = code;
    answer.fields = {{"respCode", code}, {"respMsg", respMsg(code, field)}};
    return answer;
}

Answer success(Json fields)
{
    Answer answer = refusal("00");
    answer.fields.update(fields);
    return answer;
}

} // namespace hub::simulator::unionpay
