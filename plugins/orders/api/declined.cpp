#include "api/declined.hpp"

#include "api/answers.hpp"

#include <requests/instant.hpp>

namespace orders {

namespace {

/// By the codes that payments gives (events.json of payments, payment.declined).
Words adviceFor(std::string_view code)
{
    if (code == "method_stopped") {
        return {"Scan payment is stopped at present. Nothing was charged; ask for a code again "
                "later.",
                "扫码支付目前已暂停，未产生扣款，请稍后重新申请支付码。"};
    }
    if (code == "method_not_supported") {
        return {"Scan payment is not set up for this fair. Nothing was charged; please tell the "
                "organizer.",
                "本届展会尚未开通扫码支付，未产生扣款，请联系主办方。"};
    }
    if (code == "order_already_paid") {
        return {"Money for this order has come already. Do not pay again; ask finance with the "
                "order's number.",
                "该订单已收到款项，请勿重复付款，请凭订单号联系财务。"};
    }
    if (code == "another_amount_open") {
        return {"A payment of another amount is open for this order. Wait until it has expired, "
                "then ask for a code again.",
                "该订单有一笔金额不同的支付尚未结束，请待其过期后重新申请支付码。"};
    }
    return {"No code could be made for this order. Nothing was charged; ask finance with the "
            "order's number.",
            "无法为该订单生成支付码，未产生扣款，请凭订单号联系财务。"};
}

} // namespace

Json declinedOf(const MoneyRows& money, std::string_view number)
{
    const auto wish = money.wish(number);
    if (!wish || wish->declined_code.empty()) {
        return nullptr;
    }
    return {{"code", wish->declined_code},
            {"detail", requests::toJson(adviceFor(wish->declined_code))},
            {"declined_at", requests::toRfc3339(wish->answered_ms)}};
}

} // namespace orders
