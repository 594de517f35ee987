// The contract's operation "payables": persons as an order needs them.
#pragma once

#include <hub/plugin.hpp>

namespace registration {

hub::Answer answerPayables(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace registration
