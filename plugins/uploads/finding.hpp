// What is wrong with an upload: a code for programs, a sentence in either language for the person
// who uploaded it. All sentences stand in one table, in finding.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace uploads {

enum class Code {
    Unreadable, // the storage failed; the file may be good
    FileEmpty,
    FileTooLarge,
    MediaUnknown,
    MediaPdf,
    MediaActive,
    TrailingData,
    PictureBroken,
    PictureTooLarge,
    PictureAnimated,
    PictureCmyk,
    PictureFormat,
    PictureBytesMin,
    PictureBytesMax,
    PictureWidth,
    PictureHeight,
    PictureRatio,
    PictureGray,
    ZipBroken,
    ZipEntries,
    ZipTooLarge,
    ZipRatio,
    ZipPath,
    ZipName,
    ZipTwice,
    ZipLink,
    ZipEncrypted,
    ZipNested,
    PhotoMissing,
    PhotoAmbiguous,
    TextCoding,
    CsvQuote,
    SheetBroken,
    SheetTooLarge,
    SheetMissing,
    SheetActive,
    RowsTooMany,
    ColumnsTooMany,
    CellTooLong,
    HeaderMissing,
    HeaderTwice,
    CellError,
    CellUncalculated,
    CellInexact,
};

enum class Language { Chinese, English };

/// Findings are for the uploader: `place` and `values` may hold personal data (a file's name is
/// often a document number). Logs get codeName().
struct Finding {
    Code code = Code::Unreadable;
    std::string place;               // "B17", "17" (a row), an entry's name, or empty
    std::vector<std::string> values; // what the sentence mentions, in its order
};

/// "picture_width": stable, for interfaces and logs.
std::string_view codeName(Code code) noexcept;

/// One line, with the place in front.
std::string sentence(const Finding& finding, Language language);

/// "2 MiB", "300 KiB" or "17 B": whole units only.
std::string shownBytes(std::uint64_t bytes);

/// Text of a file as findings may quote it: without control bytes, at most 60 characters.
std::string shown(std::string_view utf8);

} // namespace uploads
