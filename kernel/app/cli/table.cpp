#include "app/cli/table.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <vector>

namespace hub::cli {

namespace {

constexpr std::size_t kGap = 2;

struct Range {
    char32_t first;
    char32_t last;
};

/// East Asian wide and fullwidth ranges of Unicode, as far as names and titles use them.
constexpr Range kWide[] = {{0x1100, 0x115F},
                           {0x2E80, 0x303E},
                           {0x3041, 0xA4CF},
                           {0xAC00, 0xD7A3},
                           {0xF900, 0xFAFF},
                           {0xFE30, 0xFE6F},
                           {0xFF00, 0xFF60},
                           {0xFFE0, 0xFFE6},
                           {0x1F300, 0x1F64F},
                           {0x1F900, 0x1F9FF},
                           {0x20000, 0x3FFFD}};

bool isWide(char32_t point)
{
    return std::any_of(std::begin(kWide), std::end(kWide), [point](const Range& range) {
        return point >= range.first && point <= range.last;
    });
}

/// Length of the sequence that begins with this byte of well-formed UTF-8.
std::size_t sequenceLength(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xE0) {
        return 2;
    }
    return lead < 0xF0 ? 3 : 4;
}

char32_t decode(std::string_view sequence)
{
    static constexpr unsigned char kLeadBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t point = static_cast<unsigned char>(sequence[0]) & kLeadBits[sequence.size()];
    for (const char byte : sequence.substr(1)) {
        point = (point << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return point;
}

/// C0 and C1 controls move the cursor; the bidirectional ones turn text round.
bool isControl(char32_t point)
{
    return point < 0x20 || (point >= 0x7F && point <= 0x9F) ||
           (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

std::string padded(const std::string& text, std::size_t width)
{
    return text + std::string(width - std::min(width, displayWidth(text)), ' ');
}

std::string line(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths)
{
    std::string text;
    for (std::size_t column = 0; column < widths.size(); ++column) {
        const std::string cell = column < cells.size() ? printable(cells[column]) : "";
        text += padded(cell, widths[column] + kGap);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

} // namespace

std::size_t displayWidth(std::string_view text)
{
    if (!base::isUtf8(text)) {
        return text.size();
    }
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequenceLength(static_cast<unsigned char>(text[at]));
        width += isWide(decode(text.substr(at, length))) ? 2U : 1U;
        at += length;
    }
    return width;
}

std::string printable(std::string_view text)
{
    std::string safe;
    if (!base::isUtf8(text)) {
        for (const char byte : text) {
            safe += byte >= 0x20 && byte < 0x7F ? byte : '?';
        }
        return safe;
    }
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = sequenceLength(static_cast<unsigned char>(text[at]));
        const std::string_view sequence = text.substr(at, length);
        if (isControl(decode(sequence))) {
            safe += '?';
        } else {
            safe += sequence;
        }
        at += length;
    }
    return safe;
}

std::string renderSection(const Section& section)
{
    std::vector<std::size_t> widths(section.columns.size());
    const auto widen = [&widths](const std::vector<std::string>& cells) {
        for (std::size_t column = 0; column < std::min(cells.size(), widths.size()); ++column) {
            widths[column] = std::max(widths[column], displayWidth(printable(cells[column])));
        }
    };
    widen(section.columns);
    std::for_each(section.rows.begin(), section.rows.end(), widen);
    std::string text = section.title.empty() ? "" : printable(section.title) + "\n";
    if (section.rows.empty()) {
        return text + "(none)\n";
    }
    text += line(section.columns, widths);
    for (const auto& row : section.rows) {
        text += line(row, widths);
    }
    return text;
}

} // namespace hub::cli
