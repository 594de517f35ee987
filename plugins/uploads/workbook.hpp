// The parts of an XLSX file that say where its rows are and how to read them. Source: ECMA-376
// part 1, 18.2 (workbook) and 18.8 (styles), part 2 (relationships).
#pragma once

#include "uploads/number_format.hpp"
#include "uploads/shared_strings.hpp"
#include "uploads/zip_archive.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace uploads {

struct Sheet {
    std::string name;
    std::string part; // the archive's entry
    bool is_hidden = false;
};

struct Workbook {
    std::vector<Sheet> sheets;
    SharedStrings strings;
    std::vector<NumberFormat> formats; // by the style that a cell names
    bool is_1904 = false;
};

/// SheetActive for macros, controls, embedded objects and links to other files; SheetBroken;
/// SheetTooLarge beyond `strings_bytes_max`; what ZipStream::next finds.
Judged<Workbook> readWorkbook(const ZipArchive& archive, std::size_t strings_bytes_max);

} // namespace uploads
