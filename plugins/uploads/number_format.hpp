// How a spreadsheet shows a number. Dates come out as ISO 8601, because a file does not say in
// whose order of day and month it was looked at. Source: ECMA-376 part 1, 18.8.30 and 18.8.31.
#pragma once

#include "uploads/rows.hpp"

#include <string>
#include <string_view>

namespace uploads {

struct NumberFormat {
    bool has_date = false;
    bool has_time = false;
    bool is_general = true; // the number as it is; also for fractions and powers of ten
    bool is_percent = false;
    bool has_groups = false; // 1,234
    int digits_min = 1;      // before the point
    int decimals_min = 0;
    int decimals_max = 0;
    std::string prefix; // "No. "
    std::string suffix;
};

/// A format code's first section; signs and colors of the others are not kept.
NumberFormat parseNumberFormat(std::string_view code);

/// The formats that a file names by number alone, with the dates of Chinese programs (27 to 58).
NumberFormat builtinNumberFormat(unsigned id);

/// `value` as the file holds it: Number, Date, Inexact, or Error for what is no number.
Cell showNumber(std::string_view value, const NumberFormat& format, bool is_1904);

} // namespace uploads
