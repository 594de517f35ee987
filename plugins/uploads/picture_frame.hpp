// The outer structure of a picture file, read before any decoder sees it: what it claims to be, and
// whether its bytes end where the picture ends. Source: ITU-T T.81 annex B, PNG (ISO/IEC 15948).
#pragma once

#include "uploads/judged.hpp"

#include <cstdint>
#include <string_view>

namespace uploads {

enum class PictureFormat { Jpeg, Png };

/// What a file says of itself; nothing is decoded.
struct PictureFrame {
    PictureFormat format = PictureFormat::Jpeg;
    std::uint32_t width = 0; // as stored, before the orientation
    std::uint32_t height = 0;
    int orientation = 1;
    bool is_progressive = false; // decoding keeps the whole picture's coefficients
};

bool beginsAsJpeg(std::string_view head) noexcept;
bool beginsAsPng(std::string_view head) noexcept;

/// PictureBroken, TrailingData, PictureAnimated, PictureCmyk.
Judged<PictureFrame> readPictureFrame(std::string_view bytes);

} // namespace uploads
