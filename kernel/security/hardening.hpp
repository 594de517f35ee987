// What a process that holds keys does first: no core file and no debugger of the same user can
// get at its memory.
#pragma once

namespace hub::security {

/// Call once at the start of main, before any key is read. Throws base::Failure.
void forbidMemoryDumps();

} // namespace hub::security
