// How Alipay words a trade: the fields of answers and notifications, and the exact text of an
// answer, which is what its signature covers.
#pragma once

#include "alipay/settings.hpp"
#include "core/provider.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::alipay {

/// "12.34" for 1234.
std::string toYuan(std::int64_t minor);

/// WAIT_BUYER_PAY, TRADE_SUCCESS, TRADE_FINISHED or TRADE_CLOSED.
std::string_view tradeStatus(const Trade& trade);

Json queryFields(const Settings& settings, const Trade& trade, bool with_funds);
/// What a refused query carries beside the refusal.
void addEmptyAmounts(Json& fields, const std::string& number);
Json refundFields(const Settings& settings,
                  const Trade& trade,
                  const Refund& refund,
                  bool moved,
                  bool with_detail);
Json refundQueryFields(const Trade& trade, const Refund& refund, bool with_time);

/// The lasting fields of a notification; time and signature are added at every sending.
Json notificationFields(const Settings& settings,
                        const App& app,
                        const Trade& trade,
                        const Refund* refund);

/// JSON in one line with '/' written as "\/" and everything else as UTF-8.
std::string toAnswerText(const Json& value);

/// Every amount in the object is one fen higher.
void raiseAmounts(Json& fields);

} // namespace hub::simulator::alipay
