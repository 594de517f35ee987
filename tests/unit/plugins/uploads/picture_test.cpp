// Goal: a picture is decoded whole or refused, and what is written anew is the picture alone.
// Method: pictures made byte by byte with one defect each; what clean() writes is searched for what
// was put in beside the pixels.

#include "picture_fixture.hpp"
#include "uploads/picture_rules.hpp"

#include <array>
#include <ostream>

namespace {

using namespace uploads_test;
using uploads::Code;
using uploads::PictureFormat;

struct Defect {
    std::string name;
    std::string bytes;
    Code code;
};

std::ostream& operator<<(std::ostream& out, const Defect& defect)
{
    return out << defect.name;
}

std::string withoutLast(const std::string& bytes, std::size_t count)
{
    return bytes.substr(0, bytes.size() - count);
}

std::vector<Defect> defects()
{
    const std::string jpeg = jpegOf(flag(64, 48));
    const std::string png = pngOf(flag(64, 48));
    std::string bad_checksum = png;
    bad_checksum[bad_checksum.size() - 20] ^= 1;
    // 64 x 48 pixels are promised, half of them are there.
    const std::string half_png = kPngSignature + pngHeader(64, 48) +
                                 pngChunk("IDAT", zlibOf(std::string(24 * 193, '\0'))) +
                                 pngChunk("IEND", "");
    const std::string no_data = kPngSignature + pngHeader(64, 48) + pngChunk("IEND", "");
    const std::string huge_png = kPngSignature + pngHeader(60000, 60000) +
                                 pngChunk("IDAT", zlibOf(std::string(1000, '\0'))) +
                                 pngChunk("IEND", "");
    std::string huge_jpeg = jpeg;
    const std::size_t frame = jpeg.find("\xFF\xC0");
    huge_jpeg.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
    std::string other_jpeg = jpeg;
    other_jpeg.replace(frame + 5, 4, std::string{"\0\x60\0\x80", 4});
    const std::string zip{"PK\x05\x06", 4};
    return {
        // name                             bytes                              code
        {"nothing", "", Code::FileEmpty},
        {"a text", "no picture", Code::MediaUnknown},
        {"a GIF", "GIF89a\1\0\1\0", Code::MediaUnknown},
        {"a JPEG's begin", jpeg.substr(0, 3), Code::PictureBroken},
        {"half a JPEG", jpeg.substr(0, jpeg.size() / 2), Code::PictureBroken},
        {"a JPEG without its end mark", withoutLast(jpeg, 2), Code::PictureBroken},
        {"a JPEG with an early end", withoutLast(jpeg, 60) + "\xFF\xD9", Code::PictureBroken},
        {"a JPEG of start and end", "\xFF\xD8\xFF\xD9", Code::PictureBroken},
        {"a JPEG with two frames", withSegment(jpeg, jpeg.substr(frame, 19)), Code::PictureBroken},
        {"a JPEG that lies about its size", other_jpeg, Code::PictureBroken},
        {"a JPEG with an archive behind", jpeg + zip + std::string(18, '\0'), Code::TrailingData},
        {"a JPEG with a JPEG behind", jpeg + jpeg, Code::TrailingData},
        {"a JPEG with one byte behind", jpeg + "\n", Code::TrailingData},
        {"a JPEG of 65535 x 65535", huge_jpeg, Code::PictureTooLarge},
        {"a JPEG for printers", cmykJpeg(), Code::PictureCmyk},
        {"a PNG's begin", kPngSignature, Code::PictureBroken},
        {"half a PNG", png.substr(0, png.size() / 2), Code::PictureBroken},
        {"a PNG without its end", withoutLast(png, 12), Code::PictureBroken},
        {"a PNG with a wrong checksum", bad_checksum, Code::PictureBroken},
        {"a PNG with half its rows", half_png, Code::PictureBroken},
        {"a PNG without data", no_data, Code::PictureBroken},
        {"a PNG of 60000 x 60000", huge_png, Code::PictureTooLarge},
        {"a PNG with an archive behind", png + zip, Code::TrailingData},
        {"a PNG that moves",
         pngOf(flag(8, 8), pngChunk("acTL", bigEndian(2, 4) + bigEndian(0, 4))),
         Code::PictureAnimated},
    };
}

struct Turn {
    int orientation;
    // The colors of the corners as they are seen: upper left, upper right, lower left.
    std::string seen;
};

std::ostream& operator<<(std::ostream& out, const Turn& turn)
{
    return out << "orientation " << turn.orientation;
}

std::vector<Turn> turns()
{
    // Stored is green blue / red blue; EXIF says where its first row and column belong.
    return {{1, "gbr"},
            {2, "bgb"},
            {3, "brb"},
            {4, "rbg"},
            {5, "grb"},
            {6, "rgb"},
            {7, "bbr"},
            {8, "bbg"}};
}

char colorAt(const uploads::Pixels& pixels, std::uint32_t x, std::uint32_t y)
{
    const auto* rgb = pixels.rgb.data() + (std::size_t{y} * pixels.width + x) * 3;
    return rgb[0] > 128 ? 'r' : rgb[1] > 128 ? 'g' : rgb[2] > 128 ? 'b' : '?';
}

std::string cornersOf(const uploads::Pixels& pixels)
{
    const std::uint32_t right = pixels.width - 1;
    const std::uint32_t low = pixels.height - 1;
    return {colorAt(pixels, 0, 0), colorAt(pixels, right, 0), colorAt(pixels, 0, low)};
}

uploads::Picture decoded(const std::string& bytes)
{
    auto picture = uploads::decodePicture(bytes);
    CPPUNIT_ASSERT_MESSAGE(
        picture.ok() ? "" : uploads::sentence(picture.finding(), uploads::Language::English),
        picture.ok());
    return std::move(picture).value();
}

class PictureTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PictureTest);
    CPPUNIT_TEST(pixelsAreTheSame);
    CPPUNIT_TEST(everyKindOfFileIsDecoded);
    CPPUNIT_TEST_PARAMETERIZED(aDefectIsRefused, defects());
    CPPUNIT_TEST_PARAMETERIZED(aTurnedPictureIsTurnedBack, turns());
    CPPUNIT_TEST(aPngTurnsToo);
    CPPUNIT_TEST(limitsComeBeforeDecoding);
    CPPUNIT_TEST(aCleanPictureHoldsNothingElse);
    CPPUNIT_TEST(transparencyBecomesWhite);
    CPPUNIT_TEST(grayIsSeenByContent);
    CPPUNIT_TEST(brokenMetadataIsNoReason);
    CPPUNIT_TEST_SUITE_END();

public:
    void pixelsAreTheSame()
    {
        const auto picture = decoded(pngOf(flag(31, 17)));
        CPPUNIT_ASSERT_EQUAL(31U, picture.pixels.width);
        CPPUNIT_ASSERT_EQUAL(17U, picture.pixels.height);
        CPPUNIT_ASSERT(picture.pixels.rgb == flag(31, 17).rgb);
        // PNG loses nothing on its way out either.
        const std::string written = uploads::clean(picture, PictureFormat::Png);
        CPPUNIT_ASSERT(decoded(written).pixels.rgb == picture.pixels.rgb);
    }

    void everyKindOfFileIsDecoded()
    {
        for (const int subsampling : {TJSAMP_444, TJSAMP_420, TJSAMP_422}) {
            for (const int flags : {0, TJFLAG_PROGRESSIVE}) {
                const auto picture = decoded(jpegOf(flag(64, 48), subsampling, flags));
                CPPUNIT_ASSERT(picture.format == PictureFormat::Jpeg);
                CPPUNIT_ASSERT_EQUAL(std::string{"gbr"}, cornersOf(picture.pixels));
            }
        }
    }

    void aDefectIsRefused(const Defect& defect)
    {
        const auto picture = uploads::decodePicture(defect.bytes);
        CPPUNIT_ASSERT(!picture.ok());
        CPPUNIT_ASSERT_EQUAL(std::string{uploads::codeName(defect.code)},
                             std::string{uploads::codeName(picture.finding().code)});
    }

    void aTurnedPictureIsTurnedBack(const Turn& turn)
    {
        const auto picture =
            decoded(withSegment(jpegOf(flag(64, 48)), exifSegment(turn.orientation)));
        const bool is_on_its_side = turn.orientation >= 5;
        CPPUNIT_ASSERT_EQUAL(is_on_its_side ? 48U : 64U, picture.pixels.width);
        CPPUNIT_ASSERT_EQUAL(is_on_its_side ? 64U : 48U, picture.pixels.height);
        CPPUNIT_ASSERT_EQUAL(turn.seen, cornersOf(picture.pixels));
    }

    void aPngTurnsToo()
    {
        const auto picture = decoded(pngOf(flag(64, 48), pngChunk("eXIf", tiffOf(6))));
        CPPUNIT_ASSERT_EQUAL(48U, picture.pixels.width);
        CPPUNIT_ASSERT_EQUAL(std::string{"rgb"}, cornersOf(picture.pixels));
    }

    void limitsComeBeforeDecoding()
    {
        const std::string jpeg = jpegOf(flag(64, 48));
        const std::string progressive = jpegOf(flag(64, 48), TJSAMP_444, TJFLAG_PROGRESSIVE);
        const uploads::PictureLimits exact{jpeg.size(), 64, 64 * 48 * 6};
        CPPUNIT_ASSERT(uploads::decodePicture(jpeg, exact).ok());
        const auto code = [](const std::string& bytes, uploads::PictureLimits limits) {
            const auto picture = uploads::decodePicture(bytes, limits);
            return picture.ok() ? "" : std::string{uploads::codeName(picture.finding().code)};
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"file_too_large"},
                             code(jpeg, {jpeg.size() - 1, 64, 64 * 48 * 6}));
        CPPUNIT_ASSERT_EQUAL(std::string{"picture_too_large"},
                             code(jpeg, {jpeg.size(), 63, 64 * 48 * 6}));
        CPPUNIT_ASSERT_EQUAL(std::string{"picture_too_large"},
                             code(jpeg, {jpeg.size(), 64, 64 * 48 * 6 - 1}));
        // Its coefficients take as much again.
        CPPUNIT_ASSERT_EQUAL(std::string{"picture_too_large"},
                             code(progressive, {progressive.size(), 64, 64 * 48 * 6}));
    }

    void aCleanPictureHoldsNothingElse()
    {
        constexpr std::array kPlanted{"PLANTED-PLACE", "PLANTED-COMMENT", "PLANTED-PROFILE"};
        std::string jpeg = jpegOf(flag(64, 48));
        jpeg = withSegment(jpeg, jpegSegment('\xFE', kPlanted[1]));
        jpeg = withSegment(jpeg,
                           jpegSegment('\xE2', std::string{"ICC_PROFILE\0\1\1", 14} + kPlanted[2]));
        jpeg = withSegment(
            jpeg, jpegSegment('\xE1', std::string{"Exif\0\0", 6} + tiffOf(6) + kPlanted[0]));
        const std::string png =
            pngOf(flag(64, 48), pngChunk("tEXt", std::string{"Comment\0", 8} + kPlanted[1]));
        for (const std::string& bytes : {jpeg, png}) {
            CPPUNIT_ASSERT(bytes.find("PLANTED") != std::string::npos);
            for (const PictureFormat format : {PictureFormat::Jpeg, PictureFormat::Png}) {
                const std::string written = uploads::clean(decoded(bytes), format);
                CPPUNIT_ASSERT(written.find("PLANTED") == std::string::npos);
                CPPUNIT_ASSERT(written.find("Exif") == std::string::npos);
                const auto again = decoded(written);
                CPPUNIT_ASSERT(again.format == format);
                // Upright for good: nothing is left that would turn it once more.
                CPPUNIT_ASSERT_EQUAL(cornersOf(decoded(bytes).pixels), cornersOf(again.pixels));
            }
        }
    }

    void transparencyBecomesWhite()
    {
        // One row of red, half of it transparent.
        const std::string row{"\0\xFF\0\0\xFF\xFF\0\0\0", 9};
        const auto picture = decoded(kPngSignature + pngHeader(2, 1, 6) +
                                     pngChunk("IDAT", zlibOf(row)) + pngChunk("IEND", ""));
        const std::vector<std::uint8_t> expected{255, 0, 0, 255, 255, 255};
        CPPUNIT_ASSERT(picture.pixels.rgb == expected);
    }

    void grayIsSeenByContent()
    {
        uploads::Pixels gray = flag(64, 48);
        for (std::size_t i = 0; i < gray.rgb.size(); ++i) {
            gray.rgb[i] = static_cast<std::uint8_t>(i / 3 % 256);
        }
        CPPUNIT_ASSERT(decoded(jpegOf(gray)).is_gray);
        CPPUNIT_ASSERT(decoded(pngOf(gray)).is_gray);
        CPPUNIT_ASSERT(decoded(jpegOf(flag(64, 48), TJSAMP_GRAY)).is_gray);
        CPPUNIT_ASSERT(!decoded(jpegOf(flag(64, 48))).is_gray);
    }

    void brokenMetadataIsNoReason()
    {
        const std::string jpeg = jpegOf(flag(64, 48));
        const std::string tiff = tiffOf(6);
        for (std::size_t size = 0; size < tiff.size(); ++size) {
            const std::string cut = std::string{"Exif\0\0", 6} + tiff.substr(0, size);
            const auto picture = decoded(withSegment(jpeg, jpegSegment('\xE1', cut)));
            // The value is whole from byte 20 on.
            CPPUNIT_ASSERT_EQUAL(size < 20 ? 64U : 48U, picture.pixels.width);
        }
        CPPUNIT_ASSERT_EQUAL(64U, decoded(withSegment(jpeg, exifSegment(9))).pixels.width);
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(PictureTest, "picture");
