// Pictures that people upload: decoded wholly under limits, and written anew without anything that
// is not the picture.
#pragma once

#include "uploads/picture_frame.hpp"
#include "uploads/pixels.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace uploads {

/// What decoding may cost, whatever an edition's rules allow.
struct PictureLimits {
    std::uint64_t bytes_max = 20UL * 1024 * 1024;
    std::uint32_t side_max = 16384; // pixels
    std::uint64_t memory_bytes_max = 256UL * 1024 * 1024;
};

/// Width and height as the picture is looked at, with its orientation applied.
struct Picture {
    PictureFormat format = PictureFormat::Jpeg;
    std::uint64_t bytes = 0; // of the file
    bool is_gray = false;
    Pixels pixels;
};

/// FileEmpty, FileTooLarge, MediaUnknown for what is no picture, PictureTooLarge before anything is
/// decoded, and what readPictureFrame() and the decoders find.
Judged<Picture> decodePicture(std::string_view bytes, const PictureLimits& limits = {});

/// A file of the pixels alone: no EXIF (with its places), comments, profiles or attached data.
/// Colors of a profile other than sRGB are taken as sRGB. Throws as encodePixels.
std::string clean(const Picture& picture, PictureFormat format, int quality = 90);

/// "600 × 800".
std::string shownSize(std::uint32_t width, std::uint32_t height);

} // namespace uploads
