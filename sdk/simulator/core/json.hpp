// JSON as the simulator writes it: members in the order in which they were added.
#pragma once

#include <nlohmann/json.hpp>

namespace hub::simulator {

using Json = nlohmann::ordered_json;

} // namespace hub::simulator
