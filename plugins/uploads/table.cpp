#include "uploads/table.hpp"

#include <algorithm>
#include <array>

namespace uploads {

namespace {

constexpr int kHeaderRowsMax = 10;

// The blanks of spreadsheets: of ASCII, no-break, ideographic, and the mark of UTF-8.
constexpr std::array<std::string_view, 7> kBlanks{
    " ", "\t", "\r", "\n", "\xC2\xA0", "\xE3\x80\x80", "\xEF\xBB\xBF"};

std::size_t blankInFront(std::string_view text) noexcept
{
    const auto blank = std::find_if(
        kBlanks.begin(), kBlanks.end(), [text](std::string_view b) { return text.starts_with(b); });
    return blank == kBlanks.end() ? 0 : blank->size();
}

std::size_t blankAtEnd(std::string_view text) noexcept
{
    const auto blank = std::find_if(
        kBlanks.begin(), kBlanks.end(), [text](std::string_view b) { return text.ends_with(b); });
    return blank == kBlanks.end() ? 0 : blank->size();
}

std::string_view trimmed(std::string_view text) noexcept
{
    while (const std::size_t size = blankInFront(text)) {
        text.remove_prefix(size);
    }
    while (const std::size_t size = blankAtEnd(text)) {
        text.remove_suffix(size);
    }
    return text;
}

/// What two writings of one name have in common.
std::string nameKey(std::string_view text)
{
    const std::size_t remark = std::min(text.find('('), text.find("（"));
    text = remark == 0 ? text : text.substr(0, remark);
    std::string key;
    while (!text.empty()) {
        const std::size_t blank = blankInFront(text);
        const char c = text.front();
        if (blank == 0 && c != '*') {
            key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        text.remove_prefix(std::max<std::size_t>(blank, 1));
    }
    return key;
}

const Column* findColumn(const std::vector<Column>& columns, const std::string& key)
{
    const auto column = std::find_if(columns.begin(), columns.end(), [&key](const Column& c) {
        return std::any_of(c.names.begin(), c.names.end(), [&key](const std::string& name) {
            return nameKey(name) == key;
        });
    });
    return column == columns.end() ? nullptr : &*column;
}

/// A row taken as a header.
struct Header {
    std::vector<std::pair<std::string, std::size_t>> places;
    std::vector<std::string> unknown;
    std::optional<Finding> finding;
};

bool hasField(const Header& header, const std::string& field)
{
    return std::any_of(header.places.begin(), header.places.end(), [&field](const auto& place) {
        return place.first == field;
    });
}

Header readHeader(const SheetRow& row, const std::vector<Column>& columns)
{
    Header header;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string key = nameKey(row.cells[i].text);
        const Column* column = key.empty() ? nullptr : findColumn(columns, key);
        if (column == nullptr) {
            if (!key.empty()) {
                header.unknown.push_back(shown(row.cells[i].text));
            }
            continue;
        }
        if (hasField(header, column->field)) {
            header.finding =
                Finding{Code::HeaderTwice, cellAddress(row.number, i), {shown(row.cells[i].text)}};
        }
        header.places.emplace_back(column->field, i);
    }
    for (const Column& column : columns) {
        if (column.is_required && !hasField(header, column.field)) {
            header.finding =
                Finding{Code::HeaderMissing, std::to_string(row.number), {column.names.front()}};
            break;
        }
    }
    return header;
}

std::optional<Code> problemOf(CellKind kind) noexcept
{
    switch (kind) {
    case CellKind::Error:
        return Code::CellError;
    case CellKind::Uncalculated:
        return Code::CellUncalculated;
    case CellKind::Inexact:
        return Code::CellInexact;
    default:
        return std::nullopt;
    }
}

} // namespace

Row::Row(SheetRow row, std::shared_ptr<const Places> places)
    : row_(std::move(row))
    , places_(std::move(places))
{
    for (Cell& cell : row_.cells) {
        cell.text = std::string{trimmed(cell.text)};
        if (cell.kind == CellKind::Text && cell.text.empty()) {
            cell.kind = CellKind::Empty;
        }
    }
}

std::optional<std::size_t> Row::columnOf(std::string_view field) const
{
    const auto place = std::find_if(
        places_->begin(), places_->end(), [field](const auto& p) { return p.first == field; });
    return place == places_->end() ? std::nullopt : std::optional{place->second};
}

const Cell& Row::operator[](std::string_view field) const
{
    static const Cell kEmpty;
    const auto column = columnOf(field);
    return column && *column < row_.cells.size() ? row_.cells[*column] : kEmpty;
}

std::string Row::address(std::string_view field) const
{
    const auto column = columnOf(field);
    return column ? cellAddress(row_.number, *column) : std::to_string(row_.number);
}

std::vector<Finding> Row::findings() const
{
    std::vector<Finding> findings;
    for (const auto& [field, column] : *places_) {
        const Cell& cell = (*this)[field];
        if (const auto code = problemOf(cell.kind)) {
            findings.push_back({*code, cellAddress(row_.number, column), {cell.text}});
        }
    }
    return findings;
}

Judged<Table> Table::open(std::unique_ptr<RowSource> rows, const std::vector<Column>& columns)
{
    std::size_t most_places = 0;
    Finding nearest{Code::HeaderMissing, {}, {columns.front().names.front()}};
    for (int i = 0; i < kHeaderRowsMax; ++i) {
        auto row = rows->next();
        if (!row.ok()) {
            return row.finding();
        }
        if (!row.value()) {
            break;
        }
        Header header = readHeader(*row.value(), columns);
        if (!header.finding) {
            Table table;
            table.rows_ = std::move(rows);
            table.places_ = std::make_shared<const Row::Places>(std::move(header.places));
            table.unknown_ = std::move(header.unknown);
            table.header_row_ = row.value()->number;
            return table;
        }
        if (header.places.size() > most_places) {
            most_places = header.places.size();
            nearest = std::move(*header.finding);
        }
    }
    return nearest;
}

Judged<std::optional<Row>> Table::next(std::uint32_t first_row)
{
    while (true) {
        auto found = rows_->next();
        if (!found.ok()) {
            return found.finding();
        }
        if (!found.value()) {
            return std::optional<Row>{};
        }
        if (found.value()->number < first_row) {
            continue;
        }
        Row row(std::move(*found.value()), places_);
        const bool has_cell =
            std::any_of(places_->begin(), places_->end(), [&row](const auto& place) {
                return row[place.first].kind != CellKind::Empty;
            });
        if (has_cell) {
            return std::optional{std::move(row)};
        }
    }
}

} // namespace uploads
