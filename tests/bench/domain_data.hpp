// What the hub of `domain` holds, row by row: the generator's data as applications of the running
// edition. The library that fills the store and the load that works on it both read it here.
#pragma once

#include "sample_data.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace bench {

inline constexpr const char* kEdition = "ciie-7";
/// Of the text on documents and photos that every person of the fair has agreed to.
inline constexpr const char* kSensitiveVersion = "1";

/// A fair with so many persons, its organizations in proportion.
sample::Sizes fairOf(std::uint64_t persons);

/// Ids in the order of the rows, so that nobody has to ask for them.
std::string personId(std::uint64_t n);
std::string organizationId(std::uint64_t n);

/// Every fifth person is a draft, complete but for its submission.
bool isDraft(std::uint64_t n);
/// The n-th draft's row.
std::uint64_t draftRow(std::uint64_t n);
std::uint64_t draftsOf(const sample::Sizes& sizes);

/// In which state the person is, its category and so on: in the shares that a fair has.
struct Standing {
    std::string_view state;
    std::string_view category;
    std::string_view admission_period;
    std::string_view delivery_method;
    bool reuse = false;
    std::int64_t submitted_ms = 0;
};
Standing standingOf(const sample::Sizes& sizes, std::uint64_t n);

/// What its organization typed in.
nlohmann::json formOf(const sample::Sizes& sizes, std::uint64_t n);

} // namespace bench
