// The gate of APIv3: which addresses there are, who asks, and whether the request is genuine.
#pragma once

#include "core/provider.hpp"
#include "wechat/settings.hpp"

#include <map>
#include <string>
#include <string_view>

namespace hub::simulator::wechat {

// Names of requests, which faults match by.
inline constexpr std::string_view kNative = "POST /v3/pay/transactions/native";
inline constexpr std::string_view kJsapi = "POST /v3/pay/transactions/jsapi";
inline constexpr std::string_view kH5 = "POST /v3/pay/transactions/h5";
inline constexpr std::string_view kQuery = "GET /v3/pay/transactions/out-trade-no/{out_trade_no}";
inline constexpr std::string_view kQueryById = "GET /v3/pay/transactions/id/{transaction_id}";
inline constexpr std::string_view kClose =
    "POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close";
inline constexpr std::string_view kRefund = "POST /v3/refund/domestic/refunds";
inline constexpr std::string_view kRefundQuery = "GET /v3/refund/domestic/refunds/{out_refund_no}";
inline constexpr std::string_view kCertificates = "GET /v3/certificates";
inline constexpr std::string_view kTradeBill = "GET /v3/bill/tradebill";
inline constexpr std::string_view kFundflowBill = "GET /v3/bill/fundflowbill";
inline constexpr std::string_view kDownload = "GET /v3/billdownload/file";
// What isn't signed: the payer's browser, and OAuth's secret in the address.
inline constexpr std::string_view kAuthorize = "GET /connect/oauth2/authorize";
inline constexpr std::string_view kAccessToken = "GET /sns/oauth2/access_token";
inline constexpr std::string_view kH5Page = "GET /cgi-bin/mmpayweb-bin/checkmweb";
/// In WeChat, a script inside of the app does this; here the page's address carries its arguments.
inline constexpr std::string_view kBridge = "GET /simulated/wechat/jsapi";

/// True for everything that begins as WeChat's addresses do.
bool isOurs(const HttpMessage& message);

/// The request with its body parsed and the parts of its address in `parameters`; `app` is the
/// mchid. `refusal` is set when the gate doesn't let it through. "wechatpay-serial" among the
/// parameters is which key the answer shall be signed with.
Call readCall(const Settings& settings, const HttpMessage& message);

/// The pairs behind the word of an Authorization header; empty when it isn't of that form.
std::map<std::string, std::string> readAuthorization(std::string_view header);

} // namespace hub::simulator::wechat
