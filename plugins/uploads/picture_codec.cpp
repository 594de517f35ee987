#include "uploads/picture_codec.hpp"

#include <memory>
#include <stdexcept>

#include <png.h>
#include <turbojpeg.h>

namespace uploads {

namespace {

struct TurboFree {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
};
using Turbo = std::unique_ptr<void, TurboFree>;

Finding broken()
{
    return Finding{Code::PictureBroken, {}, {}};
}

Turbo started(tjhandle handle)
{
    if (handle == nullptr) {
        throw std::runtime_error("TurboJPEG could not be started");
    }
    return Turbo{handle};
}

Pixels blank(const PictureFrame& frame)
{
    return {frame.width,
            frame.height,
            std::vector<std::uint8_t>(std::size_t{3} * frame.width * frame.height)};
}

Judged<Pixels> decodeJpeg(std::string_view bytes, const PictureFrame& frame)
{
    const Turbo turbo = started(tjInitDecompress());
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0;
    int height = 0;
    int subsampling = 0;
    int colors = 0;
    if (tjDecompressHeader3(
            turbo.get(), data, bytes.size(), &width, &height, &subsampling, &colors) != 0 ||
        width != static_cast<int>(frame.width) || height != static_cast<int>(frame.height)) {
        return broken();
    }
    Pixels pixels = blank(frame);
    // A progressive file may ask for thousands of passes over all coefficients.
    constexpr int kFlags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS | TJFLAG_ACCURATEDCT;
    if (tjDecompress2(turbo.get(),
                      data,
                      bytes.size(),
                      pixels.rgb.data(),
                      width,
                      0,
                      height,
                      TJPF_RGB,
                      kFlags) != 0) {
        return broken();
    }
    return pixels;
}

struct PngImage : png_image {
    PngImage()
        : png_image{}
    {
        version = PNG_IMAGE_VERSION;
    }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;
    ~PngImage() { png_image_free(this); }
};

Judged<Pixels> decodePng(std::string_view bytes, const PictureFrame& frame)
{
    PngImage image;
    if (png_image_begin_read_from_memory(&image, bytes.data(), bytes.size()) == 0 ||
        image.width != frame.width || image.height != frame.height) {
        return broken();
    }
    image.format = PNG_FORMAT_RGB;
    Pixels pixels = blank(frame);
    const png_color white{255, 255, 255};
    if (png_image_finish_read(&image, &white, pixels.rgb.data(), 0, nullptr) == 0) {
        return broken();
    }
    return pixels;
}

std::string encodeJpeg(const Pixels& pixels, int quality)
{
    const Turbo turbo = started(tjInitCompress());
    const int width = static_cast<int>(pixels.width);
    const int height = static_cast<int>(pixels.height);
    // Full color resolution: faces and red stamps suffer most from less.
    unsigned long size = tjBufSize(width, height, TJSAMP_444);
    std::string out(size, '\0');
    auto* buffer = reinterpret_cast<unsigned char*>(out.data());
    if (tjCompress2(turbo.get(),
                    pixels.rgb.data(),
                    width,
                    0,
                    height,
                    TJPF_RGB,
                    &buffer,
                    &size,
                    TJSAMP_444,
                    quality,
                    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT) != 0) {
        throw std::runtime_error("a JPEG could not be written");
    }
    out.resize(size);
    return out;
}

std::string encodePng(const Pixels& pixels)
{
    PngImage image;
    image.width = pixels.width;
    image.height = pixels.height;
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string out(size, '\0');
    if (png_image_write_to_memory(&image, out.data(), &size, 0, pixels.rgb.data(), 0, nullptr) ==
        0) {
        throw std::runtime_error("a PNG could not be written");
    }
    out.resize(size);
    return out;
}

} // namespace

Judged<Pixels> decodePixels(std::string_view bytes, const PictureFrame& frame)
{
    return frame.format == PictureFormat::Jpeg ? decodeJpeg(bytes, frame) : decodePng(bytes, frame);
}

std::string encodePixels(const Pixels& pixels, PictureFormat format, int quality)
{
    return format == PictureFormat::Jpeg ? encodeJpeg(pixels, quality) : encodePng(pixels);
}

} // namespace uploads
