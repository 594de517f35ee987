// One sheet of an XLSX file, read as a stream. Formulas are not computed: what the file holds as
// their value is taken. Source: ECMA-376 part 1, 18.3.
#pragma once

#include "uploads/rows.hpp"
#include "uploads/zip_archive.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace uploads {

/// A sheet of 100,000 rows unpacks to some 50 MiB.
inline constexpr ZipLimits kXlsxLimits{.archive_bytes_max = 64UL * 1024 * 1024,
                                       .entries_max = 1000,
                                       .entry_bytes_max = 512UL * 1024 * 1024,
                                       .unpacked_bytes_max = 768UL * 1024 * 1024,
                                       .ratio_max = 400};

struct XlsxOptions {
    std::string sheet; // its name; the first that is not hidden when empty
    RowLimits rows;
    ZipLimits archive = kXlsxLimits;
    std::size_t strings_bytes_max = 64UL * 1024 * 1024; // shared texts, the one thing kept whole
};

/// SheetMissing, and what ZipArchive::open and readWorkbook find; the rows find SheetBroken later.
/// The source must outlive the rows.
Judged<std::unique_ptr<RowSource>> openXlsx(const ByteSource& source,
                                            const XlsxOptions& options = {});

} // namespace uploads
