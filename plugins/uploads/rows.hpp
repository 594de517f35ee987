// RowSource: the rows of a spreadsheet, whatever file they stand in, one after the other.
#pragma once

#include "uploads/judged.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace uploads {

enum class CellKind {
    Empty,
    Text,
    Number,
    Date, // also a time of day: "2026-11-05", "2026-11-05 08:30:00", "08:30:00"
    Boolean,
    Error,        // "#N/A": what a formula came to
    Uncalculated, // a formula whose value the file does not hold
    Inexact,      // a number of more digits than a spreadsheet keeps
};

struct Cell {
    CellKind kind = CellKind::Empty;
    std::string text; // UTF-8, as it is shown
};

/// Cells from column A on, without the empty ones at the end.
struct SheetRow {
    std::uint32_t number = 0; // as a spreadsheet program shows it, from 1
    std::vector<Cell> cells;
};

struct RowLimits {
    std::uint32_t rows_max = 100'000; // that hold something, the header among them
    std::uint32_t columns_max = 256;
    std::uint32_t cell_bytes_max = 32UL * 1024;
};

/// Used by one thread at a time.
class RowSource {
public:
    virtual ~RowSource() = default;

    /// The next row that holds something; nothing at the end. After a finding no more is read:
    /// RowsTooMany, ColumnsTooMany, CellTooLong, Unreadable and those of the file's kind.
    virtual Judged<std::optional<SheetRow>> next() = 0;
};

/// "B17"; the column counts from 0, the row from 1.
std::string cellAddress(std::uint32_t row, std::size_t column);

} // namespace uploads
