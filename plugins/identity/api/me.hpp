// What somebody who is logged in sees of themselves.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer showMe(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer listSessions(const hub::Snapshot& snapshot, const hub::Event& event);
hub::Answer endOneSession(const Work& work, const hub::Event& event);

/// For other plugins: whom to write to about an organization.
hub::Answer askContacts(const hub::Snapshot& snapshot, const hub::Event& event);

} // namespace identity
