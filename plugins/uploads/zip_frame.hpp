// The outer bounds of a ZIP archive: one that is also something else is refused. Source: PKWARE
// APPNOTE 6.3.10, 4.3.16 "end of central directory record".
#pragma once

#include "uploads/byte_source.hpp"

#include <cstdint>
#include <optional>

namespace uploads {

/// Nothing stands in front of the first entry, between the directory and its end record, or behind
/// that: TrailingData otherwise, also for a comment. ZipBroken for no archive, for one of several
/// volumes or of ZIP64 size. ZipEntries before a directory of more entries is read.
std::optional<Finding> judgeZipFrame(const ByteSource& source, std::uint32_t entries_max);

} // namespace uploads
