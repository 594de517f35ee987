#include "licence/picture.hpp"

#include <memory>
#include <stdexcept>
#include <type_traits>

#include <png.h>
#include <turbojpeg.h>

namespace hub::simulator::licence {

namespace {

struct Release {
    void operator()(void* handle) const noexcept { tjDestroy(handle); }
    void operator()(unsigned char* bytes) const noexcept { tjFree(bytes); }
};
using TurboJpeg = std::unique_ptr<std::remove_pointer_t<tjhandle>, Release>;

Error tooManyPixels()
{
    return {HUB_REJECTED, "the picture has too many pixels"};
}

Error noPicture()
{
    return {HUB_BAD_REQUEST, "the bytes are no whole picture"};
}

bool isTooMany(std::uint64_t width, std::uint64_t height, std::uint64_t pixels_max)
{
    return width > pixels_max / height;
}

/// libpng's and TurboJPEG's plain interfaces: they return errors, where the older ones jump out of
/// the caller's frames.
class PngImage {
public:
    PngImage() { image.version = PNG_IMAGE_VERSION; }
    ~PngImage() { png_image_free(&image); }
    PngImage(const PngImage&) = delete;
    PngImage& operator=(const PngImage&) = delete;

    png_image image{};
};

Result<Picture> decodePng(std::string_view bytes, std::uint64_t pixels_max)
{
    PngImage png;
    if (png_image_begin_read_from_memory(&png.image, bytes.data(), bytes.size()) == 0 ||
        png.image.width == 0 || png.image.height == 0) {
        return noPicture();
    }
    if (isTooMany(png.image.width, png.image.height, pixels_max)) {
        return tooManyPixels();
    }
    png.image.format = PNG_FORMAT_GRAY;
    Picture picture(png.image.width, png.image.height);
    const png_color paper{255, 255, 255}; // behind what is transparent
    if (png_image_finish_read(&png.image, &paper, picture.gray.data(), 0, nullptr) == 0) {
        return noPicture();
    }
    return picture;
}

Result<Picture> decodeJpeg(std::string_view bytes, std::uint64_t pixels_max)
{
    const TurboJpeg jpeg(tjInitDecompress());
    const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
    int width = 0;
    int height = 0;
    int sampling = 0;
    int colors = 0;
    if (jpeg == nullptr ||
        tjDecompressHeader3(jpeg.get(), data, bytes.size(), &width, &height, &sampling, &colors) !=
            0 ||
        width <= 0 || height <= 0) {
        return noPicture();
    }
    const auto columns = static_cast<std::size_t>(width);
    const auto rows = static_cast<std::size_t>(height);
    if (isTooMany(columns, rows, pixels_max)) {
        return tooManyPixels();
    }
    Picture picture(columns, rows);
    const int flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
    if (tjDecompress2(jpeg.get(),
                      data,
                      bytes.size(),
                      picture.gray.data(),
                      width,
                      0,
                      height,
                      TJPF_GRAY,
                      flags) != 0) {
        return noPicture();
    }
    return picture;
}

} // namespace

std::string_view mediaTypeOf(std::string_view bytes)
{
    return bytes.starts_with("\x89PNG\r\n\x1a\n") ? kPng
           : bytes.starts_with("\xff\xd8\xff")    ? kJpeg
                                                  : std::string_view{};
}

Result<Picture> decodePicture(std::string_view bytes, std::uint64_t pixels_max)
{
    const std::string_view type = mediaTypeOf(bytes);
    return type == kPng    ? decodePng(bytes, pixels_max)
           : type == kJpeg ? decodeJpeg(bytes, pixels_max)
                           : Result<Picture>(noPicture());
}

std::string encodePng(const Picture& picture)
{
    PngImage png;
    png.image.width = static_cast<png_uint_32>(picture.width);
    png.image.height = static_cast<png_uint_32>(picture.height);
    png.image.format = PNG_FORMAT_GRAY;
    std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(png.image), '\0');
    png_alloc_size_t size = bytes.size();
    if (png_image_write_to_memory(
            &png.image, bytes.data(), &size, 0, picture.gray.data(), 0, nullptr) == 0) {
        throw std::runtime_error(std::string("PNG: ") + png.image.message);
    }
    bytes.resize(size);
    return bytes;
}

std::string encodeJpeg(const Picture& picture)
{
    constexpr int kQuality = 85;
    const TurboJpeg jpeg(tjInitCompress());
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const bool is_made = jpeg != nullptr && tjCompress2(jpeg.get(),
                                                        picture.gray.data(),
                                                        static_cast<int>(picture.width),
                                                        0,
                                                        static_cast<int>(picture.height),
                                                        TJPF_GRAY,
                                                        &bytes,
                                                        &size,
                                                        TJSAMP_GRAY,
                                                        kQuality,
                                                        0) == 0;
    const std::unique_ptr<unsigned char, Release> kept(bytes);
    if (!is_made) {
        throw std::runtime_error("JPEG: the picture can't be written");
    }
    return {reinterpret_cast<const char*>(bytes), size};
}

} // namespace hub::simulator::licence
