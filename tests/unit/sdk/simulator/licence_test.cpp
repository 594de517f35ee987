// Goal: the reader reads pixels: what is drawn comes back from PNG and JPEG, turned or faint, and
// from nothing else. Method: pictures that are drawn, changed, and read.

#include "licence/code_reader.hpp"
#include "licence/register.hpp"
#include "licence/sample.hpp"
#include "support/suite.hpp"

#include <stdexcept>

namespace hub::simulator::licence {

namespace {

constexpr std::uint64_t kPixelsMax = 40'000'000;

Licence sample()
{
    return {"business_licence",
            {{"name", "上海示例贸易有限公司"},
             {"social_credit_code", "91310000MAXHUB014C"},
             {"kind", "有限责任公司"},
             {"representative", "样本"},
             {"address", "上海市样本路1号"},
             {"valid_from", "2020-01-02"},
             {"valid_until", "2040-01-01"}}};
}

std::optional<Reading> readBytes(const std::string& bytes)
{
    const auto picture = decodePicture(bytes, kPixelsMax);
    return picture.ok() ? readCode(picture.value()) : std::nullopt;
}

void expectSample(const std::optional<Reading>& reading, const std::string& what)
{
    CPPUNIT_ASSERT_MESSAGE(what, reading.has_value());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(what, sample().type, reading->licence.type);
    CPPUNIT_ASSERT_MESSAGE(what, sample().fields == reading->licence.fields);
}

Picture turned(const Picture& picture)
{
    Picture result(picture.height, picture.width);
    for (std::size_t y = 0; y < picture.height; ++y) {
        for (std::size_t x = 0; x < picture.width; ++x) {
            result.at(picture.height - 1 - y, x) = picture.at(x, y);
        }
    }
    return result;
}

} // namespace

class LicenceTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LicenceTest);
    CPPUNIT_TEST(whatIsDrawnIsRead);
    CPPUNIT_TEST(theLongestLicenceIsRead);
    CPPUNIT_TEST(faintPicturesAreReadWithLessConfidence);
    CPPUNIT_TEST(damagedPicturesAreUnreadable);
    CPPUNIT_TEST(bytesThatAreNoWholePictureAreNone);
    CPPUNIT_TEST(largePicturesAreNotDecoded);
    CPPUNIT_TEST(codesThatAreNoSampleAreNotRead);
    CPPUNIT_TEST(whatIsNotOfItsFormIsNotDrawn);
    CPPUNIT_TEST(theRegisterAnswersAsItIsTold);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsDrawnIsRead()
    {
        const Picture picture = drawSample(sample());
        expectSample(readBytes(encodePng(picture)), "PNG");
        expectSample(readBytes(encodeJpeg(picture)), "JPEG");
        expectSample(readBytes(encodeJpeg(turned(picture))), "turned");
        expectSample(readBytes(encodePng(turned(turned(picture)))), "upside down");
    }

    void theLongestLicenceIsRead()
    {
        Licence licence = sample();
        licence.fields["name"].clear();
        for (int i = 0; i < 200; ++i) {
            licence.fields["name"] += "样";
            licence.fields["address"] += "本";
        }
        const auto reading = readBytes(encodePng(drawSample(licence)));
        CPPUNIT_ASSERT(reading && reading->licence.fields == licence.fields);
    }

    void faintPicturesAreReadWithLessConfidence()
    {
        const Picture picture = drawSample(sample());
        const auto clear = readBytes(encodePng(picture));
        const auto faint = readBytes(encodePng(damaged(picture, Damage::Faint)));
        expectSample(faint, "faint");
        CPPUNIT_ASSERT_EQUAL(100, clear->confidence);
        CPPUNIT_ASSERT_EQUAL(39, faint->confidence); // shades 120 to 220 of 0 to 255
    }

    void damagedPicturesAreUnreadable()
    {
        const Picture picture = drawSample(sample());
        for (const Damage damage : {Damage::Blur, Damage::Crop}) {
            CPPUNIT_ASSERT(!readBytes(encodePng(damaged(picture, damage))));
            CPPUNIT_ASSERT(!readBytes(encodeJpeg(damaged(picture, damage))));
        }
        CPPUNIT_ASSERT(!readBytes(encodePng(Picture(400, 300))));
        CPPUNIT_ASSERT(!readBytes(encodePng(Picture(1, 1, 0))));
    }

    void bytesThatAreNoWholePictureAreNone()
    {
        const Picture picture = drawSample(sample());
        for (const std::string& whole : {encodePng(picture), encodeJpeg(picture)}) {
            for (const std::size_t size : {std::size_t{0}, std::size_t{8}, whole.size() / 2}) {
                const auto half = decodePicture(whole.substr(0, size), kPixelsMax);
                CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, half.error().code);
            }
        }
        std::string flipped = encodePng(picture);
        flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
        CPPUNIT_ASSERT(!decodePicture(flipped, kPixelsMax).ok());
        CPPUNIT_ASSERT(!decodePicture("GIF89a", kPixelsMax).ok());
    }

    void largePicturesAreNotDecoded()
    {
        for (const std::string& bytes :
             {encodePng(Picture(100, 101)), encodeJpeg(Picture(100, 101))}) {
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED},
                                 decodePicture(bytes, 100 * 100).error().code);
            CPPUNIT_ASSERT(decodePicture(bytes, 100 * 101).ok());
        }
    }

    void codesThatAreNoSampleAreNotRead()
    {
        const std::string sound = toCodeText(sample());
        CPPUNIT_ASSERT(parseCodeText(sound).has_value());
        const std::string texts[] = {"",
                                     "https://example.com/91310000MAXHUB014C",
                                     sound.substr(1),
                                     sound + "seal=x\n",
                                     sound + "no pair\n",
                                     sound + "valid_from=2020-1-2\n",
                                     sound + "social_credit_code=9131\n",
                                     sound + "name=\n",
                                     "SAMPLE-LICENCE/1\ntype=business_licence\n"};
        for (const std::string& text : texts) {
            CPPUNIT_ASSERT_MESSAGE(text, !parseCodeText(text));
        }
    }

    void whatIsNotOfItsFormIsNotDrawn()
    {
        const std::pair<const char*, const char*> rows[] = {
            {"name", ""},
            {"name", "two\nlines"},
            {"social_credit_code", "91310000maxhub"},
            {"valid_from", "2020/01/02"},
            {"color", "red"}};
        for (const auto& [field, value] : rows) {
            Licence licence = sample();
            licence.fields[field] = value;
            CPPUNIT_ASSERT_THROW_MESSAGE(field, drawSample(licence), std::invalid_argument);
        }
        Licence nameless = sample();
        nameless.fields.erase("name");
        CPPUNIT_ASSERT_THROW(drawSample(nameless), std::invalid_argument);
    }

    void theRegisterAnswersAsItIsTold()
    {
        Register book({{"91310000MAXHUB014C", "甲", false}, {"91500000MAXHUB065X", "乙", true}},
                      true);
        const auto look = [&](const char* code) {
            return book.look(code).dump();
        };
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"found","name":"甲"})"),
                             look("91310000MAXHUB014C"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"revoked","name":"乙"})"),
                             look("91500000MAXHUB065X"));
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"not_found"})"), look("x"));
        CPPUNIT_ASSERT(book.change({{"code", "x"}, {"name", "丙"}, {"state", "registered"}}).ok());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"found","name":"丙"})"), look("x"));
        CPPUNIT_ASSERT(book.change({{"code", "x"}, {"state", "removed"}}).ok());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"not_found"})"), look("x"));
        CPPUNIT_ASSERT(book.change({{"available", false}}).ok());
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"state":"unavailable"})"), look("x"));
        for (const Json& wrong : {Json{{"code", "x"}},
                                  Json{{"code", "x"}, {"name", "y"}, {"state", "lost"}},
                                  Json{{"name", "y"}, {"state", "registered"}},
                                  Json{{"available", "no"}}}) {
            CPPUNIT_ASSERT_MESSAGE(wrong.dump(), !book.change(wrong).ok());
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(LicenceTest, "licence");

} // namespace hub::simulator::licence
