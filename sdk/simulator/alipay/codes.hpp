// Alipay's result codes. One table: every sub_code that the simulator can answer, the code that
// carries it and the words beside it.
#pragma once

#include "core/provider.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::alipay {

/// "alipay.trade.query" -> "alipay_trade_query_response"; "error_response" for no method.
std::string nodeName(std::string_view method);

/// The node of a refusal. `code` may be empty: the table then knows it, 40004 by default.
/// `detail` is appended to the words.
Answer refusal(std::string_view method,
               std::string_view sub_code,
               std::string_view detail = {},
               std::string_view code = {});

/// The start of a successful node.
Answer success(std::string_view method);

} // namespace hub::simulator::alipay
