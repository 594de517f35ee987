// Routing: which provider account a payment goes to. Pure: the method's rules, what is known of the
// accounts and the payment come in; the accounts in the order in which they are tried come out,
// each with the reason for its place.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace payments {

/// One line of a method's table.
struct RouteRule {
    std::string account;
    int priority = 1;    // lower ones first
    int weight = 1;      // the share among equals
    std::string edition; // empty: every one
    std::int64_t amount_min_minor = 0;
    std::int64_t amount_max_minor = std::numeric_limits<std::int64_t>::max();
    std::optional<std::int64_t> day_limit_minor; // of what was begun there on this day
};

struct AccountFacts {
    bool opens = false;   // new attempts may begin there
    bool is_sick = false; // its breaker is open: nothing would leave now
    std::string wallet;   // whose app pays there; empty: not a wallet
    std::vector<std::string> products;
    std::int64_t begun_today_minor = 0;
};

struct RouteQuery {
    std::string edition;
    std::int64_t amount_minor = 0;
    std::string wallet; // empty: any
    std::string product;
    std::string number; // the attempt's: decides among equals, the same way each time
};

struct RouteCandidate {
    RouteRule rule;
    bool fits = false;
    std::string
        reason; // "priority 1, weight 70 of 100", "draining", "over its limit of the day", …
};

/// Why the rule does not let the payment go to its account, however that is now; empty when it
/// does.
std::string ruleObjection(const RouteRule& rule, const RouteQuery& query);

/// Those that fit first, in the order of trying; then the others.
std::vector<RouteCandidate> route(const std::vector<RouteRule>& rules,
                                  const std::map<std::string, AccountFacts>& accounts,
                                  const RouteQuery& query);

} // namespace payments
