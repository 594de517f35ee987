// Checks that tests/chaos turns off, to see that its own checks notice: HUB_WEAKNESS names one.
// Only preset chaos (HUB_CHAOS) compiles them; elsewhere nothing of this gets into the library.
#pragma once

#ifdef HUB_CHAOS

#include <cstdlib>
#include <cstring>

namespace registration {

inline bool isWeak(const char* check) noexcept
{
    const char* weakness = ::secure_getenv("HUB_WEAKNESS");
    return weakness != nullptr && std::strcmp(weakness, check) == 0;
}

} // namespace registration

#define REGISTRATION_WEAK(check) ::registration::isWeak(check)
#else
#define REGISTRATION_WEAK(check) false
#endif
