// The provider's codes with their HTTP status and words.
#pragma once

#include "core/provider.hpp"

namespace hub::simulator::aliyun {

/// `status` 0: what the provider usually sends with the code. `words` empty: the usual ones.
Answer refusal(std::string_view code, std::string_view words = {}, int status = 0);
Answer success(Json fields);

} // namespace hub::simulator::aliyun
