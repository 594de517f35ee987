#include "uploads/pixels.hpp"

#include "uploads/orientation.hpp"

#include <algorithm>
#include <utility>

namespace uploads {

namespace {

constexpr std::size_t kChannels = 3;

} // namespace

Pixels turn(Pixels stored, int orientation)
{
    if (orientation <= 1 || orientation > 8) {
        return stored;
    }
    Pixels turned{stored.width, stored.height, std::vector<std::uint8_t>(stored.rgb.size())};
    if (swapsSides(orientation)) {
        std::swap(turned.width, turned.height);
    }
    // EXIF names the side of what is seen that the stored row 0 and column 0 are.
    const bool is_bottom_up =
        orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
    const bool is_right_left =
        orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
    for (std::size_t y = 0; y < turned.height; ++y) {
        const std::size_t seen_y = is_bottom_up ? turned.height - 1 - y : y;
        for (std::size_t x = 0; x < turned.width; ++x) {
            const std::size_t seen_x = is_right_left ? turned.width - 1 - x : x;
            const std::size_t row = swapsSides(orientation) ? seen_x : seen_y;
            const std::size_t column = swapsSides(orientation) ? seen_y : seen_x;
            const auto* from = stored.rgb.data() + (row * stored.width + column) * kChannels;
            std::copy_n(from, kChannels, turned.rgb.data() + (y * turned.width + x) * kChannels);
        }
    }
    return turned;
}

bool isGray(const Pixels& pixels) noexcept
{
    // JPEG's rounding alone makes a difference of one or two.
    constexpr int kSpreadMax = 6;
    for (std::size_t i = 0; i + 2 < pixels.rgb.size(); i += kChannels) {
        const auto [low, high] = std::minmax({pixels.rgb[i], pixels.rgb[i + 1], pixels.rgb[i + 2]});
        if (high - low > kSpreadMax) {
            return false;
        }
    }
    return true;
}

} // namespace uploads
