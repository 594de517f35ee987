#include "licence/sample.hpp"

#include "licence/letters.hpp"

#include <algorithm>
#include <stdexcept>

#include <qrcodegen.hpp>

namespace hub::simulator::licence {

namespace {

constexpr std::size_t kWidth = 1200;
constexpr std::size_t kHeight = 850;
constexpr std::size_t kBorder = 24;
constexpr std::size_t kCodeSide = 480; // at most
constexpr int kQuietModules = 4;
constexpr long kUtf8 = 26; // the assignment of QR codes for this character set

void fill(Picture& picture,
          std::size_t left,
          std::size_t top,
          std::size_t width,
          std::size_t height,
          std::uint8_t shade)
{
    for (std::size_t y = top; y < std::min(top + height, picture.height); ++y) {
        for (std::size_t x = left; x < std::min(left + width, picture.width); ++x) {
            picture.at(x, y) = shade;
        }
    }
}

void drawFrame(Picture& picture)
{
    constexpr std::size_t kLine = 6;
    constexpr std::uint8_t kShade = 90;
    const std::size_t width = kWidth - 2 * kBorder;
    const std::size_t height = kHeight - 2 * kBorder;
    fill(picture, kBorder, kBorder, width, height, kShade);
    fill(picture, kBorder + kLine, kBorder + kLine, width - 2 * kLine, height - 2 * kLine, 255);
}

qrcodegen::QrCode encode(const std::string& text)
{
    using qrcodegen::QrCode;
    using qrcodegen::QrSegment;
    try {
        return QrCode::encodeSegments(
            {QrSegment::makeEci(kUtf8), QrSegment::makeBytes({text.begin(), text.end()})},
            QrCode::Ecc::MEDIUM);
    } catch (const qrcodegen::data_too_long&) {
        throw std::invalid_argument("the fields together are longer than a code can hold");
    }
}

/// On white paper of its own, so that nothing else touches it.
void drawCode(Picture& picture, const std::string& text)
{
    const qrcodegen::QrCode code = encode(text);
    const auto modules = static_cast<std::size_t>(code.getSize() + 2 * kQuietModules);
    const std::size_t scale = kCodeSide / modules;
    const std::size_t side = modules * scale;
    const std::size_t left = kWidth - 2 * kBorder - side;
    const std::size_t top = kHeight - 2 * kBorder - side;
    fill(picture, left, top, side, side, 255);
    for (int y = 0; y < code.getSize(); ++y) {
        for (int x = 0; x < code.getSize(); ++x) {
            if (code.getModule(x, y)) {
                fill(picture,
                     left + static_cast<std::size_t>(x + kQuietModules) * scale,
                     top + static_cast<std::size_t>(y + kQuietModules) * scale,
                     scale,
                     scale,
                     0);
            }
        }
    }
}

std::u32string capitals(std::string_view text)
{
    std::u32string capitals;
    for (const char c : text) {
        capitals += static_cast<char32_t>(c == '_'               ? ' '
                                          : c >= 'a' && c <= 'z' ? c - 'a' + 'A'
                                                                 : c);
    }
    return capitals;
}

void drawText(Picture& picture, const Licence& licence)
{
    constexpr double kSlope = -0.6; // rising, and beside the code
    constexpr std::uint8_t kWatermark = 205;
    write(picture, U"SAMPLE 样本", {60, 640, 120, kSlope, kWatermark});
    write(picture, U"样本  SAMPLE", {80, 80, 60});
    write(picture, capitals(licence.type), {80, 180, 30});
    double y = 300;
    for (const char* name : {"social_credit_code", "valid_from", "valid_until"}) {
        const auto found = licence.fields.find(name);
        if (found != licence.fields.end()) {
            write(picture, capitals(name), {80, y, 16});
            write(picture, capitals(found->second), {80, y + 30, 26});
            y += 100;
        }
    }
    write(picture, U"NOT A DOCUMENT", {80, kHeight - 100, 26});
}

/// The mean of each pixel's neighbors along one direction.
Picture smeared(const Picture& picture, std::size_t radius, bool is_down)
{
    Picture result(picture.width, picture.height);
    for (std::size_t y = 0; y < picture.height; ++y) {
        for (std::size_t x = 0; x < picture.width; ++x) {
            const std::size_t here = is_down ? y : x;
            const std::size_t end = is_down ? picture.height : picture.width;
            const std::size_t first = here - std::min(here, radius);
            const std::size_t last = std::min(here + radius, end - 1);
            std::size_t sum = 0;
            for (std::size_t at = first; at <= last; ++at) {
                sum += is_down ? picture.at(x, at) : picture.at(at, y);
            }
            result.at(x, y) = static_cast<std::uint8_t>(sum / (last - first + 1));
        }
    }
    return result;
}

} // namespace

Picture drawSample(const Licence& licence)
{
    check(licence);
    Picture picture(kWidth, kHeight);
    drawFrame(picture);
    drawText(picture, licence);
    drawCode(picture, toCodeText(licence));
    return picture;
}

std::optional<Damage> parseDamage(std::string_view word)
{
    return word == "none"    ? std::optional(Damage::None)
           : word == "blur"  ? std::optional(Damage::Blur)
           : word == "crop"  ? std::optional(Damage::Crop)
           : word == "faint" ? std::optional(Damage::Faint)
                             : std::nullopt;
}

Picture damaged(const Picture& picture, Damage damage)
{
    constexpr std::size_t kBlurRadius = 9;
    Picture result = picture;
    if (damage == Damage::Blur) {
        result = smeared(smeared(picture, kBlurRadius, false), kBlurRadius, true);
    } else if (damage == Damage::Crop) {
        // Through the code's middle.
        result = Picture(picture.width * 3 / 4, picture.height);
        for (std::size_t y = 0; y < result.height; ++y) {
            for (std::size_t x = 0; x < result.width; ++x) {
                result.at(x, y) = picture.at(x, y);
            }
        }
    } else if (damage == Damage::Faint) {
        for (std::uint8_t& shade : result.gray) {
            shade = static_cast<std::uint8_t>(120 + shade * 100 / 255);
        }
    }
    return result;
}

} // namespace hub::simulator::licence
