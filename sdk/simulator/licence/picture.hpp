// Pictures in gray: out of JPEG and PNG, and into them.
#pragma once

#include <hub/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::licence {

inline constexpr std::string_view kJpeg = "image/jpeg";
inline constexpr std::string_view kPng = "image/png";

/// Row by row from the top, 0 is black.
struct Picture {
    std::size_t width = 0;
    std::size_t height = 0;
    std::vector<std::uint8_t> gray;

    Picture(std::size_t columns, std::size_t rows, std::uint8_t paper = 255)
        : width(columns)
        , height(rows)
        , gray(columns * rows, paper)
    {}

    std::uint8_t& at(std::size_t x, std::size_t y) { return gray[y * width + x]; }
    std::uint8_t at(std::size_t x, std::size_t y) const { return gray[y * width + x]; }
};

/// By the first bytes; empty when they are of neither.
std::string_view mediaTypeOf(std::string_view bytes);

/// HUB_REJECTED: more pixels than `pixels_max`, none of which was decoded. HUB_BAD_REQUEST: no
/// whole picture.
Result<Picture> decodePicture(std::string_view bytes, std::uint64_t pixels_max);

/// Throw std::runtime_error when there is no memory.
std::string encodePng(const Picture& picture);
std::string encodeJpeg(const Picture& picture);

} // namespace hub::simulator::licence
