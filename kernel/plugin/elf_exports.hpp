// Reads which symbols a shared object gives to the dynamic linker, from its bytes, without
// executing or mapping any of it. Follows the program headers, as the dynamic linker does; the
// section headers may lie.
#pragma once

#include <hub/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hub::plugin {

/// Names of the defined global and weak symbols. The error is a clause about the file: "is no
/// ELF file".
Result<std::vector<std::string>> readElfExports(std::string_view file);

} // namespace hub::plugin
