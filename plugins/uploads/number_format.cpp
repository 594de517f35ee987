#include "uploads/number_format.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <optional>

namespace uploads {

namespace {

constexpr double kSecondsPerDay = 86400;
// What a double keeps of an integer that was typed: 15 digits.
constexpr double kExactBelow = 1e15;
constexpr int kDecimalsMax = 15;

/// Takes a format code apart, one sign after the other.
class CodeReader {
public:
    explicit CodeReader(std::string_view code)
        : code_(code)
    {}

    NumberFormat read()
    {
        if (code_.starts_with("General") || code_.starts_with("GENERAL")) {
            return {}; // its letters are no date's
        }
        for (; at_ < code_.size() && code_[at_] != ';'; ++at_) {
            take(code_[at_]);
        }
        format_.has_time = has_clock_;
        format_.has_date = has_day_ || (has_m_ && !has_clock_);
        format_.is_general = is_odd_ || !has_digits_;
        return format_;
    }

private:
    void take(char c)
    {
        switch (c) {
        case '"':
            takeQuoted();
            break;
        case '[':
            takeBracket();
            break;
        case '\\':
            if (++at_ < code_.size()) {
                literal(code_.substr(at_, 1));
            }
            break;
        case '_':
        case '*':
            ++at_; // as wide as the next sign, or filled with it
            break;
        case '0':
        case '#':
        case '?':
        case '.':
        case ',':
            takeDigit(c);
            break;
        case '%':
            format_.is_percent = true;
            literal("%");
            break;
        default:
            takeLetter(c);
        }
    }

    void takeLetter(char c)
    {
        switch (c) {
        case 'y':
        case 'Y':
        case 'd':
        case 'D':
        case 'e':
            has_day_ = true;
            break;
        case 'm':
        case 'M':
            has_m_ = true;
            break;
        case 'h':
        case 'H':
        case 's':
        case 'S':
            has_clock_ = true;
            break;
        case 'E': // powers of ten
        case 'G': // "General", "G/通用格式"
        case '/': // fractions, or a date's
        case '@':
            is_odd_ = true;
            break;
        default:
            literal(code_.substr(at_, 1));
        }
    }

    void takeQuoted()
    {
        const std::size_t end = code_.find('"', at_ + 1);
        const std::size_t size = end == std::string_view::npos ? end : end - at_ - 1;
        literal(code_.substr(at_ + 1, size));
        at_ = end == std::string_view::npos ? code_.size() : end;
    }

    /// A color, a condition, a language, or hours that count beyond a day.
    void takeBracket()
    {
        const std::size_t end = code_.find(']', at_);
        const std::string_view inner =
            code_.substr(at_ + 1, end == std::string_view::npos ? end : end - at_ - 1);
        has_clock_ = has_clock_ || (!inner.empty() &&
                                    inner.find_first_not_of("hHmMsS") == std::string_view::npos);
        at_ = end == std::string_view::npos ? code_.size() : end;
    }

    void takeDigit(char c)
    {
        is_odd_ = is_odd_ || !format_.suffix.empty(); // a sign within the number, as of telephones
        if (c == '.') {
            is_behind_point_ = true;
        } else if (c == ',') {
            // At the end it divides by a thousand.
            format_.has_groups = at_ + 1 < code_.size() && isPlace(code_[at_ + 1]);
            is_odd_ = is_odd_ || !format_.has_groups;
        } else if (is_behind_point_) {
            ++format_.decimals_max;
            format_.decimals_min = c == '0' ? format_.decimals_max : format_.decimals_min;
            is_odd_ = is_odd_ || format_.decimals_max > kDecimalsMax;
        } else {
            digits_ += c == '0' ? 1 : 0;
            format_.digits_min = digits_;
            is_odd_ = is_odd_ || digits_ > kDecimalsMax;
        }
        has_digits_ = true;
    }

    static bool isPlace(char c) { return c == '0' || c == '#' || c == '?'; }

    void literal(std::string_view text) { (has_digits_ ? format_.suffix : format_.prefix) += text; }

    std::string_view code_;
    std::size_t at_ = 0;
    NumberFormat format_;
    int digits_ = 0;
    bool has_day_ = false;
    bool has_clock_ = false;
    bool has_m_ = false; // months beside days, minutes beside hours
    bool has_digits_ = false;
    bool is_behind_point_ = false;
    bool is_odd_ = false;
};

struct DateIds {
    unsigned first;
    unsigned last;
    bool has_date;
    bool has_time;
};

// 18.8.30, with the table for zh-cn.
constexpr std::array kDateIds{
    DateIds{14, 17, true, false},
    DateIds{18, 21, false, true},
    DateIds{22, 22, true, true},
    DateIds{27, 31, true, false},
    DateIds{32, 35, false, true},
    DateIds{36, 36, true, false},
    DateIds{45, 47, false, true},
    DateIds{50, 54, true, false},
    DateIds{55, 56, false, true},
    DateIds{57, 58, true, false},
};

std::string plain(double value)
{
    std::array<char, 64> text{};
    // Whole numbers without a power of ten, all others with the 15 digits that are sure.
    const bool is_whole = value == std::trunc(value) && std::abs(value) < 1e40;
    const auto written =
        is_whole ? std::to_chars(
                       text.data(), text.data() + text.size(), value, std::chars_format::fixed, 0)
                 : std::to_chars(text.data(),
                                 text.data() + text.size(),
                                 value,
                                 std::chars_format::general,
                                 kDecimalsMax);
    return {text.data(), written.ptr};
}

std::string withGroups(std::string whole)
{
    for (std::size_t i = whole.size(); i > 3; i -= 3) {
        whole.insert(i - 3, ",");
    }
    return whole;
}

/// Less than kExactBelow.
std::string formatted(double value, const NumberFormat& format)
{
    std::array<char, 64> text{};
    // Spreadsheets round what they show, 15 digits, half up: 2.675, stored a trifle below, is 2.68.
    constexpr double kHalfUp = 1 + 1e-15;
    const auto written = std::to_chars(text.data(),
                                       text.data() + text.size(),
                                       std::abs(value) * (format.is_percent ? 100 : 1) * kHalfUp,
                                       std::chars_format::fixed,
                                       format.decimals_max);
    const std::string number{text.data(), written.ptr};
    const std::size_t point = number.find('.');
    std::string whole = number.substr(0, point);
    std::string decimals = point == std::string::npos ? "" : number.substr(point + 1);
    while (decimals.size() > static_cast<std::size_t>(format.decimals_min) &&
           decimals.back() == '0') {
        decimals.pop_back();
    }
    const auto digits_min = static_cast<std::size_t>(format.digits_min);
    if (whole.size() < digits_min) {
        whole.insert(0, digits_min - whole.size(), '0');
    }
    const std::string sign =
        value < 0 && number.find_first_not_of("0.") != std::string::npos ? "-" : "";
    return sign + format.prefix + (format.has_groups ? withGroups(whole) : whole) +
           (decimals.empty() ? "" : "." + decimals) + format.suffix;
}

std::string dateOf(std::int64_t days, bool is_1904)
{
    using std::chrono::sys_days, std::chrono::year, std::chrono::year_month_day;
    // Serial 60 is 1900-02-29, which never was: what is before it counts from a day later.
    const sys_days epoch = is_1904     ? sys_days{year{1904} / 1 / 1}
                           : days < 60 ? sys_days{year{1899} / 12 / 31}
                                       : sys_days{year{1899} / 12 / 30};
    const year_month_day date{epoch + std::chrono::days{days}};
    std::array<char, 48> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02u",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text.data();
}

std::string timeOf(std::int64_t seconds)
{
    std::array<char, 48> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%02d:%02d:%02d",
                  static_cast<int>(seconds / 3600),
                  static_cast<int>(seconds / 60 % 60),
                  static_cast<int>(seconds % 60));
    return text.data();
}

/// Nothing for a number that is no date: negative, or beyond the year 9999.
std::optional<std::string> shownDate(double serial, const NumberFormat& format, bool is_1904)
{
    constexpr double kSerialEnd = 2958466; // 10000-01-01
    constexpr auto kDaySeconds = static_cast<std::int64_t>(kSecondsPerDay);
    if (serial < 0 || serial >= kSerialEnd - (is_1904 ? 1462 : 0)) {
        return std::nullopt;
    }
    const auto seconds = static_cast<std::int64_t>(std::llround(serial * kSecondsPerDay));
    if (!format.has_date) {
        return timeOf(seconds);
    }
    if (!format.has_time) {
        return dateOf(static_cast<std::int64_t>(serial), is_1904);
    }
    return dateOf(seconds / kDaySeconds, is_1904) + " " + timeOf(seconds % kDaySeconds);
}

} // namespace

NumberFormat parseNumberFormat(std::string_view code)
{
    return CodeReader(code).read();
}

NumberFormat builtinNumberFormat(unsigned id)
{
    for (const DateIds& ids : kDateIds) {
        if (id >= ids.first && id <= ids.last) {
            NumberFormat format;
            format.has_date = ids.has_date;
            format.has_time = ids.has_time;
            return format;
        }
    }
    switch (id) {
    case 1:
        return parseNumberFormat("0");
    case 2:
        return parseNumberFormat("0.00");
    case 3:
    case 37:
    case 38:
    case 41:
    case 42:
        return parseNumberFormat("#,##0");
    case 4:
    case 39:
    case 40:
    case 43:
    case 44:
        return parseNumberFormat("#,##0.00");
    case 9:
        return parseNumberFormat("0%");
    case 10:
        return parseNumberFormat("0.00%");
    default:
        return {};
    }
}

Cell showNumber(std::string_view value, const NumberFormat& format, bool is_1904)
{
    double number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    if (read.ec != std::errc{} || read.ptr != value.data() + value.size() ||
        !std::isfinite(number)) {
        return {CellKind::Error, shown(value)};
    }
    if (format.has_date || format.has_time) {
        if (auto date = shownDate(number, format, is_1904)) {
            return {CellKind::Date, std::move(*date)};
        }
        return {CellKind::Number, plain(number)};
    }
    if (std::abs(number) >= kExactBelow) {
        return {CellKind::Inexact, plain(number)};
    }
    return {CellKind::Number, format.is_general ? plain(number) : formatted(number, format)};
}

} // namespace uploads
