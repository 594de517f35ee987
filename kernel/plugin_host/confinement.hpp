// What a host process gives up before it meets the library. The order is fixed, because each step
// is possible only before the next: while single-threaded, what namespaces and file rules need
// (confineProcess); then the ZeroMQ context, whose threads inherit it; then HELLO and WELCOME;
// then the filter of system calls; then the library. Every step fails closed.
#pragma once

#include <hub/result.hpp>

#include <filesystem>

namespace hub::plugin_host {

/// Call while single-threaded. `folder` becomes the working directory.
Result<void> confineProcess(const std::filesystem::path& folder);

} // namespace hub::plugin_host
