// How a camera was held: the one fact of EXIF that changes what a picture shows.
#pragma once

#include <string_view>

namespace uploads {

/// EXIF's tag 0x0112, 1 to 8: the row and column of the stored picture that are top and left. 1
/// also when the data says nothing or is broken: a picture is not refused for its metadata, which
/// is dropped. `tiff_bytes` is EXIF's TIFF structure, as it stands in PNG's eXIf.
int readOrientation(std::string_view tiff_bytes) noexcept;

/// Orientations 5 to 8 lie on their side.
constexpr bool swapsSides(int orientation) noexcept
{
    return orientation >= 5;
}

} // namespace uploads
