#include "licence/letters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace hub::simulator::licence {

namespace {

/// In a box of height 1.
struct Point {
    double x, y;
};

struct Glyph {
    std::vector<Point> points;
    double advance = 0;
    double pen = 0; ///< radius
};

// ---- Letters by rows of dots, five wide

constexpr std::size_t kRows = 7;
constexpr unsigned kColumns = 5;
constexpr std::u32string_view kLetters = U"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/";
constexpr std::array<std::array<std::uint8_t, kRows>, 38> kDots{{
    {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11}, {0x1E, 0x11, 0x11, 0x1E, 0x11, 0x11, 0x1E},
    {0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E}, {0x1E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x1E},
    {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F}, {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x10},
    {0x0E, 0x11, 0x10, 0x17, 0x11, 0x11, 0x0F}, {0x11, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11},
    {0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E}, {0x07, 0x02, 0x02, 0x02, 0x02, 0x12, 0x0C},
    {0x11, 0x12, 0x14, 0x18, 0x14, 0x12, 0x11}, {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F},
    {0x11, 0x1B, 0x15, 0x15, 0x11, 0x11, 0x11}, {0x11, 0x19, 0x15, 0x13, 0x11, 0x11, 0x11},
    {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}, {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10},
    {0x0E, 0x11, 0x11, 0x11, 0x15, 0x12, 0x0D}, {0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11},
    {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E}, {0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04},
    {0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E}, {0x11, 0x11, 0x11, 0x11, 0x11, 0x0A, 0x04},
    {0x11, 0x11, 0x11, 0x15, 0x15, 0x1B, 0x11}, {0x11, 0x11, 0x0A, 0x04, 0x0A, 0x11, 0x11},
    {0x11, 0x11, 0x0A, 0x04, 0x04, 0x04, 0x04}, {0x1F, 0x01, 0x02, 0x04, 0x08, 0x10, 0x1F},
    {0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E}, {0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E},
    {0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F}, {0x1F, 0x02, 0x04, 0x02, 0x01, 0x11, 0x0E},
    {0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02}, {0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E},
    {0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E}, {0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08},
    {0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E}, {0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C},
    {0x00, 0x00, 0x00, 0x1F, 0x00, 0x00, 0x00}, {0x01, 0x01, 0x02, 0x04, 0x08, 0x10, 0x10},
}};

Glyph letterOf(char32_t letter)
{
    constexpr double kCell = 1.0 / kRows;
    Glyph glyph{{}, (kColumns + 1) * kCell, 0.6 * kCell};
    const std::size_t place = kLetters.find(letter);
    for (std::size_t row = 0; place != std::u32string_view::npos && row < kRows; ++row) {
        const unsigned dots = kDots[place][row];
        for (unsigned column = 0; column < kColumns; ++column) {
            if ((dots >> (kColumns - 1 - column) & 1U) != 0) {
                glyph.points.push_back(
                    {(column + 0.5) * kCell, (static_cast<double>(row) + 0.5) * kCell});
            }
        }
    }
    return glyph;
}

// ---- Characters by strokes, on a square of 16

struct Stroke {
    Point from, to;
};

constexpr std::array<Stroke, 10> kYang{{{{1, 5}, {7, 5}},
                                        {{4, 1}, {4, 15}},
                                        {{4, 5}, {1, 10}},
                                        {{4, 5}, {7, 9}},
                                        {{9, 1}, {10, 3}},
                                        {{14, 1}, {13, 3}},
                                        {{8, 4}, {15, 4}},
                                        {{9, 8}, {15, 8}},
                                        {{8, 11}, {16, 11}},
                                        {{12, 4}, {12, 15}}}};
constexpr std::array<Stroke, 5> kBen{{{{1, 5}, {15, 5}},
                                      {{8, 1}, {8, 15}},
                                      {{8, 5}, {2, 12}},
                                      {{8, 5}, {14, 12}},
                                      {{5, 12}, {11, 12}}}};

template <typename Strokes>
Glyph characterOf(const Strokes& strokes)
{
    constexpr double kUnit = 1.0 / 16;
    constexpr int kSteps = 48;
    Glyph glyph{{}, 1.15, 0.7 * kUnit};
    for (const Stroke& stroke : strokes) {
        for (int step = 0; step <= kSteps; ++step) {
            const double part = static_cast<double>(step) / kSteps;
            glyph.points.push_back(
                {(stroke.from.x + (stroke.to.x - stroke.from.x) * part) * kUnit,
                 (stroke.from.y + (stroke.to.y - stroke.from.y) * part) * kUnit});
        }
    }
    return glyph;
}

Glyph glyphOf(char32_t letter)
{
    return letter == U'样'   ? characterOf(kYang)
           : letter == U'本' ? characterOf(kBen)
                             : letterOf(letter);
}

/// A round dot.
void dab(Picture& picture, Point center, double radius, std::uint8_t shade)
{
    const auto from = [radius](double middle) {
        return static_cast<std::size_t>(std::max(0.0, std::floor(middle - radius)));
    };
    const auto to = [radius](double middle, std::size_t end) {
        return std::min(end, static_cast<std::size_t>(std::max(0.0, std::ceil(middle + radius))));
    };
    for (std::size_t y = from(center.y); y < to(center.y, picture.height); ++y) {
        for (std::size_t x = from(center.x); x < to(center.x, picture.width); ++x) {
            if (std::hypot(static_cast<double>(x) + 0.5 - center.x,
                           static_cast<double>(y) + 0.5 - center.y) <= radius) {
                picture.at(x, y) = shade;
            }
        }
    }
}

} // namespace

void write(Picture& picture, std::u32string_view text, const Line& line)
{
    const double along = std::cos(line.slope) * line.height;
    const double across = std::sin(line.slope) * line.height;
    double advanced = 0;
    for (const char32_t letter : text) {
        const Glyph glyph = glyphOf(letter);
        for (const Point& point : glyph.points) {
            const double x = advanced + point.x;
            dab(picture,
                {line.x + x * along - point.y * across, line.y + x * across + point.y * along},
                glyph.pen * line.height,
                line.shade);
        }
        advanced += glyph.advance;
    }
}

} // namespace hub::simulator::licence
