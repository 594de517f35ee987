// WeChat Pay's error codes. One table: every code that the simulator can answer, its HTTP status
// and the words beside it.
#pragma once

#include "core/provider.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::wechat {

/// A refusal; `detail` is appended to the words. `status` 0: the table knows it, 400 by default.
Answer refusal(std::string_view code, std::string_view detail = {}, int status = 0);

/// A success with these fields; 204 without any.
Answer success(Json fields);
Answer noContent();

} // namespace hub::simulator::wechat
