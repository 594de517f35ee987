// What somebody who is logged in sees of themselves.
#pragma once

#include "flow/look.hpp"
#include "flow/work.hpp"

namespace identity {

hub::Answer showMe(const Look& look);
hub::Answer listSessions(const Look& look);
hub::Answer endOneSession(const Work& work, const hub::Event& event);

} // namespace identity
