// Input: the bytes of a CSV file. What is read keeps its limits and survives being written: all but
// the cells that get an apostrophe.

#include "expect.hpp"
#include "uploads/csv_rows.hpp"
#include "uploads/csv_writer.hpp"
#include "uploads/table.hpp"
#include "uploads/text_coding.hpp"

#include <vector>

namespace {

using namespace hub::fuzz;
using Rows = std::vector<std::vector<std::string>>;

constexpr uploads::RowLimits kLimits{1000, 50, 1000};

void expectSaid(const uploads::Finding& finding)
{
    expectReadable(uploads::sentence(finding, uploads::Language::Chinese));
    expectReadable(uploads::sentence(finding, uploads::Language::English));
}

/// Texts of all rows; nothing when something was refused.
std::optional<Rows> readRows(std::string_view bytes)
{
    const uploads::MemorySource source(bytes);
    auto opened = uploads::CsvRows::open(source, kLimits);
    if (!opened.ok()) {
        expectSaid(opened.finding());
        return std::nullopt;
    }
    Rows rows;
    std::uint32_t last_row = 0;
    while (true) {
        const auto row = opened.value()->next();
        if (!row.ok()) {
            expectSaid(row.finding());
            return std::nullopt;
        }
        if (!row.value()) {
            return rows;
        }
        expect(row.value()->number > last_row, "rows ascend");
        last_row = row.value()->number;
        expect(row.value()->cells.size() <= kLimits.columns_max, "cells are counted");
        rows.emplace_back();
        for (const auto& cell : row.value()->cells) {
            expect(cell.text.size() <= kLimits.cell_bytes_max, "a text has a limit");
            expect(uploads::isUtf8(cell.text), "a text is UTF-8", cell.text);
            rows.back().push_back(cell.text);
        }
    }
}

void checkTable(std::string_view bytes)
{
    const uploads::MemorySource source(bytes);
    auto opened = uploads::CsvRows::open(source, kLimits);
    if (!opened.ok()) {
        return;
    }
    auto table = uploads::Table::open(std::move(opened).value(), {{"a", {"a", "姓名"}, true}});
    if (!table.ok()) {
        expectSaid(table.finding());
        return;
    }
    while (true) {
        const auto row = table.value().next();
        if (!row.ok() || !row.value()) {
            return;
        }
        expect(!(*row.value())["a"].text.empty(), "a row has a known cell");
        expect(row.value()->number() > table.value().headerRow(), "rows follow their header");
        expect(row.value()->findings().empty(), "CSV has no cells without a value");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = textOf(data, size);
    checkTable(bytes);
    const auto rows = readRows(bytes);
    if (!rows) {
        return 0;
    }
    uploads::CsvWriter writer;
    bool is_longer = false;
    Rows expected;
    for (const auto& row : *rows) {
        writer.add(row);
        expected.emplace_back();
        for (const std::string& cell : row) {
            const bool is_changed = !cell.empty() && std::string_view{"=+-@\t\r"}.find(
                                                         cell.front()) != std::string_view::npos;
            expected.back().push_back((is_changed ? "'" : "") + cell);
            is_longer = is_longer || expected.back().back().size() > kLimits.cell_bytes_max;
        }
    }
    const std::string written = writer.take();
    const auto again = readRows(written);
    expect(is_longer || (again && *again == expected), "rows survive being written", written);
    return 0;
}
