#include "uploads/picture.hpp"

#include "uploads/picture_codec.hpp"

namespace uploads {

namespace {

/// The pixels, the same again for turning them or for interlaced rows, and of a progressive JPEG
/// two bytes for each of three coefficients.
std::uint64_t memoryBytes(const PictureFrame& frame) noexcept
{
    const std::uint64_t pixels = std::uint64_t{frame.width} * frame.height;
    const bool keeps_coefficients = frame.format == PictureFormat::Jpeg && frame.is_progressive;
    return pixels * (keeps_coefficients ? 12 : 6);
}

bool isTooLarge(const PictureFrame& frame, const PictureLimits& limits) noexcept
{
    return frame.width > limits.side_max || frame.height > limits.side_max ||
           memoryBytes(frame) > limits.memory_bytes_max;
}

} // namespace

Judged<Picture> decodePicture(std::string_view bytes, const PictureLimits& limits)
{
    if (bytes.empty()) {
        return Finding{Code::FileEmpty, {}, {}};
    }
    if (bytes.size() > limits.bytes_max) {
        return Finding{Code::FileTooLarge, {}, {shownBytes(limits.bytes_max)}};
    }
    if (!beginsAsJpeg(bytes) && !beginsAsPng(bytes)) {
        return Finding{Code::MediaUnknown, {}, {}};
    }
    const auto frame = readPictureFrame(bytes);
    if (!frame.ok()) {
        return frame.finding();
    }
    if (isTooLarge(frame.value(), limits)) {
        return Finding{
            Code::PictureTooLarge, {}, {shownSize(frame.value().width, frame.value().height)}};
    }
    auto pixels = decodePixels(bytes, frame.value());
    if (!pixels.ok()) {
        return pixels.finding();
    }
    const bool is_gray = isGray(pixels.value());
    return Picture{frame.value().format,
                   bytes.size(),
                   is_gray,
                   turn(std::move(pixels).value(), frame.value().orientation)};
}

std::string clean(const Picture& picture, PictureFormat format, int quality)
{
    return encodePixels(picture.pixels, format, quality);
}

std::string shownSize(std::uint32_t width, std::uint32_t height)
{
    return std::to_string(width) + " × " + std::to_string(height);
}

} // namespace uploads
