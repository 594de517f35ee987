#include "uploads/csv_rows.hpp"

#include <algorithm>

namespace uploads {

namespace {

constexpr std::uint64_t kMarkBytes = 3;

} // namespace

Judged<std::unique_ptr<RowSource>>
CsvRows::open(const ByteSource& source, const RowLimits& limits, char separator)
{
    const auto coding = detectTextCoding(source);
    if (!coding.ok()) {
        return coding.finding();
    }
    return std::unique_ptr<RowSource>{new CsvRows(source, coding.value(), limits, separator)};
}

CsvRows::CsvRows(const ByteSource& source,
                 TextCoding coding,
                 const RowLimits& limits,
                 char separator)
    : source_(source)
    , limits_(limits)
    , separator_(separator)
    , decoder_(coding)
    , offset_(coding == TextCoding::Utf8Marked ? kMarkBytes : 0)
{}

Judged<std::optional<SheetRow>> CsvRows::next()
{
    while (!failure_) {
        auto row = takeRow();
        if (!row.ok()) {
            failure_ = row.finding();
        } else if (!row.value() || !row.value()->cells.empty()) {
            return row;
        }
    }
    return *failure_;
}

Judged<std::optional<SheetRow>> CsvRows::takeRow()
{
    if (peek() < 0) {
        return failure_ ? Judged<std::optional<SheetRow>>{*failure_} : std::optional<SheetRow>{};
    }
    SheetRow row{++number_, {}};
    column_ = 0;
    for (End end = End::Cell; end == End::Cell; ++column_) {
        const auto taken = takeCell(row);
        if (!taken.ok()) {
            return taken.finding();
        }
        end = taken.value();
    }
    while (!row.cells.empty() && row.cells.back().kind == CellKind::Empty) {
        row.cells.pop_back();
    }
    if (!row.cells.empty() && ++rows_ > limits_.rows_max) {
        return Finding{
            Code::RowsTooMany, std::to_string(number_), {std::to_string(limits_.rows_max)}};
    }
    return std::optional{std::move(row)};
}

Judged<CsvRows::End> CsvRows::takeCell(SheetRow& row)
{
    Cell cell;
    auto end = peek() == '"' ? takeQuoted(cell.text) : takeBare(cell.text);
    if (!end.ok()) {
        return end;
    }
    if (failure_) {
        return *failure_;
    }
    if (!cell.text.empty()) {
        if (column_ >= limits_.columns_max) {
            return atCell(Code::ColumnsTooMany, {std::to_string(limits_.columns_max)});
        }
        cell.kind = CellKind::Text;
    }
    if (column_ < limits_.columns_max) {
        row.cells.push_back(std::move(cell));
    }
    return end;
}

Judged<CsvRows::End> CsvRows::takeQuoted(std::string& text)
{
    ++at_; // the mark
    while (true) {
        const int c = peek();
        if (c < 0) {
            return atCell(Code::CsvQuote);
        }
        ++at_;
        if (c == '"') {
            if (peek() != '"') {
                break;
            }
            ++at_;
        }
        text += static_cast<char>(c);
        if (text.size() > limits_.cell_bytes_max) {
            return atCell(Code::CellTooLong, {shownBytes(limits_.cell_bytes_max)});
        }
    }
    const int behind = peek();
    const bool is_end = behind < 0 || behind == static_cast<unsigned char>(separator_) ||
                        behind == '\r' || behind == '\n';
    return is_end ? Judged<End>{takeEnd()} : atCell(Code::CsvQuote);
}

Judged<CsvRows::End> CsvRows::takeBare(std::string& text)
{
    while (true) {
        const int c = peek();
        if (c < 0 || c == static_cast<unsigned char>(separator_) || c == '\r' || c == '\n') {
            return takeEnd();
        }
        if (c == '"') {
            return atCell(Code::CsvQuote);
        }
        if (text.size() == limits_.cell_bytes_max) {
            return atCell(Code::CellTooLong, {shownBytes(limits_.cell_bytes_max)});
        }
        text += static_cast<char>(c);
        ++at_;
    }
}

CsvRows::End CsvRows::takeEnd()
{
    const int c = peek();
    if (c < 0) {
        return End::File;
    }
    ++at_;
    if (c == static_cast<unsigned char>(separator_)) {
        return End::Cell;
    }
    if (c == '\r' && peek() == '\n') {
        ++at_;
    }
    return End::Row;
}

int CsvRows::peek()
{
    if (at_ == text_.size() && !fill()) {
        return -1;
    }
    return static_cast<unsigned char>(text_[at_]);
}

bool CsvRows::fill()
{
    text_.clear();
    at_ = 0;
    while (text_.empty() && offset_ < source_.size() && !failure_) {
        const auto piece =
            readRange(source_, offset_, std::min(kPieceBytes, source_.size() - offset_));
        if (!piece.ok()) {
            failure_ = piece.finding();
        } else if (!decoder_.decode(piece.value(), text_)) {
            // open() has seen the whole file: it changed since.
            failure_ = Finding{Code::Unreadable, {}, {}};
        } else {
            offset_ += piece.value().size();
        }
    }
    return !text_.empty() && !failure_;
}

Finding CsvRows::atCell(Code code, std::vector<std::string> values) const
{
    return failure_ ? *failure_ : Finding{code, cellAddress(number_, column_), std::move(values)};
}

} // namespace uploads
