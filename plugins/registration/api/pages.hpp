// Pages: an organization's form, page by page.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// GET /organizations/{organization_id}/pages/{page}: the draft, the form that draws it, and what
/// is to be said of it.
hub::Answer showPage(const hub::Snapshot& snapshot, const hub::Event& event);
/// PUT: kept whatever is still missing or wrong in it; that is answered.
hub::Answer putPage(const Work& work);

} // namespace registration
