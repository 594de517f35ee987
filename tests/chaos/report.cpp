#include "report.hpp"

#include <algorithm>
#include <iostream>

namespace chaos {

namespace {

constexpr std::size_t kShownMax = 20;

} // namespace

std::int64_t shareOf(std::int64_t whole, int rounds, int full_rounds)
{
    return whole * std::min(rounds, full_rounds) / full_rounds;
}

void show(const char* title, const std::vector<std::string>& sentences)
{
    for (std::size_t i = 0; i < std::min(sentences.size(), kShownMax); ++i) {
        std::cout << title << ": " << sentences[i] << "\n";
    }
    if (sentences.size() > kShownMax) {
        std::cout << title << ": and " << sentences.size() - kShownMax << " more\n";
    }
}

bool areFloorsReached(const std::vector<Floor>& floors)
{
    bool all = true;
    std::string text = "floor:";
    for (const Floor& floor : floors) {
        all = all && floor.reached >= floor.wanted;
        text += " " + floor.what + " " + std::to_string(floor.reached) + " of " +
                std::to_string(floor.wanted) + ",";
    }
    text.back() = ':';
    std::cout << text << (all ? " reached" : " NOT REACHED, the run proves too little") << "\n";
    return all;
}

} // namespace chaos
