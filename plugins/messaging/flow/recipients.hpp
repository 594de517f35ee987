// Whom an event tells: asked of the contract identity each time, because people change.
#pragma once

#include "domain/notices.hpp"
#include "flow/work.hpp"

#include <hub/event.hpp>

#include <string_view>
#include <variant>
#include <vector>

namespace messaging {

struct Recipients {
    /// `person`, `language` and, where there is one, `phone`, as identity says them.
    std::vector<Json> people;
    std::string_view reason; // a word: why there are none
};

/// The answer of who could not say it now, which the event ends with: the hub delivers it again.
std::variant<Recipients, hub::Answer>
recipientsOf(const Work& work, Audience audience, const Json& event);

} // namespace messaging
