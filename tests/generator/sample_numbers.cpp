#include "sample_numbers.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string_view>

namespace sample {

namespace {

constexpr std::array<std::string_view, 10> kStems = {
    "甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"};
// Provinces whose area ends with 0000 is no town's.
constexpr std::array<std::string_view, 6> kAreas = {
    "110000", "120000", "310000", "320000", "330000", "440000"};
constexpr std::array<int, 12> kDaysOf1900 = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
constexpr std::uint64_t kDays = 365;
constexpr std::uint64_t kOfOneDay = 999;
constexpr std::uint64_t kCodesOfOneArea = 100'000;

std::string digits(std::uint64_t number, int width)
{
    std::string text = std::to_string(number);
    text.insert(0, static_cast<std::size_t>(width) - text.size(), '0');
    return text;
}

std::string_view areaOf(std::uint64_t i)
{
    if (i >= kAreas.size()) {
        throw std::invalid_argument("there are no more sample numbers; make fewer rows");
    }
    return kAreas.at(i);
}

/// The ninth character of an organization code (GB 11714).
char organizationCheck(std::string_view eight)
{
    constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        const char c = eight[i];
        sum += kWeights.at(i) * (c >= 'A' ? c - 'A' + 10 : c - '0');
    }
    const int check = 11 - sum % 11;
    if (check == 10) {
        return 'X';
    }
    return check == 11 ? '0' : static_cast<char>('0' + check);
}

/// The 18th character of a social credit code (GB 32100-2015).
char codeCheck(std::string_view seventeen)
{
    constexpr std::string_view kCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    constexpr std::array<int, 17> kWeights = {
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += kWeights.at(i) * static_cast<int>(kCharacters.find(seventeen[i]));
    }
    return kCharacters[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

/// The 18th character of a resident card (GB 11643).
char cardCheck(std::string_view seventeen)
{
    constexpr std::string_view kCheck = "10X98765432";
    constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += kWeights.at(i) * (seventeen[i] - '0');
    }
    return kCheck[static_cast<std::size_t>(sum % 11)];
}

/// "0101" for 0.
std::string dayOf1900(std::uint64_t day)
{
    std::uint64_t month = 0;
    while (day >= static_cast<std::uint64_t>(kDaysOf1900.at(month))) {
        day -= static_cast<std::uint64_t>(kDaysOf1900.at(month));
        ++month;
    }
    return digits(month + 1, 2) + digits(day + 1, 2);
}

} // namespace

std::string socialCreditCode(std::uint64_t n)
{
    std::string organization = "HUB" + digits(n % kCodesOfOneArea, 5);
    organization += organizationCheck(organization);
    std::string code = "91" + std::string(areaOf(n / kCodesOfOneArea)) + organization;
    code += codeCheck(code);
    return code;
}

std::string residentCard(std::uint64_t n)
{
    const std::uint64_t day = n / kOfOneDay;
    std::string card = std::string(areaOf(day / kDays)) + "1900" + dayOf1900(day % kDays) +
                       digits(n % kOfOneDay + 1, 3);
    card += cardCheck(card);
    return card;
}

bool isMale(const std::string& resident_card)
{
    return (resident_card.at(16) - '0') % 2 == 1;
}

std::string phone(std::uint64_t n)
{
    return "+86199" + digits(n, 8);
}

std::string name(std::uint64_t n)
{
    std::string text = "样本";
    for (const std::uint64_t place : {1000U, 100U, 10U, 1U}) {
        if (place == 1 || n % 10'000 >= place) {
            text += kStems.at(n / place % 10);
        }
    }
    return text;
}

std::uint64_t scattered(std::uint64_t seed, std::uint64_t n)
{
    std::uint64_t z = seed + (n + 1) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

} // namespace sample
