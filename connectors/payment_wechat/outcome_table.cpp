#include "outcome_table.hpp"

#include "encoding.hpp"

#include <algorithm>
#include <iterator>

namespace wechat {

namespace {

using enum Method;

constexpr OutcomeRule kRules[] = {
    // Create. Where the number is known at the provider, only the query tells its fate.
    {Create, 403, "OUT_TRADE_NO_USED", HUB_OUTCOME_UNKNOWN, ""},
    {Create, 400, "OUT_TRADE_NO_USED", HUB_OUTCOME_UNKNOWN, "out_trade_no_used"},
    {Create, 400, "ORDER_CLOSED", HUB_OUTCOME_UNKNOWN, "already_closed"},
    {Create, 400, "ORDERPAID", HUB_OUTCOME_UNKNOWN, "already_paid"},
    {Create, 400, "ORDER_PAID", HUB_OUTCOME_UNKNOWN, "already_paid"},
    // Also said of a number that is paid, or known with other content.
    {Create, 400, "INVALID_REQUEST", HUB_OUTCOME_UNKNOWN, ""},
    // Final, but no document says whose rule or account it is: nothing to try elsewhere by itself.
    {Create, 403, "RULE_LIMIT", HUB_REJECTED, ""},
    {Create, 403, "TRADE_ERROR", HUB_REJECTED, ""},
    {Create, 403, "ACCOUNT_ERROR", HUB_REJECTED, ""},
    {Create, 403, "USER_ACCOUNT_ABNORMAL", HUB_REJECTED, ""},
    {Create, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {Create, 429, "FREQUENCY_LIMITED", HUB_THROTTLED, ""},

    // Query. That it is not there is an answer, not an error.
    {Query, 404, "ORDER_NOT_EXIST", HUB_OK, "not_found"},
    {Query, 404, "ORDERNOTEXIST", HUB_OK, "not_found"},
    {Query, 404, "RESOURCE_NOT_EXISTS", HUB_OK, "not_found"},
    {Query, 400, "INVALID_REQUEST", HUB_REJECTED, ""},
    {Query, 403, "RULE_LIMIT", HUB_REJECTED, ""},
    {Query, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {Query, 429, "FREQUENCY_LIMITED", HUB_THROTTLED, ""},

    // Close. It races the payer: what is too frequent or not allowed is for the query to explain.
    {Close, 404, "ORDER_NOT_EXIST", HUB_OK, "not_found"},
    {Close, 404, "ORDERNOTEXIST", HUB_OK, "not_found"},
    {Close, 404, "RESOURCE_NOT_EXISTS", HUB_OK, "not_found"},
    {Close, 400, "ORDER_CLOSED", HUB_OK, "closed"},
    {Close, 400, "ORDERPAID", HUB_REJECTED, "already_paid"},
    {Close, 400, "ORDER_PAID", HUB_REJECTED, "already_paid"},
    {Close, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {Close, 429, "FREQUENCY_LIMITED", HUB_OUTCOME_UNKNOWN, ""},

    // Refund. The provider says of 429 itself that the refund may have been accepted. A
    // repetition with the same content is never an INVALID_REQUEST: it answers the refund's state.
    {Refund, 429, "*", HUB_OUTCOME_UNKNOWN, "acceptance_unknown"},
    {Refund, 400, "INVALID_REQUEST", HUB_REJECTED, ""},
    {Refund, 400, "ORDER_CLOSED", HUB_REJECTED, ""},
    // To be topped up; the same number is used again.
    {Refund, 403, "NOT_ENOUGH", HUB_REJECTED, "seller_balance_not_enough"},
    {Refund, 403, "USER_ACCOUNT_ABNORMAL", HUB_REJECTED, ""},
    {Refund, 403, "ACCOUNT_ERROR", HUB_REJECTED, ""},
    {Refund, 403, "TRADE_ERROR", HUB_REJECTED, ""},
    {Refund, 403, "RULE_LIMIT", HUB_REJECTED, ""},
    {Refund, 404, "RESOURCE_NOT_EXISTS", HUB_REJECTED, "trade_not_exist"},
    {Refund, 404, "ORDER_NOT_EXIST", HUB_REJECTED, "trade_not_exist"},

    // Refund query.
    {RefundQuery, 404, "RESOURCE_NOT_EXISTS", HUB_OK, "not_found"},
    {RefundQuery, 404, "ORDER_NOT_EXIST", HUB_OK, "not_found"},
    {RefundQuery, 400, "INVALID_REQUEST", HUB_REJECTED, ""},
    {RefundQuery, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {RefundQuery, 429, "FREQUENCY_LIMITED", HUB_THROTTLED, ""},

    // Bill.
    {Bill, 400, "NO_STATEMENT_EXIST", HUB_OK, "empty"},
    {Bill, 400, "STATEMENT_CREATING", HUB_OK, "not_yet"},
    {Bill, 400, "INVALID_REQUEST", HUB_REJECTED, ""},
    {Bill, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {Bill, 429, "FREQUENCY_LIMITED", HUB_THROTTLED, ""},

    // Certificates: a merchant of the public-key mode has none, which is no outage.
    {Certificates, 404, "RESOURCE_NOT_EXISTS", HUB_OK, "none"},
    {Certificates, 429, "RATELIMIT_EXCEEDED", HUB_THROTTLED, ""},
    {Certificates, 429, "FREQUENCY_LIMITED", HUB_THROTTLED, ""},

    // The payer's identity; these answers have numbers for codes and HTTP status 200.
    {Identity, 200, "40029", HUB_REJECTED, "code_invalid"},
    {Identity, 200, "40163", HUB_REJECTED, "code_used"},
    {Identity, 200, "42003", HUB_REJECTED, "code_expired"},
    {Identity, 200, "40013", HUB_UNAUTHENTICATED, "appid_invalid"},
    {Identity, 200, "40125", HUB_UNAUTHENTICATED, "app_secret_invalid"},
    {Identity, 200, "45011", HUB_THROTTLED, "frequency_limited"},

    // Every method: refused before any business.
    {Any, 400, "PARAM_ERROR", HUB_REJECTED, ""},
    {Any, 400, "APPID_MCHID_NOT_MATCH", HUB_REJECTED, "", true},
    {Any, 400, "MCH_NOT_EXISTS", HUB_REJECTED, "", true},
    {Any, 401, "SIGN_ERROR", HUB_UNAUTHENTICATED, "", true},
    {Any, 403, "NO_AUTH", HUB_UNAUTHENTICATED, "", true},

    // Every method: the provider does not know either. The same content again, or a query.
    {Any, 202, "*", HUB_OUTCOME_UNKNOWN, "accepted_not_done"},
    {Any, 500, "SYSTEM_ERROR", HUB_OUTCOME_UNKNOWN, ""},
    {Any, 500, "BANK_ERROR", HUB_OUTCOME_UNKNOWN, ""},
    {Any, 502, "*", HUB_OUTCOME_UNKNOWN, "service_unavailable"},
    {Any, 503, "*", HUB_OUTCOME_UNKNOWN, "service_unavailable"},

    {Any, 0, "*", HUB_OUTCOME_UNKNOWN, "undocumented_answer"},
};

} // namespace

std::span<const OutcomeRule> outcomeRules()
{
    return kRules;
}

const OutcomeRule& findOutcome(Method method, std::uint32_t http_status, std::string_view code)
{
    const auto found =
        std::find_if(std::begin(kRules), std::end(kRules), [&](const OutcomeRule& rule) {
            return (rule.method == Any || rule.method == method) &&
                   (rule.http_status == 0 || rule.http_status == http_status) &&
                   (rule.code == "*" || rule.code == code);
        });
    return *found; // the last row matches everything
}

std::string reasonOf(const OutcomeRule& rule, std::string_view code)
{
    return rule.word.empty() ? toLower(code) : std::string{rule.word};
}

} // namespace wechat
