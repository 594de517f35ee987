#include "domain_data.hpp"

#include "sample_numbers.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace bench {

namespace {

constexpr std::uint64_t kOneDraftOf = 5;
constexpr std::uint64_t kHundred = 100;
constexpr std::int64_t kFirstSubmittedMs = 1'777'593'600'000; // 2026-05-01T00:00:00Z
constexpr std::int64_t kBetweenMs = 30'000;

/// Of a hundred, so many as `upto` says less those before.
struct Share {
    std::uint64_t upto;
    std::string_view value;
};

constexpr std::array kStates = {Share{8, "submitted"},
                                Share{42, "to_be_paid"},
                                Share{56, "to_be_reviewed"},
                                Share{96, "passed"},
                                Share{98, "failed"},
                                Share{100, "canceled"}};
constexpr std::array kCategories = {Share{92, "visitor"}, Share{98, "staff"}, Share{100, "vip"}};
constexpr std::array kPeriods = {Share{80, "all_days"}, Share{100, "last_days"}};
constexpr std::array kDeliveries = {Share{70, "delegation_pickup"}, Share{100, "onsite_pickup"}};
constexpr std::uint64_t kReuseUpto = 3;

/// Another number for each kind of share, so that they don't go together.
std::uint64_t percentOf(const sample::Sizes& sizes, std::uint64_t kind, std::uint64_t n)
{
    return sample::scattered(sizes.seed + kHundred + kind, n) % kHundred;
}

template <std::size_t Size>
std::string_view shareOf(const std::array<Share, Size>& shares, std::uint64_t percent)
{
    return std::find_if(shares.begin(),
                        shares.end(),
                        [percent](const Share& one) { return percent < one.upto; })
        ->value;
}

/// A UUIDv7 of the year 2024 with the number as its end.
std::string idOf(const char* beginning, std::uint64_t n)
{
    std::array<char, 13> end{};
    std::snprintf(end.data(), end.size(), "%012llx", static_cast<unsigned long long>(n));
    return std::string(beginning) + "-7000-8000-" + end.data();
}

} // namespace

sample::Sizes fairOf(std::uint64_t persons)
{
    sample::Sizes sizes;
    sizes.organizations = std::max<std::uint64_t>(1, sizes.organizations * persons / sizes.persons);
    sizes.persons = persons;
    sizes.photos = 0;
    return sizes;
}

std::string personId(std::uint64_t n)
{
    return idOf("01900000-0001", n);
}

std::string organizationId(std::uint64_t n)
{
    return idOf("01900000-0000", n);
}

bool isDraft(std::uint64_t n)
{
    return n % kOneDraftOf == kOneDraftOf - 1;
}

std::uint64_t draftRow(std::uint64_t n)
{
    return n * kOneDraftOf + kOneDraftOf - 1;
}

std::uint64_t draftsOf(const sample::Sizes& sizes)
{
    return sizes.persons / kOneDraftOf;
}

Standing standingOf(const sample::Sizes& sizes, std::uint64_t n)
{
    Standing standing;
    standing.category = shareOf(kCategories, percentOf(sizes, 1, n));
    standing.admission_period = shareOf(kPeriods, percentOf(sizes, 2, n));
    standing.delivery_method = shareOf(kDeliveries, percentOf(sizes, 3, n));
    if (isDraft(n)) {
        standing.state = "saved";
        return standing;
    }
    standing.state = shareOf(kStates, percentOf(sizes, 0, n));
    standing.reuse = percentOf(sizes, 4, n) < kReuseUpto;
    standing.submitted_ms = kFirstSubmittedMs + kBetweenMs * static_cast<std::int64_t>(n);
    return standing;
}

nlohmann::json formOf(const sample::Sizes& sizes, std::uint64_t n)
{
    const sample::Person person = sample::person(sizes, n);
    const Standing standing = standingOf(sizes, n);
    return {{"name", person.name},
            {"sex", sample::isMale(person.card) ? "male" : "female"},
            {"document_kind", "resident_card"},
            {"document_number", person.card},
            {"position", person.position},
            {"phone", person.phone},
            {"admission_period", standing.admission_period},
            {"delivery_method", standing.delivery_method},
            {"category", standing.category}};
}

} // namespace bench
