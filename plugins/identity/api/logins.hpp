// The ways in: by password, by a code, and to a new password.
#pragma once

#include "flow/work.hpp"

namespace identity {

hub::Answer logInByPassword(const Work& work, const hub::Event& event);
hub::Answer logInByCode(const Work& work, const hub::Event& event);
hub::Answer resetPassword(const Work& work, const hub::Event& event);

} // namespace identity
