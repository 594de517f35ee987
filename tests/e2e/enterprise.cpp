#include "enterprise.hpp"

#include <fmt/format.h>

#include <chrono>
#include <string_view>

#include <identifiers/arithmetic.hpp>

namespace demo {

namespace {

/// 91: an enterprise; 310000: Shanghai; then an organization code that begins with HUB.
std::string codeOf(std::uint64_t run)
{
    constexpr std::size_t kFreeCharacters = 5;
    const std::string_view alphabet = identifiers::kSocialCreditAlphabet;
    std::string organization = "HUB";
    for (std::size_t i = 0; i < kFreeCharacters; ++i) {
        organization += alphabet[run % alphabet.size()];
        run /= alphabet.size();
    }
    organization += identifiers::organizationCheck(organization);
    const std::string first = "91310000" + organization;
    return first + identifiers::socialCreditCheck(first);
}

} // namespace

Enterprise::Enterprise(std::uint64_t run)
    : run_(run)
    , name_(fmt::format("上海样本{:06}贸易有限公司", run % 1'000'000U))
    , code_(codeOf(run))
{}

std::string Enterprise::phone(unsigned n) const
{
    constexpr std::uint64_t kPhones = 1'000'000;
    return fmt::format("+86199{:06}{:02}", run_ % kPhones, n);
}

std::string Enterprise::residentCard(unsigned n, Sex sex) const
{
    // Sequences 1 to 998 of ten years' days; men have odd ones.
    constexpr std::uint64_t kDays = 3650;
    constexpr std::uint64_t kPairs = 499;
    const std::uint64_t drawn = run_ * 10 + n;
    const std::chrono::year_month_day birth{
        std::chrono::sys_days{std::chrono::year{1900} / 1 / 1} +
        std::chrono::days{static_cast<int>(drawn / kPairs % kDays)}};
    const std::string first = fmt::format("110000{:04}{:02}{:02}{:03}",
                                          static_cast<int>(birth.year()),
                                          static_cast<unsigned>(birth.month()),
                                          static_cast<unsigned>(birth.day()),
                                          drawn % kPairs * 2 + (sex == Sex::Male ? 1 : 2));
    return first + identifiers::residentCheck(first);
}

} // namespace demo
