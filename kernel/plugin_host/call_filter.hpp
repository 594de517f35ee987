// The filter of system calls: what a library and every other thread of this process may still ask
// of the kernel once the connection to the hub stands. An allow-list, so that what a newer kernel
// learns is refused, too. The rest is answered EPERM rather than with death: a library that tries
// something by mistake loses that one try, not the calls of others that are in its process, whose
// money would become unknown; and who tries on purpose learns nothing that this list does not say.
#pragma once

#include <hub/result.hpp>

namespace hub::plugin_host {

/// For all threads of the process, for ever. Call after WELCOME and before library code.
Result<void> filterCalls();

} // namespace hub::plugin_host
