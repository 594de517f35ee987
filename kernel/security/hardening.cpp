#include "security/hardening.hpp"

#include "base/exception.hpp"

#include <cerrno>
#include <system_error>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace hub::security {

void forbidMemoryDumps()
{
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_CORE, &none) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        throw base::Failure(HUB_INTERNAL,
                            "the process can't be made undumpable: {}",
                            std::generic_category().message(errno));
    }
}

} // namespace hub::security
