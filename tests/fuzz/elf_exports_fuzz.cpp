// Input: a library file. Whatever it claims, only names that stand in it come out.

#include "expect.hpp"
#include "plugin/elf_exports.hpp"

#include <elf.h>

using namespace hub::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view file = textOf(data, size);
    const auto exports = hub::plugin::readElfExports(file);
    if (!exports.ok()) {
        expect(exports.error().code == HUB_BAD_REQUEST, "a damaged file is a bad request");
        expectReadable(exports.error().message);
        return 0;
    }
    expect(exports.value().size() <= size / sizeof(Elf64_Sym), "each name has its symbol");
    for (const std::string& name : exports.value()) {
        expect(name.find('\0') == std::string::npos, "a name ends at its NUL", name);
        expect(file.find(name + '\0') != std::string_view::npos, "a name stands in the file", name);
    }
    return 0;
}
