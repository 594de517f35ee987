#include "domain/captcha.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

#include <identifiers/text.hpp>

namespace identity {

namespace {

/// Strokes on a grid of 5 by 7 points: pairs of x and y, a space between strokes. Without what
/// people mistake for something else (0 O, 1 I, 8 B, S, Z).
struct Glyph {
    char letter;
    std::string_view strokes;
};

constexpr std::array kGlyphs = {
    Glyph{'2', "01103041420646"},
    Glyph{'3', "004022324345361605"},
    Glyph{'4', "36300444"},
    Glyph{'5', "4000023243453606"},
    Glyph{'6', "40120405163645443304"},
    Glyph{'7', "004016"},
    Glyph{'9', "06344241301001021342"},
    Glyph{'A', "062046 1434"},
    Glyph{'C', "4130100105163645"},
    Glyph{'E', "40000646 0333"},
    Glyph{'F', "400006 0333"},
    Glyph{'H', "0006 4046 0343"},
    Glyph{'K', "0006 400346"},
    Glyph{'L', "000646"},
    Glyph{'N', "06004640"},
    Glyph{'P', "06003041423303"},
    Glyph{'T', "0040 2026"},
    Glyph{'U', "000516364540"},
    Glyph{'X', "0046 4006"},
    Glyph{'Y', "002340 2326"},
};

constexpr std::size_t kLetters = 5;
constexpr int kWidth = 2200; // tenths of a unit
constexpr int kHeight = 800;
constexpr int kNoise = 5;

struct Point {
    int x = 0;
    int y = 0;
};

struct Segment {
    Point from;
    Point to;
};

/// Deals out the random bytes.
class Dice {
public:
    explicit Dice(std::string_view bytes)
        : bytes_(bytes)
    {}

    /// 0 to sides - 1; of 65536 values, so that none of a few sides is noticeably likelier.
    int roll(int sides)
    {
        if (at_ + 2 > bytes_.size()) {
            throw std::invalid_argument("a captcha needs more random bytes");
        }
        const int high = static_cast<unsigned char>(bytes_[at_]);
        const int low = static_cast<unsigned char>(bytes_[at_ + 1]);
        at_ += 2;
        return (high * 256 + low) % sides;
    }
    int around(int spread) { return roll(2 * spread + 1) - spread; }

private:
    std::string_view bytes_;
    std::size_t at_ = 0;
};

/// How one letter stands in the picture.
struct Pose {
    Point origin;
    int scale_x;
    int scale_y;
    int slant; // in hundredths
    int tilt;
};

Point place(char x, char y, const Pose& pose, Dice& dice)
{
    const int grid_x = (x - '0') * pose.scale_x + dice.around(12);
    const int grid_y = (y - '0') * pose.scale_y + dice.around(12);
    return {pose.origin.x + grid_x + grid_y * pose.slant / 100,
            pose.origin.y + grid_y + grid_x * pose.tilt / 100};
}

void drawLetter(const Glyph& glyph,
                std::size_t position,
                std::vector<Segment>& segments,
                Dice& dice)
{
    const int left = 150 + static_cast<int>(position) * 400;
    const Pose pose{{left + dice.around(40), 130 + dice.around(50)},
                    62 + dice.around(8),
                    82 + dice.around(10),
                    dice.around(25),
                    dice.around(25)};
    const std::string_view strokes = glyph.strokes;
    bool is_first = true;
    Point last;
    for (std::size_t i = 0; i + 1 < strokes.size(); i += 2) {
        if (strokes[i] == ' ') {
            is_first = true;
            ++i;
        }
        const Point point = place(strokes[i], strokes[i + 1], pose, dice);
        if (!is_first) {
            segments.push_back({last, point});
        }
        last = point;
        is_first = false;
    }
}

void drawNoise(std::vector<Segment>& segments, Dice& dice)
{
    for (int i = 0; i < kNoise; ++i) {
        const Point from{dice.roll(kWidth), dice.roll(kHeight)};
        segments.push_back({from, {from.x + dice.around(300), from.y + dice.around(150)}});
    }
}

/// In any order and direction, so that the path does not say which line belongs to which letter.
std::string pathOf(std::vector<Segment> segments, Dice& dice)
{
    for (std::size_t i = segments.size(); i > 1; --i) {
        std::swap(segments[i - 1],
                  segments[static_cast<std::size_t>(dice.roll(static_cast<int>(i)))]);
    }
    std::string path;
    for (Segment& segment : segments) {
        if (dice.roll(2) == 0) {
            std::swap(segment.from, segment.to);
        }
        const Point bend{(segment.from.x + segment.to.x) / 2 + dice.around(18),
                         (segment.from.y + segment.to.y) / 2 + dice.around(18)};
        path += fmt::format("M{} {}Q{} {} {} {}",
                            segment.from.x,
                            segment.from.y,
                            bend.x,
                            bend.y,
                            segment.to.x,
                            segment.to.y);
    }
    return path;
}

} // namespace

Captcha drawCaptcha(std::string_view random)
{
    Dice dice(random);
    Captcha captcha;
    std::vector<Segment> segments;
    for (std::size_t i = 0; i < kLetters; ++i) {
        const Glyph& glyph = kGlyphs[static_cast<std::size_t>(dice.roll(kGlyphs.size()))];
        captcha.text += glyph.letter;
        drawLetter(glyph, i, segments, dice);
    }
    drawNoise(segments, dice);
    captcha.svg = fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img"><path d="{}" )"
        R"(fill="none" stroke="currentColor" stroke-width="26" stroke-linecap="round"/></svg>)",
        kWidth,
        kHeight,
        pathOf(std::move(segments), dice));
    return captcha;
}

std::string captchaKey(std::string_view typed)
{
    return identifiers::normalizeCode(typed).value;
}

} // namespace identity
