// CSV for people who open it in a spreadsheet program: UTF-8 with its mark, RFC 4180, and no cell
// that such a program would run as a formula.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace uploads {

/// Gathers rows; take() hands on what there is, so that a long file goes out in pieces.
class CsvWriter {
public:
    void add(std::span<const std::string> cells);
    /// All bytes since the last call; the mark stands in front of the first.
    std::string take();

private:
    std::string bytes_ = "\xEF\xBB\xBF";
};

/// A cell that begins with = + - @, a tab or a return gets an apostrophe in front; one with a
/// separator, a quotation mark or a line end is quoted.
std::string csvCell(std::string_view text);

} // namespace uploads
