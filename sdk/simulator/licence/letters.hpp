// The few letters that stand on a sample: capital letters, digits, and the two characters of 样本.
// They are for the eye alone; what is read is the code.
#pragma once

#include "licence/picture.hpp"

#include <string_view>

namespace hub::simulator::licence {

/// Where a line of text begins, how high its letters are, and at which slope it runs.
struct Line {
    double x = 0; ///< of the first letter's upper left corner, in pixels
    double y = 0;
    double height = 20;
    double slope = 0; ///< radians, clockwise
    std::uint8_t shade = 0;
};

/// What lies outside of the picture is left out, letters that are not known stay blank.
void write(Picture& picture, std::u32string_view text, const Line& line);

} // namespace hub::simulator::licence
