// Pictures made byte by byte, so that one thing at a time can be wrong with them.
#pragma once

#include "support/suite.hpp"
#include "uploads/picture.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <turbojpeg.h>
#include <zlib.h>

namespace uploads_test {

inline std::string bigEndian(std::uint32_t value, std::size_t size)
{
    std::string bytes;
    for (std::size_t i = size; i > 0; --i) {
        bytes += static_cast<char>(value >> (8 * (i - 1)) & 0xFFU);
    }
    return bytes;
}

inline std::uint32_t checksum(std::string_view bytes)
{
    return static_cast<std::uint32_t>(
        crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

inline std::string zlibOf(const std::string& bytes)
{
    uLongf size = compressBound(bytes.size());
    std::string out(size, '\0');
    CPPUNIT_ASSERT_EQUAL(Z_OK,
                         compress2(reinterpret_cast<Bytef*>(out.data()),
                                   &size,
                                   reinterpret_cast<const Bytef*>(bytes.data()),
                                   bytes.size(),
                                   9));
    out.resize(size);
    return out;
}

/// Left half red, right half blue, the upper left quarter green: every turn looks different.
inline uploads::Pixels flag(std::uint32_t width, std::uint32_t height)
{
    uploads::Pixels pixels{width, height, {}};
    for (std::uint32_t y = 0; y < height; ++y) {
        for (std::uint32_t x = 0; x < width; ++x) {
            const bool is_left = x < width / 2;
            const bool is_green = is_left && y < height / 2;
            pixels.rgb.push_back(is_left && !is_green ? 255 : 0);
            pixels.rgb.push_back(is_green ? 255 : 0);
            pixels.rgb.push_back(is_left ? 0 : 255);
        }
    }
    return pixels;
}

inline std::string pngChunk(const std::string& type, const std::string& body)
{
    const std::string checked = type + body;
    return bigEndian(static_cast<std::uint32_t>(body.size()), 4) + checked +
           bigEndian(checksum(checked), 4);
}

inline const std::string kPngSignature{"\x89PNG\r\n\x1A\n", 8};

inline std::string pngHeader(std::uint32_t width, std::uint32_t height, char color_type = 2)
{
    const std::string tail{'\x08', color_type, '\0', '\0', '\0'};
    return pngChunk("IHDR", bigEndian(width, 4) + bigEndian(height, 4) + tail);
}

/// `extra` chunks stand between the header and the data.
inline std::string pngOf(const uploads::Pixels& pixels, const std::string& extra = "")
{
    std::string rows;
    const std::size_t row_bytes = std::size_t{pixels.width} * 3;
    for (std::size_t y = 0; y < pixels.height; ++y) {
        rows += '\0'; // no filter
        rows.append(reinterpret_cast<const char*>(pixels.rgb.data()) + y * row_bytes, row_bytes);
    }
    return kPngSignature + pngHeader(pixels.width, pixels.height) + extra +
           pngChunk("IDAT", zlibOf(rows)) + pngChunk("IEND", "");
}

inline std::string
jpegOf(const uploads::Pixels& pixels, int subsampling = TJSAMP_444, int flags = 0)
{
    tjhandle turbo = tjInitCompress();
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const int width = static_cast<int>(pixels.width);
    const int height = static_cast<int>(pixels.height);
    const auto* rgb = pixels.rgb.data();
    const int status =
        tjCompress2(turbo, rgb, width, 0, height, TJPF_RGB, &out, &size, subsampling, 95, flags);
    std::string bytes{reinterpret_cast<char*>(out), size};
    tjFree(out);
    tjDestroy(turbo);
    CPPUNIT_ASSERT_EQUAL(0, status);
    return bytes;
}

inline std::string cmykJpeg()
{
    const std::vector<unsigned char> ink(16 * 16 * 4, 128);
    tjhandle turbo = tjInitCompress();
    unsigned char* out = nullptr;
    unsigned long size = 0;
    const int status =
        tjCompress2(turbo, ink.data(), 16, 0, 16, TJPF_CMYK, &out, &size, TJSAMP_444, 95, 0);
    std::string bytes{reinterpret_cast<char*>(out), size};
    tjFree(out);
    tjDestroy(turbo);
    CPPUNIT_ASSERT_EQUAL(0, status);
    return bytes;
}

inline std::string jpegSegment(char marker, const std::string& body)
{
    return std::string{'\xFF', marker} + bigEndian(static_cast<std::uint32_t>(body.size() + 2), 2) +
           body;
}

/// Behind the start mark, where cameras put theirs.
inline std::string withSegment(const std::string& jpeg, const std::string& segment)
{
    return jpeg.substr(0, 2) + segment + jpeg.substr(2);
}

/// A TIFF structure of one entry.
inline std::string tiffOf(int orientation)
{
    return std::string{"MM\0*", 4} + bigEndian(8, 4) + bigEndian(1, 2) + bigEndian(0x0112, 2) +
           bigEndian(3, 2) + bigEndian(1, 4) +
           bigEndian(static_cast<std::uint32_t>(orientation), 2) + bigEndian(0, 2) +
           bigEndian(0, 4);
}

inline std::string exifSegment(int orientation)
{
    return jpegSegment('\xE1', std::string{"Exif\0\0", 6} + tiffOf(orientation));
}

} // namespace uploads_test
