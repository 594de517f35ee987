// XLSX for people: one sheet, every cell a text, so that document numbers keep their digits and
// nothing is a formula. Rows go to temporary files without a name, not to memory.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace uploads {

class XlsxWriter {
public:
    /// `created_unix_s` is written into the file. `folder` is where temporary files may be; the
    /// system's own when empty. Throws std::invalid_argument for a sheet's name that is too long or
    /// holds one of []:*?/\, std::runtime_error when there is no memory or file.
    XlsxWriter(const std::string& sheet, std::int64_t created_unix_s, std::string folder = {});
    XlsxWriter(XlsxWriter&&) noexcept;
    ~XlsxWriter();

    /// The next row. HUB_BAD_REQUEST for more than 1,048,576 rows, 16,384 cells, or 32,767
    /// characters in a cell.
    hub::Result<void> add(std::span<const std::string> cells);

    /// The file's bytes; nothing may be added afterwards. Throws std::runtime_error when the files
    /// could not be written.
    std::string finish();

private:
    struct Book;

    std::unique_ptr<Book> book_;
};

} // namespace uploads
