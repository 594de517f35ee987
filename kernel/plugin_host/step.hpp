// The sentence of a step of the confinement that failed.
#pragma once

#include <hub/result.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace hub::plugin_host {

/// Reads errno.
inline Error stepError(std::string_view step, std::string_view remedy)
{
    return {HUB_INTERNAL,
            fmt::format("the host process can't {}: {}; {}", step, std::strerror(errno), remedy)};
}

inline Result<void> checkedStep(bool done, std::string_view step, std::string_view remedy)
{
    if (!done) {
        return stepError(step, remedy);
    }
    return {};
}

} // namespace hub::plugin_host
