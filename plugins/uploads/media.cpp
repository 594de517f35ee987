#include "uploads/media.hpp"

#include "uploads/picture_frame.hpp"
#include "uploads/text_coding.hpp"
#include "uploads/xlsx_rows.hpp"
#include "uploads/zip_archive.hpp"

#include <algorithm>

namespace uploads {

namespace {

// How far into a file its readers look for a PDF's begin.
constexpr std::uint64_t kHeadBytes = 1024;
constexpr std::string_view kContentTypes = "[Content_Types].xml";
constexpr std::uint64_t kContentTypesBytesMax = 1024UL * 1024;

Judged<Media> detectPicture(const ByteSource& source, const MediaLimits& limits)
{
    const auto bytes = readAll(source, limits.picture_bytes_max);
    if (!bytes.ok()) {
        return bytes.finding();
    }
    const auto frame = readPictureFrame(bytes.value());
    if (!frame.ok()) {
        return frame.finding();
    }
    return frame.value().format == PictureFormat::Jpeg ? Media::Jpeg : Media::Png;
}

/// A workbook, unless macros may be in it; every other office file is of no known type.
Judged<Media> detectOffice(const ZipArchive& archive, const ZipEntry& types)
{
    if (types.bytes > kContentTypesBytesMax) {
        return Finding{Code::MediaUnknown, {}, {}};
    }
    const auto text = archive.read(types);
    if (!text.ok()) {
        return text.finding();
    }
    if (text.value().find("macroEnabled") != std::string::npos) {
        return Finding{Code::SheetActive, {}, {}};
    }
    const bool is_workbook = text.value().find("spreadsheetml.sheet.main+xml") != std::string::npos;
    return is_workbook ? Judged<Media>{Media::Xlsx} : Finding{Code::MediaUnknown, {}, {}};
}

Judged<Media> detectArchive(const ByteSource& source)
{
    // Wide enough for both kinds: the reader of each has limits of its own.
    ZipLimits limits;
    limits.entry_bytes_max = kXlsxLimits.entry_bytes_max;
    limits.ratio_max = kXlsxLimits.ratio_max;
    const auto archive = ZipArchive::open(source, limits);
    if (!archive.ok()) {
        return archive.finding();
    }
    const ZipEntry* types = archive.value().find(kContentTypes);
    if (types != nullptr) {
        return detectOffice(archive.value(), *types);
    }
    // Programs and other documents that are archives say so by these names.
    const bool is_other = archive.value().find("META-INF/MANIFEST.MF") != nullptr ||
                          archive.value().find("mimetype") != nullptr;
    return is_other ? Judged<Media>{Finding{Code::MediaUnknown, {}, {}}} : Media::Zip;
}

bool isMarkupOrScript(std::string_view head)
{
    const std::string_view mark = "\xEF\xBB\xBF";
    head = head.starts_with(mark) ? head.substr(mark.size()) : head;
    const std::size_t first = head.find_first_not_of(" \t\r\n");
    return head.starts_with("#!") || (first != std::string_view::npos && head[first] == '<');
}

Judged<Media> detectText(const ByteSource& source, const MediaLimits& limits)
{
    if (source.size() > limits.text_bytes_max) {
        return Finding{Code::FileTooLarge, {}, {shownBytes(limits.text_bytes_max)}};
    }
    const auto coding = detectTextCoding(source);
    if (coding.ok()) {
        return Media::Csv;
    }
    const bool is_unreadable = coding.finding().code == Code::Unreadable;
    return is_unreadable ? coding.finding() : Finding{Code::MediaUnknown, {}, {}};
}

} // namespace

Judged<Media> detectMedia(const ByteSource& source, const MediaLimits& limits)
{
    if (source.size() == 0) {
        return Finding{Code::FileEmpty, {}, {}};
    }
    const auto head = readRange(source, 0, std::min(kHeadBytes, source.size()));
    if (!head.ok()) {
        return head.finding();
    }
    if (head.value().find("%PDF-") != std::string::npos) {
        return Finding{Code::MediaPdf, {}, {}};
    }
    if (beginsAsJpeg(head.value()) || beginsAsPng(head.value())) {
        return detectPicture(source, limits);
    }
    if (beginsAsZip(head.value())) {
        return detectArchive(source);
    }
    if (isMarkupOrScript(head.value())) {
        return Finding{Code::MediaActive, {}, {}};
    }
    return detectText(source, limits);
}

std::string_view mediaType(Media media) noexcept
{
    switch (media) {
    case Media::Jpeg:
        return "image/jpeg";
    case Media::Png:
        return "image/png";
    case Media::Zip:
        return "application/zip";
    case Media::Xlsx:
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    case Media::Csv:
        return "text/csv";
    }
    return "application/octet-stream";
}

} // namespace uploads
