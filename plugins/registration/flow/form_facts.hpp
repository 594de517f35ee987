// What the forms of an organization are checked against, as far as a page needs it.
#pragma once

#include "domain/forms.hpp"

#include <hub/plugin.hpp>

#include <string_view>

namespace registration {

/// `edition` and `organization` must outlive the facts.
FormFacts factsOf(const hub::Snapshot& snapshot,
                  std::string_view page,
                  const Json& document,
                  const Edition& edition,
                  const Organization& organization);

/// [{"rule", "page", "pointer", "message": {"en", "zh"}}]
Json toJson(const std::vector<Remark>& remarks, std::string_view page);

} // namespace registration
