// A fair's worth of sample data as files that `expohub import` takes: delegations, organizations
// and persons of a past edition, and a few photos. The same sizes and seed give the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace sample {

struct Sizes {
    std::uint64_t organizations = 60'000;
    std::uint64_t persons = 460'000;
    std::uint64_t delegations = 43;
    std::uint64_t sub_delegations = 700;
    std::uint64_t photos = 3;
    std::uint64_t seed = 1;
};

struct Organization {
    std::string name;
    std::string social_credit_code;
    std::string delegation_id;
    std::string sub_delegation_id; // '' when there are none
    std::string contact;
    std::string phone;
    std::string mail;
};

struct Person {
    std::uint64_t organization = 0; // which one
    std::string name;
    std::string card; // resident card
    std::string position;
    std::string phone;
};

/// The n-th of each, as the files have it. Sub-delegations go round the delegations.
std::string delegationId(std::uint64_t n);
std::string subDelegationId(const Sizes& sizes, std::uint64_t n);
Organization organization(const Sizes& sizes, std::uint64_t n);
Person person(const Sizes& sizes, std::uint64_t n);

/// Rows of one file: as many as an import takes.
inline constexpr std::uint64_t kRowsOfAFile = 5000;

/// Writes delegations.csv, organizations-001.csv …, persons-001.csv … and photos/<number>.png, row
/// by row. Throws std::runtime_error when a file can't be written.
void write(const std::filesystem::path& folder, const Sizes& sizes);

} // namespace sample
