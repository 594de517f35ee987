// Landlock: which files this process and its threads may still open, by the kernel's own rules.
#pragma once

#include <hub/result.hpp>

#include <filesystem>
#include <vector>

namespace hub::plugin_host {

/// 0: this kernel has none, errno says why.
int landlockVersion() noexcept;

/// From here on only what lies beneath these may be read; nothing may be written, made, removed or
/// executed. Paths that are not there are left out. Where the kernel knows how, TCP, abstract
/// sockets and signals to others are closed, too. Needs no_new_privs.
Result<void> restrictFiles(const std::vector<std::filesystem::path>& readable);

/// What a library needs of the system: the folders of the shared objects that are loaded here
/// already, the linker's cache, time zones, locales, the random device.
std::vector<std::filesystem::path> systemFiles();

} // namespace hub::plugin_host
