// UnionPay's respCodes. One table: every code that the simulator can answer and the words beside
// it.
#pragma once

#include "core/provider.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

/// The words of a code as respMsg has them: "查无此交易[2600000]". `field` says what is wrong.
std::string respMsg(std::string_view code, std::string_view field = {});

/// A refusal; `field` is the one that is wrong, where there is one.
Answer refusal(std::string_view code, std::string_view field = {});

/// respCode 00 with these fields.
Answer success(Json fields = Json::object());

} // namespace hub::simulator::unionpay
