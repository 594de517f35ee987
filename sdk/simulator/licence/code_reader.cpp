#include "licence/code_reader.hpp"

#include <algorithm>
#include <array>

#include <zbar.h>

namespace hub::simulator::licence {

namespace {

/// The smallest upright box around the code.
struct Box {
    std::size_t left, top, right, bottom; // the latter two lie outside
};

Box boxOf(const zbar::Symbol& symbol, const Picture& picture)
{
    Box box{picture.width, picture.height, 0, 0};
    for (int i = 0; i < symbol.get_location_size(); ++i) {
        const auto x =
            static_cast<std::size_t>(std::clamp(symbol.get_location_x(static_cast<unsigned>(i)),
                                                0,
                                                static_cast<int>(picture.width) - 1));
        const auto y =
            static_cast<std::size_t>(std::clamp(symbol.get_location_y(static_cast<unsigned>(i)),
                                                0,
                                                static_cast<int>(picture.height) - 1));
        box = {std::min(box.left, x),
               std::min(box.top, y),
               std::max(box.right, x + 1),
               std::max(box.bottom, y + 1)};
    }
    return box;
}

/// The distance of the darkest tenth from the lightest, in percent of what is possible.
int contrastOf(const Picture& picture, const Box& box)
{
    std::array<std::size_t, 256> counts{};
    std::size_t all = 0;
    for (std::size_t y = box.top; y < box.bottom; ++y) {
        for (std::size_t x = box.left; x < box.right; ++x) {
            ++counts[picture.at(x, y)];
            ++all;
        }
    }
    const auto shadeAt = [&](std::size_t rank) {
        std::size_t shade = 0;
        for (std::size_t below = counts[0]; below <= rank && shade < 255;) {
            below += counts[++shade];
        }
        return static_cast<int>(shade);
    };
    return all == 0 ? 0 : (shadeAt(all * 9 / 10) - shadeAt(all / 10)) * 100 / 255;
}

} // namespace

std::optional<Reading> readCode(const Picture& picture)
{
    zbar::ImageScanner scanner;
    scanner.set_config(zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    scanner.set_config(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    // Bytes as they are: otherwise the character set is guessed.
    scanner.set_config(zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_BINARY, 1);
    zbar::Image image(static_cast<unsigned>(picture.width),
                      static_cast<unsigned>(picture.height),
                      "Y800",
                      picture.gray.data(),
                      picture.gray.size());
    scanner.scan(image);
    for (auto symbol = image.symbol_begin(); symbol != image.symbol_end(); ++symbol) {
        if (auto licence = parseCodeText(symbol->get_data())) {
            return Reading{std::move(*licence), contrastOf(picture, boxOf(*symbol, picture))};
        }
    }
    return std::nullopt;
}

} // namespace hub::simulator::licence
