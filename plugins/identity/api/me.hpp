// What somebody who is logged in sees of themselves.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer showMe(const Look& look);
hub::Answer listSessions(const Look& look);
hub::Answer endOneSession(const Work& work, const hub::Event& event);

/// For other plugins: whom to write to about an organization.
hub::Answer askContacts(const Look& look);

} // namespace identity
