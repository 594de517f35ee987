// Edition: the rules of one edition as data (editions/*.json), read once and asked by every guard.
// Whoever changes a rule for an edition changes its pack, not this code.
#pragma once

#include "domain/transitions.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

using requests::Json;
using requests::Words;

struct Category {
    std::string id;
    Words title;
    std::string color;    // of its chip in lists, "#rrggbb"
    bool limited = false; // given away within quota only
    bool free = false;    // whoever has it pays nothing
    int rank = 0;         // an upgrade goes to a higher one
};

struct AdmissionPeriod {
    std::string id;
    Words title;
    std::string first_day; // "2026-11-05", in Shanghai
    std::string last_day;
    bool reuse_allowed = false;
};

struct Fee {
    std::string category;
    std::string admission_period;
    std::int64_t amount_minor = 0;
};

/// Who passes without a person's review (C-04).
struct AutomaticReview {
    std::string organization_class;
    bool past = false;   // only who took part in a past edition
    std::string licence; // what its check must have said
};

struct Edition {
    std::string id;
    Words title;
    std::int64_t revision = 0;
    std::string fair_first_day;
    std::string fair_last_day;
    std::optional<std::int64_t> registration_deadline_ms;
    std::optional<std::int64_t> payment_deadline_ms;
    std::string hotline;
    std::map<std::string, std::vector<std::string>> classes; // by region
    std::vector<AutomaticReview> automatic;
    std::vector<std::string> purposes;
    std::vector<Category> categories;
    Mode mode = Mode::ByDelegation;
    std::vector<AdmissionPeriod> admission_periods;
    std::vector<Fee> fees;
    std::vector<std::string> reuse_from;
    int reuse_fee_percent = 0;
    bool reuse_upgrade = false;
    std::vector<std::string> delivery_methods;
    int addresses_max = 0;
    int draft_save_s = 0;
    int minimum_age = 0;
    std::set<std::string> rules_off;

    /// Whether a rule of the requirements ("R-112") is in force.
    bool holds(std::string_view rule) const { return rules_off.count(std::string{rule}) == 0; }

    const Category* findCategory(std::string_view id) const noexcept;
    const AdmissionPeriod* findPeriod(std::string_view id) const noexcept;
    /// Nothing when the pack has no fee for the pair.
    std::optional<std::int64_t> feeOf(std::string_view category, std::string_view period) const;
    /// What a person pays; nothing where the pack says nothing. Half a fen is rounded up.
    std::optional<std::int64_t>
    amountOf(std::string_view category, std::string_view period, bool reuses_badge) const;
};

/// Of a pack that has the form of routes.json. Empty when it has problems; then `problems` names
/// each.
std::optional<Edition> parsePack(const Json& pack, std::vector<requests::Violation>& problems);

} // namespace registration
