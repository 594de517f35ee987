// How WeChat Pay words a trade and a refund.
#pragma once

#include "core/provider.hpp"
#include "wechat/settings.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::wechat {

/// NOTPAY, SUCCESS, REFUND or CLOSED.
std::string_view tradeState(const Trade& trade);
/// PROCESSING, SUCCESS, ABNORMAL or CLOSED.
std::string_view refundStatus(const Refund& refund);

/// "NATIVE", "JSAPI" or "MWEB".
std::string tradeType(const Trade& trade);

Json tradeFields(const Settings& settings, const Trade& trade);
Json refundFields(const Trade& trade, const Refund& refund);

/// What a notification seals.
Json refundNoticeFields(const Trade& trade, const Refund& refund);

/// Every amount is one fen higher.
void raiseAmounts(Json& fields);

} // namespace hub::simulator::wechat
