// Lets others judge plugins/uploads: reads and writes files by it, and prints JSON lines.
// usage: independent_uploads rows|media|archive FILE · clean jpeg|png IN OUT · write xlsx|csv OUT
// (rows to write are JSON arrays on the standard input, one on each line)

#include "uploads/csv_rows.hpp"
#include "uploads/csv_writer.hpp"
#include "uploads/media.hpp"
#include "uploads/picture.hpp"
#include "uploads/xlsx_rows.hpp"
#include "uploads/xlsx_writer.hpp"

#include <exception>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

std::string readFile(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    if (!file) {
        throw std::runtime_error(name + " can't be read");
    }
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return bytes.str();
}

void writeFile(const std::string& name, const std::string& bytes)
{
    std::ofstream file(name, std::ios::binary);
    if (!(file << bytes)) {
        throw std::runtime_error(name + " can't be written");
    }
}

/// Throws what was found: the judges count on a good file.
template <typename T>
T taken(uploads::Judged<T> judged)
{
    if (!judged.ok()) {
        throw std::runtime_error(uploads::sentence(judged.finding(), uploads::Language::English));
    }
    return std::move(judged).value();
}

std::string_view nameOf(uploads::CellKind kind)
{
    constexpr std::string_view kNames[] = {
        "empty", "text", "number", "date", "boolean", "error", "uncalculated", "inexact"};
    return kNames[static_cast<std::size_t>(kind)];
}

void printRows(const std::string& name)
{
    const std::string bytes = readFile(name);
    const uploads::MemorySource source(bytes);
    const bool is_csv = taken(uploads::detectMedia(source)) == uploads::Media::Csv;
    const auto rows = taken(is_csv ? uploads::CsvRows::open(source) : uploads::openXlsx(source));
    while (const auto row = taken(rows->next())) {
        Json cells = Json::array();
        for (const auto& cell : row->cells) {
            cells.push_back({nameOf(cell.kind), cell.text});
        }
        std::cout << Json{{"row", row->number}, {"cells", cells}} << "\n";
    }
}

void printMedia(const std::string& name)
{
    const std::string bytes = readFile(name);
    const uploads::MemorySource source(bytes);
    const auto media = uploads::detectMedia(source);
    std::cout << (media.ok() ? uploads::mediaType(media.value())
                             : uploads::codeName(media.finding().code))
              << "\n";
}

void printArchive(const std::string& name)
{
    const std::string bytes = readFile(name);
    const uploads::MemorySource source(bytes);
    const auto archive = taken(uploads::ZipArchive::open(source));
    for (const auto& entry : archive.entries()) {
        std::cout << Json{{"name", entry.name}, {"content", taken(archive.read(entry))}} << "\n";
    }
}

void cleanPicture(const std::string& format, const std::string& in, const std::string& out)
{
    const auto picture = taken(uploads::decodePicture(readFile(in)));
    writeFile(out,
              uploads::clean(picture,
                             format == "png" ? uploads::PictureFormat::Png
                                             : uploads::PictureFormat::Jpeg));
    std::cout << Json{{"width", picture.pixels.width}, {"height", picture.pixels.height}} << "\n";
}

void writeTable(const std::string& format, const std::string& out)
{
    constexpr std::int64_t kCreated = 1'795'276'800; // 2026-11-21
    uploads::XlsxWriter xlsx("名单", kCreated);
    uploads::CsvWriter csv;
    for (std::string line; std::getline(std::cin, line);) {
        const auto cells = Json::parse(line).get<std::vector<std::string>>();
        csv.add(cells);
        if (!xlsx.add(cells).ok()) {
            throw std::runtime_error("a row can't be written");
        }
    }
    writeFile(out, format == "csv" ? csv.take() : xlsx.finish());
}

} // namespace

int main(int count, char** arguments)
{
    try {
        const std::vector<std::string> words(arguments + 1, arguments + count);
        const std::string command = words.empty() ? "" : words[0];
        if (command == "rows" && words.size() == 2) {
            printRows(words[1]);
        } else if (command == "media" && words.size() == 2) {
            printMedia(words[1]);
        } else if (command == "archive" && words.size() == 2) {
            printArchive(words[1]);
        } else if (command == "clean" && words.size() == 4) {
            cleanPicture(words[1], words[2], words[3]);
        } else if (command == "write" && words.size() == 3) {
            writeTable(words[1], words[2]);
        } else {
            throw std::runtime_error("no such command; see judged_uploads.cpp");
        }
        return 0;
    } catch (const std::exception& problem) {
        std::cerr << "independent_uploads: " << problem.what() << "\n";
        return 1;
    }
}
