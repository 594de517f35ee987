// One line of a ZM or ZME member: fields of fixed width, counted in GBK bytes, each followed by one
// separator. Pure functions.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace unionpay {

struct ZmColumn {
    std::string_view name;
    std::size_t bytes;
};

/// The documented columns up to the reserved ones, which a line may have or lack.
std::span<const ZmColumn> zmColumns();

/// The values in UTF-8, without blanks around them, one per width. HUB_BAD_REQUEST when the line is
/// shorter, when something other than a blank stands where a separator must, or a value is no GBK.
hub::Result<std::vector<std::string>> cutLine(std::string_view gbk_line,
                                              std::span<const std::size_t> widths);

/// A row of ZM, by the name of its column.
class ZmRow {
public:
    /// HUB_BAD_REQUEST as cutLine.
    static hub::Result<ZmRow> parse(std::string_view gbk_line);

    /// Throws std::logic_error for a name that is no column's.
    const std::string& operator[](std::string_view name) const;

private:
    std::vector<std::string> values_;
};

/// Every line of a member that is not empty. HUB_BAD_REQUEST names the line.
hub::Result<std::vector<ZmRow>> parseZm(std::string_view gbk_text);

/// "000000000100", or with the letter that some columns have in front: C is positive, D negative.
/// HUB_BAD_REQUEST for anything else.
hub::Result<std::int64_t> parseZmAmount(std::string_view text);

} // namespace unionpay
