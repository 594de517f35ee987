// Numbers that belong to nobody: provinces without a town, births of 1900-01-01, HUB in
// organization codes. Ordered by a counter, so a test has as many as it wants.
#pragma once

#include "brute_force.hpp"
#include "identifiers/calendar.hpp"

#include <string>

namespace identifiers::test {

inline constexpr Day kToday{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};
inline constexpr Day kFairLastDay{
    std::chrono::year{2027}, std::chrono::November, std::chrono::day{10}};

inline std::string padded(int number, std::size_t width)
{
    const std::string digits = std::to_string(number);
    return std::string(width - digits.size(), '0') + digits;
}

/// "91310000XHUB0001" and so on: an enterprise, with both check characters.
inline std::string makeSocialCreditCode(int serial, const std::string& begin = "91310000")
{
    std::string organization = "XHUB" + padded(serial, 4);
    organization += organizationCheckByForce(organization);
    const std::string code = begin + organization;
    return code + socialCreditCheckByForce(code);
}

inline std::string makeResidentNumber(int sequence, const std::string& begin = "11000019000101")
{
    const std::string number = begin + padded(sequence, 3);
    return number + residentCheckByForce(number);
}

} // namespace identifiers::test
