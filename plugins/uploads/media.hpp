// What an uploaded file is, by its content alone: names and headers are what their sender likes.
#pragma once

#include "uploads/byte_source.hpp"

#include <cstdint>

namespace uploads {

enum class Media { Jpeg, Png, Zip, Xlsx, Csv };

struct MediaLimits {
    std::uint64_t picture_bytes_max = 20UL * 1024 * 1024;
    std::uint64_t text_bytes_max = 64UL * 1024 * 1024;
};

/// One type and nothing else: a file that is two is refused, as is one with anything attached.
/// FileEmpty, FileTooLarge, MediaPdf, MediaActive for web pages and other markup, TrailingData,
/// MediaUnknown; of pictures what readPictureFrame finds, of archives what ZipArchive::open does.
Judged<Media> detectMedia(const ByteSource& source, const MediaLimits& limits = {});

/// "image/jpeg", "text/csv" …: what to store and to send beside the file.
std::string_view mediaType(Media media) noexcept;

} // namespace uploads
