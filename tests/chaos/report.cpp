#include "report.hpp"

#include <algorithm>
#include <iostream>

namespace chaos {

namespace {

constexpr std::size_t kShownMax = 20;
constexpr std::size_t kNamedMax = 8; ///< in one line

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

std::vector<std::string> missedFloors(const std::vector<Floor>& floors)
{
    std::vector<std::string> missed;
    std::string text = "floor:";
    for (const Floor& floor : floors) {
        const std::string state =
            std::to_string(floor.reached) + " of " + std::to_string(floor.wanted);
        text += " " + floor.what + " " + state + ",";
        if (floor.reached < floor.wanted) {
            missed.push_back("the floor of " + floor.what + ", " + state);
        }
    }
    text.back() = ':';
    std::cout << text << (missed.empty() ? " reached" : " NOT REACHED, the run proves too little")
              << "\n";
    return missed;
}

void Reasons::add(const char* what, std::size_t found)
{
    if (found != 0) {
        reasons_.push_back(what + (" " + std::to_string(found)));
    }
}

void Reasons::addIf(bool is_broken, const char* what)
{
    if (is_broken) {
        reasons_.emplace_back(what);
    }
}

void Reasons::add(const std::vector<std::string>& sentences)
{
    const std::size_t named = std::min(sentences.size(), kNamedMax);
    reasons_.insert(
        reasons_.end(), sentences.begin(), sentences.begin() + static_cast<std::ptrdiff_t>(named));
    add("and others", sentences.size() - named);
}

std::string Reasons::line() const
{
    std::string text = "FAILED:";
    for (const std::string& reason : reasons_) {
        text += " " + reason + ";";
    }
    text.pop_back();
    return text;
}

} // namespace chaos
