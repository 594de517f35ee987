// The provider's codes with their HTTP status and words.
#pragma once

#include "core/provider.hpp"

namespace hub::simulator::licence {

/// `status` 0: what the provider usually sends with the code.
Answer refusal(std::string_view code, int status = 0);
Answer success(Json fields);

} // namespace hub::simulator::licence
