#include "doubts.hpp"

#include "shape.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace identifiers {

namespace {

using IsRight = std::function<bool(std::string_view)>;

std::vector<Doubt> swapsOf(const std::string& text, std::string_view shape, const IsRight& is_right)
{
    std::vector<Doubt> doubts;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        std::string other = text;
        std::swap(other[i], other[i + 1]);
        if (other != text && fits(other, shape) && is_right(other)) {
            doubts.push_back({i + 1, Doubt::Mistake::Swapped});
        }
    }
    return doubts;
}

struct Misreadings {
    std::vector<Doubt> alike;
    std::vector<Doubt> others;
};

Misreadings misreadingsOf(const std::string& text, std::string_view shape, const IsRight& is_right)
{
    Misreadings found;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool is_alike = false;
        bool is_other = false;
        std::string other = text;
        for (const char c : classOf(shape[i])) {
            other[i] = c;
            if (c != text[i] && is_right(other)) {
                (lookAlike(c, text[i]) ? is_alike : is_other) = true;
            }
        }
        if (is_alike) {
            found.alike.push_back({i + 1, Doubt::Mistake::Misread});
        } else if (is_other) {
            found.others.push_back({i + 1, Doubt::Mistake::Misread});
        }
    }
    return found;
}

} // namespace

std::vector<Doubt>
findDoubts(std::string_view text, std::string_view shape, const IsRight& is_right)
{
    const std::string typed(text);
    std::vector<Doubt> doubts = swapsOf(typed, shape, is_right);
    Misreadings misread = misreadingsOf(typed, shape, is_right);
    doubts.insert(doubts.end(), misread.alike.begin(), misread.alike.end());
    if (doubts.empty() && misread.others.size() <= kDoubtsMax) {
        doubts = std::move(misread.others);
    }
    doubts.resize(std::min(doubts.size(), kDoubtsMax));
    return doubts;
}

} // namespace identifiers
