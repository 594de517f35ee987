// CSV as RFC 4180 says, in UTF-8 or GBK. Every cell is text, whatever it begins with.
#pragma once

#include "uploads/rows.hpp"
#include "uploads/text_coding.hpp"

#include <memory>
#include <string>

namespace uploads {

/// Lines may end with CRLF, LF or CR; a row of several lines has one number, as in a spreadsheet
/// program.
class CsvRows final : public RowSource {
public:
    /// TextCoding, Unreadable. The source must outlive the rows.
    static Judged<std::unique_ptr<RowSource>>
    open(const ByteSource& source, const RowLimits& limits = {}, char separator = ',');

    /// CsvQuote for a quotation mark within a bare cell, behind a quoted one, or without its other.
    Judged<std::optional<SheetRow>> next() override;

private:
    CsvRows(const ByteSource& source, TextCoding coding, const RowLimits& limits, char separator);

    enum class End { Cell, Row, File };

    Judged<std::optional<SheetRow>> takeRow();
    Judged<End> takeCell(SheetRow& row);
    Judged<End> takeQuoted(std::string& text);
    Judged<End> takeBare(std::string& text);
    End takeEnd();
    /// The next byte, or -1 at the end; it stays.
    int peek();
    bool fill();
    Finding atCell(Code code, std::vector<std::string> values = {}) const;

    const ByteSource& source_;
    RowLimits limits_;
    char separator_;
    TextDecoder decoder_;
    std::uint64_t offset_; // of what is not decoded yet
    std::string text_;     // decoded, from at_ on not taken yet
    std::size_t at_ = 0;
    std::uint32_t number_ = 0;
    std::size_t column_ = 0;
    std::uint32_t rows_ = 0;
    std::optional<Finding> failure_;
};

} // namespace uploads
