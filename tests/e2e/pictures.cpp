#include "pictures.hpp"

#include "telling.hpp"

#include <Poco/Base64Decoder.h>
#include <Poco/StreamCopier.h>

#include <sstream>

#include <uploads/picture_codec.hpp>

namespace demo {

namespace {

constexpr std::uint32_t kWidth = 360;
constexpr std::uint32_t kHeight = 480;

struct Color {
    std::uint8_t red;
    std::uint8_t green;
    std::uint8_t blue;
};

/// A head is an ellipse, shoulders are another.
bool isWithin(std::int64_t x, std::int64_t y, std::int64_t center, std::int64_t w, std::int64_t h)
{
    const std::int64_t dx = x - kWidth / 2;
    const std::int64_t dy = y - center;
    return dx * dx * h * h + dy * dy * w * w <= w * w * h * h;
}

Color colorAt(std::int64_t x, std::int64_t y)
{
    if (isWithin(x, y, 190, 75, 100)) {
        return {224, 172, 130};
    }
    return isWithin(x, y, 470, 150, 170) ? Color{40, 60, 110} : Color{205, 225, 245};
}

} // namespace

std::string samplePhoto()
{
    uploads::Pixels pixels{kWidth, kHeight, {}};
    for (std::uint32_t y = 0; y < kHeight; ++y) {
        for (std::uint32_t x = 0; x < kWidth; ++x) {
            const Color color = colorAt(x, y);
            pixels.rgb.insert(pixels.rgb.end(), {color.red, color.green, color.blue});
        }
    }
    return uploads::encodePixels(pixels, uploads::PictureFormat::Png, 100);
}

std::string sampleLicence(const WebClient& simulator, const Enterprise& enterprise)
{
    const WebAnswer answer = simulator.post("/control/provider/licence/sample",
                                            {{"name", enterprise.name()},
                                             {"social_credit_code", enterprise.socialCreditCode()},
                                             {"valid_until", "2099-12-31"}});
    expect(answer.status == 200, "the simulator draws no licence: " + answer.body);
    std::istringstream text(answer.json().at("picture_base64").get<std::string>());
    Poco::Base64Decoder decoder(text);
    std::string picture;
    Poco::StreamCopier::copyToString(decoder, picture);
    return picture;
}

} // namespace demo
