#include "domain/routing.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <utility>

namespace payments {

namespace {

/// FNV-1a with a finish that spreads neighbors: the same text gives the same draw everywhere.
double drawOf(std::string_view text)
{
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    hash ^= hash >> 33U;
    hash *= 0xff51afd7ed558ccdULL;
    hash ^= hash >> 33U;
    constexpr double kSteps = 9007199254740992.0; // 2^53
    return (static_cast<double>(hash >> 11U) + 0.5) / kSteps;
}

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

std::string ruleObjection(const RouteRule& rule, const RouteQuery& query)
{
    if (!rule.edition.empty() && rule.edition != query.edition) {
        return "it is for edition " + rule.edition;
    }
    if (query.amount_minor < rule.amount_min_minor || query.amount_minor > rule.amount_max_minor) {
        return "the amount is outside of its rule";
    }
    return "";
}

namespace {

/// Why the account is none for this payment; empty when it is one.
std::string objection(const RouteRule& rule, const AccountFacts* account, const RouteQuery& query)
{
    if (account == nullptr) {
        return "no enabled connector has this account";
    }
    if (!account->opens) {
        return "it is draining or retired";
    }
    if (std::string reason = ruleObjection(rule, query); !reason.empty()) {
        return reason;
    }
    if (!query.wallet.empty() && account->wallet != query.wallet) {
        return "it is of another wallet";
    }
    if (!contains(account->products, query.product)) {
        return "it does not offer " + query.product;
    }
    if (rule.day_limit_minor &&
        account->begun_today_minor + query.amount_minor > *rule.day_limit_minor) {
        return "over its limit of the day";
    }
    return "";
}

/// Ordered by the exponential draw of each weight, the first one is any account with the chance of
/// its share.
double placeOf(const RouteRule& rule, const RouteQuery& query)
{
    return -std::log(drawOf(query.number + "/" + rule.account)) / rule.weight;
}

} // namespace

std::vector<RouteCandidate> route(const std::vector<RouteRule>& rules,
                                  const std::map<std::string, AccountFacts>& accounts,
                                  const RouteQuery& query)
{
    struct Placed {
        RouteCandidate candidate;
        bool is_sick = false;
        double place = 0;
    };
    std::vector<Placed> placed;
    for (const RouteRule& rule : rules) {
        const auto found = accounts.find(rule.account);
        const AccountFacts* account = found == accounts.end() ? nullptr : &found->second;
        Placed entry;
        entry.candidate = {rule, false, objection(rule, account, query)};
        entry.candidate.fits = entry.candidate.reason.empty();
        if (entry.candidate.fits) {
            entry.is_sick = account->is_sick;
            entry.place = placeOf(rule, query);
            entry.candidate.reason = "priority " + std::to_string(rule.priority) + ", weight " +
                                     std::to_string(rule.weight) +
                                     (account->is_sick ? ", sick" : "");
        }
        placed.push_back(std::move(entry));
    }
    std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
        const auto rank = [](const Placed& entry) {
            return std::tuple(!entry.candidate.fits,
                              entry.is_sick,
                              entry.candidate.fits ? entry.candidate.rule.priority : 0,
                              entry.place);
        };
        return rank(a) < rank(b);
    });
    std::vector<RouteCandidate> candidates;
    for (Placed& entry : placed) {
        candidates.push_back(std::move(entry.candidate));
    }
    return candidates;
}

} // namespace payments
