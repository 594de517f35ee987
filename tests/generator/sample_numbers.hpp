// Numbers that nobody has, with right check characters: whoever checks them takes them, whoever
// reads them sees what they are (requirements, section 10).
#pragma once

#include <cstdint>
#include <string>

namespace sample {

/// The n-th social credit code: an enterprise's whose organization code begins with HUB.
std::string socialCreditCode(std::uint64_t n);

/// The n-th resident card: of a whole province, born in 1900. Its 17th digit is odd for men.
std::string residentCard(std::uint64_t n);
bool isMale(const std::string& resident_card);

/// "+8619900000017"
std::string phone(std::uint64_t n);

/// 样本 and up to four of the ten stems.
std::string name(std::uint64_t n);

/// The same for the same seed, whatever machine (SplitMix64).
std::uint64_t scattered(std::uint64_t seed, std::uint64_t n);

} // namespace sample
