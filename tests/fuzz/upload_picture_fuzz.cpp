// Input: the bytes of a picture. One that is taken is of the size it says, stays the same picture
// when it is cleaned, and is clean then; one that is refused says why in both languages.

#include "expect.hpp"
#include "uploads/media.hpp"
#include "uploads/picture_rules.hpp"

namespace {

using namespace hub::fuzz;

constexpr uploads::PictureLimits kLimits{256UL * 1024, 2048, 16UL * 1024 * 1024};

void expectSaid(const uploads::Finding& finding)
{
    expectReadable(uploads::sentence(finding, uploads::Language::Chinese));
    expectReadable(uploads::sentence(finding, uploads::Language::English));
    expectReadable(uploads::codeName(finding.code));
}

void checkMedia(std::string_view bytes, bool is_picture)
{
    const uploads::MemorySource source(bytes);
    const auto media = uploads::detectMedia(source);
    if (!media.ok()) {
        expectSaid(media.finding());
        const bool is_pdf = media.finding().code == uploads::Code::MediaPdf;
        expect(!is_picture || is_pdf, "what decodes is a picture by its content");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes = textOf(data, size);
    const auto picture = uploads::decodePicture(bytes, kLimits);
    checkMedia(bytes, picture.ok());
    if (!picture.ok()) {
        expectSaid(picture.finding());
        return 0;
    }
    const uploads::Pixels& pixels = picture.value().pixels;
    expect(pixels.width <= kLimits.side_max && pixels.height <= kLimits.side_max, "sides are kept");
    expect(pixels.rgb.size() == std::size_t{3} * pixels.width * pixels.height, "pixels are whole");
    expect(uploads::judge(picture.value(), {}).empty(), "no rules find nothing");
    const std::string cleaned = uploads::clean(picture.value(), uploads::PictureFormat::Png);
    const auto again = uploads::decodePicture(cleaned);
    expect(again.ok() && again.value().pixels.rgb == pixels.rgb, "a clean picture is the same");
    expect(uploads::clean(again.value(), uploads::PictureFormat::Png) == cleaned,
           "cleaning leaves nothing to clean");
    return 0;
}
