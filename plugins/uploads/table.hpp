// Table: rows by the names of their fields. The header says which column holds what, in either
// language; what columns there are is data of the caller.
#pragma once

#include "uploads/rows.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace uploads {

/// A header cell is one of `names`, or that with "*" or a remark in brackets, such as
/// "姓名（必填）"; blanks and case do not matter.
struct Column {
    std::string field;              // "document_number"
    std::vector<std::string> names; // {"证件号码", "Document number"}
    bool is_required = false;       // the column; its cells may be empty
};

/// One row. Texts are without blanks around them.
class Row {
public:
    std::uint32_t number() const noexcept { return row_.number; }
    /// Empty for an empty cell and for a column that the file lacks.
    const Cell& operator[](std::string_view field) const;
    /// "B17": what an error about the field names; "17" when the file lacks the column.
    std::string address(std::string_view field) const;
    /// Cells of known columns that show no value of their own: CellError, CellUncalculated,
    /// CellInexact.
    std::vector<Finding> findings() const;

private:
    friend class Table;
    /// A field and the column that holds it.
    using Places = std::vector<std::pair<std::string, std::size_t>>;

    Row(SheetRow row, std::shared_ptr<const Places> places);
    std::optional<std::size_t> columnOf(std::string_view field) const;

    SheetRow row_;
    std::shared_ptr<const Places> places_;
};

/// Used by one thread at a time.
class Table {
public:
    /// Looks for the header within the first ten rows that hold something: the first with all
    /// required columns. HeaderMissing names a column that the row most like it lacks; HeaderTwice;
    /// and what the rows find. `columns` has at least one, each with at least one name.
    static Judged<Table> open(std::unique_ptr<RowSource> rows, const std::vector<Column>& columns);

    /// Rows behind the header that have a known cell; nothing at the end. With `first_row` the work
    /// goes on where an earlier reading stopped: rows of a lower number are passed over.
    Judged<std::optional<Row>> next(std::uint32_t first_row = 0);

    std::uint32_t headerRow() const noexcept { return header_row_; }
    /// Header cells that no column is called by: they are not read.
    const std::vector<std::string>& unknownColumns() const noexcept { return unknown_; }

private:
    Table() = default;

    std::unique_ptr<RowSource> rows_;
    std::shared_ptr<const Row::Places> places_;
    std::vector<std::string> unknown_;
    std::uint32_t header_row_ = 0;
};

} // namespace uploads
