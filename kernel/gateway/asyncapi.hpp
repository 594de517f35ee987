// The AsyncAPI 3.0 description of the events in the journal, made from what the libraries say of
// them.
#pragma once

#include "base/json.hpp"
#include "gateway/backend.hpp"

#include <vector>

namespace hub::gateway {

base::Json makeAsyncApi(const std::vector<EventDescription>& events);

} // namespace hub::gateway
