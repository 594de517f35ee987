#include "uploads/finding.hpp"

#include <array>

namespace uploads {

namespace {

struct Entry {
    Code code;
    std::string_view name;
    std::string_view zh; // {0}, {1} … stand for the values
    std::string_view en;
};

constexpr std::array kEntries{
    Entry{Code::Unreadable,
          "unreadable",
          "文件暂时无法读取，请稍后再试",
          "the file can't be read at the moment; try again later"},
    Entry{Code::FileEmpty, "file_empty", "文件是空的", "the file is empty"},
    Entry{Code::FileTooLarge,
          "file_too_large",
          "文件过大，最大允许 {0}",
          "the file is too large; at most {0} is allowed"},
    Entry{Code::MediaUnknown,
          "media_unknown",
          "无法识别文件类型；请上传 JPEG、PNG、XLSX、CSV 或 ZIP 文件",
          "the file's content is of no known type; upload JPEG, PNG, XLSX, CSV or ZIP"},
    Entry{Code::MediaPdf,
          "media_pdf",
          "不接受 PDF 文件；请上传图片",
          "PDF files are not accepted; upload a picture"},
    Entry{Code::MediaActive,
          "media_active",
          "文件含有网页或脚本内容，不予接受",
          "the file holds a web page or a script and is not accepted"},
    Entry{Code::TrailingData,
          "trailing_data",
          "文件前后附有其他数据；请用图片或压缩软件重新保存后上传",
          "other data is attached to the file; save it again with a common program"},
    Entry{Code::PictureBroken,
          "picture_broken",
          "图片已损坏或不完整，请重新保存后上传",
          "the picture is damaged or incomplete; save it again"},
    Entry{Code::PictureTooLarge,
          "picture_too_large",
          "图片尺寸 {0} 过大，无法处理",
          "a picture of {0} pixels is too large to be processed"},
    Entry{Code::PictureAnimated,
          "picture_animated",
          "不接受动画图片",
          "animated pictures are not accepted"},
    Entry{Code::PictureCmyk,
          "picture_cmyk",
          "图片为印刷色彩模式 (CMYK)，请保存为 RGB 后上传",
          "the picture is in print colors (CMYK); save it as RGB"},
    Entry{Code::PictureFormat,
          "picture_format",
          "图片格式不符，只接受 {0}",
          "the picture's format is not accepted; {0} is"},
    Entry{Code::PictureBytesMin,
          "picture_bytes_min",
          "图片文件过小，至少 {0}",
          "the picture's file is too small; at least {0} is needed"},
    Entry{Code::PictureBytesMax,
          "picture_bytes_max",
          "图片文件过大，最大允许 {0}",
          "the picture's file is too large; at most {0} is allowed"},
    Entry{Code::PictureWidth,
          "picture_width",
          "图片宽度为 {0} 像素，应为 {1} 至 {2} 像素",
          "the picture is {0} pixels wide, must be {1} to {2}"},
    Entry{Code::PictureHeight,
          "picture_height",
          "图片高度为 {0} 像素，应为 {1} 至 {2} 像素",
          "the picture is {0} pixels high, must be {1} to {2}"},
    Entry{Code::PictureRatio,
          "picture_ratio",
          "图片宽高为 {0}，宽高比应在 {1} 与 {2} 之间",
          "the picture is {0}; its width to its height must be between {1} and {2}"},
    Entry{Code::PictureGray, "picture_gray", "请上传彩色图片", "the picture must be in color"},
    Entry{Code::ZipBroken,
          "zip_broken",
          "压缩包已损坏，请重新压缩后上传",
          "the archive is damaged; make it anew"},
    Entry{Code::ZipEntries,
          "zip_entries",
          "压缩包内文件过多，最多 {0} 个",
          "the archive holds too many files; at most {0} are allowed"},
    Entry{Code::ZipTooLarge,
          "zip_too_large",
          "解压后的内容过大，最大允许 {0}",
          "the unpacked content is too large; at most {0} is allowed"},
    Entry{Code::ZipRatio,
          "zip_ratio",
          "压缩比异常，不予解压",
          "it is packed so tightly that it is not unpacked"},
    Entry{Code::ZipPath,
          "zip_path",
          "压缩包内的文件路径不合规",
          "a path in the archive leads out of it"},
    Entry{Code::ZipName,
          "zip_name",
          "压缩包内的文件名无法识别，请使用 UTF-8 或 GBK 文件名",
          "a name in the archive is neither UTF-8 nor GBK"},
    Entry{Code::ZipTwice,
          "zip_twice",
          "压缩包内有重名文件",
          "the archive holds two files of one name"},
    Entry{Code::ZipLink,
          "zip_link",
          "压缩包内只能有普通文件",
          "the archive may hold plain files only"},
    Entry{Code::ZipEncrypted,
          "zip_encrypted",
          "不接受加密的压缩包",
          "encrypted archives are not accepted"},
    Entry{Code::ZipNested,
          "zip_nested",
          "压缩包内不能再有压缩包",
          "the archive must hold no other archive"},
    Entry{Code::PhotoMissing,
          "photo_missing",
          "压缩包内没有此人的照片；请以证件号码或行号命名",
          "the archive holds no photo of this person; name it by document number or row"},
    Entry{Code::PhotoAmbiguous,
          "photo_ambiguous",
          "此人有多张照片：{0}、{1}",
          "there is more than one photo of this person: {0}, {1}"},
    Entry{Code::TextCoding,
          "text_coding",
          "文本编码无法识别，请保存为 UTF-8 或 GBK",
          "the text is neither UTF-8 nor GBK"},
    Entry{Code::CsvQuote,
          "csv_quote",
          "引号不成对或位置不当",
          "a quotation mark is missing or misplaced"},
    Entry{Code::SheetBroken,
          "sheet_broken",
          "表格文件已损坏，请重新保存后上传",
          "the spreadsheet is damaged; save it again"},
    Entry{Code::SheetTooLarge,
          "sheet_too_large",
          "表格内容过大，最大允许 {0}",
          "the spreadsheet's content is too large; at most {0} is allowed"},
    Entry{Code::SheetMissing, "sheet_missing", "找不到工作表 {0}", "there is no sheet {0}"},
    Entry{Code::SheetActive,
          "sheet_active",
          "表格含有宏、控件、嵌入对象或外部链接，请去除后上传",
          "the spreadsheet holds macros, controls, embedded objects or links; remove them"},
    Entry{Code::RowsTooMany,
          "rows_too_many",
          "表格行数过多，最多 {0} 行",
          "the table has too many rows; at most {0} are allowed"},
    Entry{Code::ColumnsTooMany,
          "columns_too_many",
          "表格列数过多，最多 {0} 列",
          "the table has too many columns; at most {0} are allowed"},
    Entry{Code::CellTooLong,
          "cell_too_long",
          "单元格内容过长，最大允许 {0}",
          "the cell's text is too long; at most {0} is allowed"},
    Entry{Code::HeaderMissing,
          "header_missing",
          "表头缺少列：{0}",
          "the header lacks the column {0}"},
    Entry{Code::HeaderTwice,
          "header_twice",
          "表头中有重复的列：{0}",
          "the header names the column {0} twice"},
    Entry{Code::CellError, "cell_error", "单元格为错误值 {0}", "the cell shows the error {0}"},
    Entry{Code::CellUncalculated,
          "cell_uncalculated",
          "单元格公式没有计算结果，请用表格软件打开并保存",
          "the cell's formula has no result; open and save the file in a spreadsheet program"},
    Entry{Code::CellInexact,
          "cell_inexact",
          "超过 15 位的号码被存为数字，后几位已丢失，请设为文本后重新填写",
          "a number of more than 15 digits has lost its last ones; enter it as text"},
};

const Entry& entryOf(Code code) noexcept
{
    return kEntries[static_cast<std::size_t>(code)];
}

constexpr bool isInOrder()
{
    for (std::size_t i = 0; i < kEntries.size(); ++i) {
        if (static_cast<std::size_t>(kEntries[i].code) != i) {
            return false;
        }
    }
    return kEntries.size() == static_cast<std::size_t>(Code::CellInexact) + 1;
}
static_assert(isInOrder(), "the table has one entry for each code, in the order of the codes");

std::string fill(std::string_view text, const std::vector<std::string>& values)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{') {
            out += text[i];
            continue;
        }
        const auto index = static_cast<std::size_t>(text[i + 1] - '0');
        out += index < values.size() ? values[index] : "?";
        i += 2;
    }
    return out;
}

} // namespace

std::string_view codeName(Code code) noexcept
{
    return entryOf(code).name;
}

std::string sentence(const Finding& finding, Language language)
{
    const Entry& entry = entryOf(finding.code);
    const bool is_chinese = language == Language::Chinese;
    std::string text = fill(is_chinese ? entry.zh : entry.en, finding.values);
    if (finding.place.empty()) {
        return text;
    }
    return finding.place + (is_chinese ? "：" : ": ") + text;
}

std::string shownBytes(std::uint64_t bytes)
{
    constexpr std::uint64_t kKibi = 1024;
    if (bytes >= kKibi * kKibi && bytes % (kKibi * kKibi) == 0) {
        return std::to_string(bytes / kKibi / kKibi) + " MiB";
    }
    if (bytes >= kKibi && bytes % kKibi == 0) {
        return std::to_string(bytes / kKibi) + " KiB";
    }
    return std::to_string(bytes) + " B";
}

std::string shown(std::string_view utf8)
{
    constexpr std::size_t kCharactersMax = 60;
    std::string out;
    std::size_t characters = 0;
    for (const char c : utf8) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_continuation = (byte & 0xC0U) == 0x80U;
        if (!is_continuation && ++characters > kCharactersMax) {
            return out + "…";
        }
        out += byte < 0x20 || byte == 0x7F ? '?' : c;
    }
    return out;
}

} // namespace uploads
