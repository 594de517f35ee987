#include "uploads/csv_writer.hpp"

#include <utility>

namespace uploads {

std::string csvCell(std::string_view text)
{
    constexpr std::string_view kFormulaBegins = "=+-@\t\r";
    const bool is_formula =
        !text.empty() && kFormulaBegins.find(text.front()) != std::string_view::npos;
    std::string harmless = (is_formula ? "'" : "") + std::string{text};
    if (harmless.find_first_of(",\"\r\n") == std::string::npos) {
        return harmless;
    }
    std::string quoted = "\"";
    for (const char c : harmless) {
        quoted += c;
        if (c == '"') {
            quoted += c;
        }
    }
    return quoted + "\"";
}

void CsvWriter::add(std::span<const std::string> cells)
{
    bool is_first = true;
    for (const std::string& cell : cells) {
        bytes_ += is_first ? "" : ",";
        bytes_ += csvCell(cell);
        is_first = false;
    }
    bytes_ += "\r\n";
}

std::string CsvWriter::take()
{
    return std::exchange(bytes_, {});
}

} // namespace uploads
