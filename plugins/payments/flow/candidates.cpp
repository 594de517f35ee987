#include "flow/candidates.hpp"

#include "flow/go_live.hpp"
#include "store/operation_rows.hpp"
#include "store/rows.hpp"

#include <algorithm>
#include <utility>

namespace payments {

namespace {

constexpr std::int64_t kDayMs = std::int64_t{24} * 3600 * 1000;
constexpr std::int64_t kShanghaiMs = std::int64_t{8} * 3600 * 1000;

/// China knows no summer time.
std::int64_t dayBeginMs(std::int64_t now_ms)
{
    return (now_ms + kShanghaiMs) / kDayMs * kDayMs - kShanghaiMs;
}

AccountFacts factsOf(const Json& account)
{
    AccountFacts facts;
    facts.opens = textOf(account, "state") == "enabled";
    facts.is_sick = textOf(account, "breaker") == "open";
    facts.wallet = textOf(account.value("traits", Json::object()), "wallet");
    facts.products = account.value("products", facts.products);
    return facts;
}

/// None when nothing new may begin.
std::vector<RouteRule> rulesFor(const Work& work, const Payment& payment, const Wanted& wanted)
{
    if (payment.method == kGoLiveMethod) {
        RouteRule rule; // no visitor reaches the account before it stands in a table
        rule.account = wanted.account;
        return {rule};
    }
    const Method* method = work.settings().findMethod(payment.method);
    const bool opens =
        method != nullptr && !OperationRows{work.unit()}.stopOf(method->name).has_value();
    return opens ? method->rules : std::vector<RouteRule>{};
}

} // namespace

std::map<std::string, AccountFacts> readAccounts(const hub::Snapshot& snapshot,
                                                 const std::vector<RouteRule>& rules,
                                                 std::int64_t now_ms)
{
    std::map<std::string, AccountFacts> accounts;
    for (const Json& account : Json::parse(snapshot.accounts("payment"))) {
        accounts.emplace(textOf(account, "account"), factsOf(account));
    }
    const Rows rows{snapshot};
    for (const RouteRule& rule : rules) {
        const auto found = accounts.find(rule.account);
        if (rule.day_limit_minor && found != accounts.end()) {
            found->second.begun_today_minor = rows.begunSince(rule.account, dayBeginMs(now_ms));
        }
    }
    return accounts;
}

bool isRouted(const Work& work, const Payment& payment, const std::string& account)
{
    Wanted wanted;
    wanted.account = account;
    RouteQuery query;
    query.edition = payment.edition;
    query.amount_minor = payment.amount_minor;
    const std::vector<RouteRule> rules = rulesFor(work, payment, wanted);
    return std::any_of(rules.begin(), rules.end(), [&](const RouteRule& rule) {
        return rule.account == account && ruleObjection(rule, query).empty();
    });
}

std::vector<RouteRule> candidatesFor(const Work& work,
                                     const Payment& payment,
                                     const Wanted& wanted,
                                     const std::string& number)
{
    std::vector<RouteRule> fitting;
    const std::vector<RouteRule> rules = rulesFor(work, payment, wanted);
    const Method* method = work.settings().findMethod(payment.method);
    const bool asks_method = wanted.product.empty() && method != nullptr;
    const RouteQuery query = {payment.edition,
                              payment.amount_minor,
                              wanted.wallet,
                              asks_method ? method->product : wanted.product,
                              number};
    const auto accounts = readAccounts(work.unit(), rules, work.nowMs());
    for (RouteCandidate& candidate : route(rules, accounts, query)) {
        const bool is_wanted = wanted.account.empty() || candidate.rule.account == wanted.account;
        if (candidate.fits && is_wanted) {
            fitting.push_back(std::move(candidate.rule));
        }
    }
    return fitting;
}

} // namespace payments
