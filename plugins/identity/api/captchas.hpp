// Pictures to read before a log-in that failed too often.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer createCaptcha(const Work& work, const hub::Event& event);

} // namespace identity
