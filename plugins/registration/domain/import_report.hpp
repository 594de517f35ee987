// What is wrong with an import, by line and column, with the reason in both languages. A report
// quotes nothing of the file: it may be kept, a document number may not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

struct ImportError {
    std::uint32_t line = 0; // as a spreadsheet program shows it; 0: the file as a whole
    std::string column;     // "B"; '' when the file lacks it, or the line as a whole is meant
    std::string code;
    requests::Words reason;
};

/// The place of "B17": line 17, column "B".
ImportError errorAt(std::string_view address, std::string code, requests::Words reason);

class ImportReport {
public:
    /// More are counted, and not listed: nobody mends a thousand lines by reading.
    static constexpr std::size_t kListedMax = 1000;

    void add(ImportError error);
    std::size_t count() const noexcept { return count_; }
    const std::vector<ImportError>& listed() const noexcept { return listed_; }

private:
    std::vector<ImportError> listed_;
    std::size_t count_ = 0;
};

requests::Json toJson(const ImportError& error);
ImportError readImportError(const requests::Json& json);
/// {"errors_total", "errors": [{"line", "column", "code", "reason"}]}
requests::Json toJson(const ImportReport& report);

} // namespace registration
