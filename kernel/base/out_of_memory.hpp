// What a process does when it gets no more memory: it ends, and is started again with all of it.
#pragma once

namespace hub::base {

/// From now on a failed allocation of C++ ends this process with exit code 75, "start me again",
/// after one line on stderr. Nothing is acknowledged, booked as somebody's failure or counted as a
/// try half way: to the store it is a crash, which loses nothing. A library that takes more and
/// more would otherwise stay at its limit and fail at every delivery of others. For main().
void endWithoutMemory() noexcept;

} // namespace hub::base
