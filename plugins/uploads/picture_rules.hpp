// What an edition demands of one kind of picture, a badge photo or a licence: data, because every
// edition has its own.
#pragma once

#include "uploads/picture.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace uploads {

/// Width to height, in whole numbers: 3 to 4 of a badge photo.
struct Ratio {
    std::uint32_t width = 1;
    std::uint32_t height = 1;
};

/// All limits are inclusive; the defaults allow everything that decodes.
struct PictureRules {
    std::uint32_t width_min = 1; // pixels, as the picture is looked at
    std::uint32_t width_max = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t height_min = 1;
    std::uint32_t height_max = std::numeric_limits<std::uint32_t>::max();
    Ratio ratio_min{1, std::numeric_limits<std::uint32_t>::max()};
    Ratio ratio_max{std::numeric_limits<std::uint32_t>::max(), 1};
    std::uint64_t bytes_min = 1;
    std::uint64_t bytes_max = std::numeric_limits<std::uint64_t>::max();
    std::vector<PictureFormat> formats{PictureFormat::Jpeg, PictureFormat::Png};
    bool is_color_required = false;
};

/// From {"width_min": 300, "ratio_min": "3:4", "formats": ["jpeg", "png"], "color": "required" |
/// "any", …}; what is not named keeps its default. HUB_BAD_REQUEST names the key that is unknown,
/// of a wrong kind, or a minimum above its maximum.
hub::Result<PictureRules> parsePictureRules(std::string_view json);

/// Everything that is wrong, not only the first: a person mends a picture once.
std::vector<Finding> judge(const Picture& picture, const PictureRules& rules);

} // namespace uploads
