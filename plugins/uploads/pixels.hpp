// A decoded picture: rows of red, green, blue, 8 bits each, without padding.
#pragma once

#include <cstdint>
#include <vector>

namespace uploads {

struct Pixels {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<std::uint8_t> rgb;
};

/// As the picture is looked at (see readOrientation). Takes as much memory again.
Pixels turn(Pixels stored, int orientation);

/// No pixel has a color that an eye would see.
bool isGray(const Pixels& pixels) noexcept;

} // namespace uploads
