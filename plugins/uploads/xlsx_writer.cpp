#include "uploads/xlsx_writer.hpp"

#include <stdexcept>

#include <sys/mman.h>
#include <unistd.h>
#include <xlsxwriter.h>

namespace uploads {

namespace {

/// A file in memory: the library writes to a path alone.
class MemoryFile {
public:
    MemoryFile()
        : descriptor_(memfd_create("xlsx", MFD_CLOEXEC))
    {
        if (descriptor_ < 0) {
            throw std::runtime_error("a file in memory could not be made");
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { ::close(descriptor_); }

    std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

    std::string read() const
    {
        std::string bytes(static_cast<std::size_t>(::lseek(descriptor_, 0, SEEK_END)), '\0');
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t size = ::pread(
                descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
            if (size <= 0) {
                throw std::runtime_error("a file in memory could not be read");
            }
            done += static_cast<std::size_t>(size);
        }
        return bytes;
    }

private:
    int descriptor_;
};

} // namespace

struct XlsxWriter::Book {
    MemoryFile file;
    std::string path = file.path();
    std::string folder;
    lxw_workbook* workbook = nullptr;
    lxw_worksheet* sheet = nullptr;
    std::uint32_t rows = 0;

    explicit Book(std::string temporary_folder)
        : folder(std::move(temporary_folder))
    {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = folder.empty() ? nullptr : folder.data();
        workbook = workbook_new_opt(path.c_str(), &options);
        if (workbook == nullptr) {
            throw std::runtime_error("a workbook could not be begun");
        }
    }
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;
    ~Book()
    {
        if (workbook != nullptr) {
            lxw_workbook_free(workbook);
        }
    }
};

XlsxWriter::XlsxWriter(const std::string& sheet, std::int64_t created_unix_s, std::string folder)
    : book_(std::make_unique<Book>(std::move(folder)))
{
    if (workbook_validate_sheet_name(book_->workbook, sheet.c_str()) != LXW_NO_ERROR) {
        throw std::invalid_argument("\"" + sheet + "\" can't be the name of a sheet");
    }
    lxw_doc_properties properties{};
    properties.created = created_unix_s;
    workbook_set_properties(book_->workbook, &properties);
    book_->sheet = workbook_add_worksheet(book_->workbook, sheet.c_str());
    if (book_->sheet == nullptr) {
        throw std::runtime_error("a sheet could not be begun");
    }
}

XlsxWriter::XlsxWriter(XlsxWriter&&) noexcept = default;
XlsxWriter::~XlsxWriter() = default;

hub::Result<void> XlsxWriter::add(std::span<const std::string> cells)
{
    const hub::Error refusal{HUB_BAD_REQUEST, "a spreadsheet can't hold so much"};
    if (cells.size() > LXW_COL_MAX || book_->rows >= LXW_ROW_MAX) {
        return refusal;
    }
    lxw_col_t column = 0;
    for (const std::string& cell : cells) {
        const lxw_error error =
            cell.empty()
                ? LXW_NO_ERROR
                : worksheet_write_string(book_->sheet, book_->rows, column, cell.c_str(), nullptr);
        if (error != LXW_NO_ERROR) {
            return refusal;
        }
        ++column;
    }
    ++book_->rows;
    return {};
}

std::string XlsxWriter::finish()
{
    lxw_workbook* workbook = book_->workbook;
    book_->workbook = nullptr; // closing frees it
    const lxw_error error = workbook_close(workbook);
    if (error != LXW_NO_ERROR) {
        throw std::runtime_error(std::string{"a workbook could not be written: "} +
                                 lxw_strerror(error));
    }
    return book_->file.read();
}

} // namespace uploads
