// JPEG and PNG to pixels and back, by TurboJPEG and libpng. Who calls has checked the frame and
// the memory that it takes.
#pragma once

#include "uploads/judged.hpp"
#include "uploads/picture_frame.hpp"
#include "uploads/pixels.hpp"

#include <string>
#include <string_view>

namespace uploads {

/// As stored, transparency on white. PictureBroken for anything that is not whole, down to what a
/// browser would forgive.
Judged<Pixels> decodePixels(std::string_view bytes, const PictureFrame& frame);

/// Without any metadata. `quality` is JPEG's, 1 to 100. Throws std::runtime_error when the library
/// fails, which good pixels give no reason for.
std::string encodePixels(const Pixels& pixels, PictureFormat format, int quality);

} // namespace uploads
