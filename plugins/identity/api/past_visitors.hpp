// "I was a visitor of a past edition" (requirements 2.4): proven by the past account's password, or
// by a code to its phone or mail address.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer verifyPast(const Work& work, const hub::Event& event);

} // namespace identity
