// Accounts: what follows when identity opens or releases an organization's account.
#pragma once

#include "flow/work.hpp"

#include <hub/plugin.hpp>

namespace registration {

/// organization.registered: the application of a new account begins as a draft.
hub::Answer beginApplication(const Work& work);

/// organization.code_released: the code was somebody else's (D-08). The application ends, and its
/// code is free for whoever it belongs to.
hub::Answer endApplication(const Work& work);

} // namespace registration
