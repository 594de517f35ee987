#include "outcome_table.hpp"

#include <algorithm>
#include <array>

namespace alipay {

namespace {

using enum Method;

// The order of the documents' error lists is kept within a method, so that a reader can tick
// them off. `unknown` beside a listed code means: the provider itself may have acted.
constexpr OutcomeRule kRules[] = {
    // Every method: the provider does not know either. Repeat with the same content, or query.
    {Any, "", "ACQ.SYSTEM_ERROR", HUB_OUTCOME_UNKNOWN, ""},
    {Any, "", "AQC.SYSTEM_ERROR", HUB_OUTCOME_UNKNOWN, "system_error"},
    {Any, "20000", "isp.unknow-error", HUB_OUTCOME_UNKNOWN, "service_unavailable"},
    {Any, "20000", "aop.unknow-error", HUB_OUTCOME_UNKNOWN, "service_unavailable"},
    {Any, "20000", "*", HUB_OUTCOME_UNKNOWN, "service_unavailable"},

    // Too many requests; nothing was executed (general knowledge, not in the fact sheet).
    {Any, "40005", "*", HUB_THROTTLED, "call_limited"},

    // The gateway refused the request before any business: credentials and permissions.
    {Any, "20001", "*", HUB_UNAUTHENTICATED, "authorization_token", true},
    {Any, "40002", "isv.invalid-signature", HUB_UNAUTHENTICATED, "", true},
    {Any, "40002", "isv.invalid-app-id", HUB_UNAUTHENTICATED, "", true},
    {Any, "40002", "isv.missing-app-cert-sn", HUB_UNAUTHENTICATED, "", true},
    {Any, "40002", "isv.app-cert-*", HUB_UNAUTHENTICATED, "", true},
    {Any, "40002", "isv.missing-alipay-root-cert-sn", HUB_UNAUTHENTICATED, "", true},
    {Any, "40002", "isv.invalid-alipay-root-cert-sn", HUB_UNAUTHENTICATED, "", true},
    {Any, "40006", "isv.insufficient-isv-permissions", HUB_UNAUTHENTICATED, "", true},
    // The gateway refused the request before any business: its form.
    {Any, "40001", "isv.missing-signature", HUB_REJECTED, ""},
    {Any, "40001", "isv.missing-app-id", HUB_REJECTED, ""},
    {Any, "40001", "isv.missing-method", HUB_REJECTED, ""},
    {Any, "40001", "isv.missing-timestamp", HUB_REJECTED, ""},
    {Any, "40001", "isv.missing-version", HUB_REJECTED, ""},
    {Any, "40001", "isv.missing-signature-type", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-signature-type", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-method", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-format", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-charset", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-timestamp", HUB_REJECTED, ""},
    {Any, "40002", "isv.invalid-parameter", HUB_REJECTED, ""},
    {Any, "40001", "*", HUB_REJECTED, "missing_argument"},
    {Any, "40002", "*", HUB_REJECTED, "invalid_argument"},
    {Any, "40003", "*", HUB_REJECTED, "conditions_not_met"},
    {Any, "40006", "*", HUB_REJECTED, "insufficient_permissions", true},

    // Precreate. The number is known there already: what became of it is for the query to say.
    {Precreate, "40004", "ACQ.TRADE_HAS_SUCCESS", HUB_OUTCOME_UNKNOWN, "already_paid"},
    {Precreate, "40004", "ACQ.TRADE_HAS_CLOSE", HUB_OUTCOME_UNKNOWN, "already_closed"},
    {Precreate, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.ACCESS_FORBIDDEN", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.EXIST_FORBIDDEN_WORD", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.PARTNER_ERROR", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.TOTAL_FEE_EXCEED", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.CONTEXT_INCONSISTENT", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BUYER_SELLER_EQUAL", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.TRADE_BUYER_NOT_MATCH", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BUYER_ENABLE_STATUS_FORBID", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BEYOND_PAY_RESTRICTION", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.BEYOND_PER_RECEIPT_RESTRICTION", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.BEYOND_PER_RECEIPT_DAY_RESTRICTION", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.BEYOND_PER_RECEIPT_SINGLE_RESTRICTION", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.SELLER_BEEN_BLOCKED", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.SELLER_NOT_EXIST", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.INVALID_STORE_ID", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.INVALID_RECEIVE_ACCOUNT", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", HUB_REJECTED, "expired"},
    {Precreate, "40004", "ACQ.BUYER_NOT_EXIST", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.SUB_GOODS_SIZE_MAX_COUNT", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.MERCHANT_PERM_RECEIPT_SUSPEND_LIMIT", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.MERCHANT_PERM_RECEIPT_SINGLE_LIMIT", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.MERCHANT_PERM_RECEIPT_DAY_LIMIT", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.MERCHANT_STATUS_NOT_NORMAL", HUB_REJECTED, "", true},
    {Precreate, "40004", "ACQ.RISK_MERCHANT_IP_NOT_EXIST", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.TRADE_SETTLE_ERROR", HUB_REJECTED, ""},
    {Precreate, "40004", "ACQ.SECONDARY_MERCHANT_*", HUB_REJECTED, ""},

    // Query. The trade exists from the first scan on, so "not there" is an answer, not an error.
    {Query, "40004", "ACQ.TRADE_NOT_EXIST", HUB_OK, "not_found"},
    {Query, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},
    {Query, "40004", "ACQ.ENTERPRISE_PAY_BIZ_ERROR", HUB_REJECTED, ""},

    // Close. It never moves money; the code of a trade that is not there may still be scanned.
    {Close, "40004", "ACQ.TRADE_NOT_EXIST", HUB_OK, "not_found"},
    {Close, "40004", "ACQ.TRADE_HAS_CLOSE", HUB_OK, "closed"},
    // Paid, or closed before: the provider does not say which, the caller queries.
    {Close, "40004", "ACQ.TRADE_STATUS_ERROR", HUB_REJECTED, "already_paid"},
    {Close, "40004", "ACQ.REASON_TRADE_STATUS_INVALID", HUB_REJECTED, "already_paid"},
    {Close, "40004", "ACQ.REASON_ILLEGAL_STATUS", HUB_REJECTED, "already_paid"},
    {Close, "40004", "ACQ.TRADE_HAS_SUCCESS", HUB_REJECTED, "already_paid"},
    {Close, "40004", "ACQ.TRADE_HAS_FINISHED", HUB_REJECTED, "already_paid"},
    {Close, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},

    // Cancel.
    {Cancel, "40004", "ACQ.TRADE_NOT_EXIST", HUB_OK, "not_found"},
    {Cancel, "40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.REASON_TRADE_BEEN_FREEZEN", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.TRADE_HAS_FINISHED", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.TRADE_CANCEL_TIME_OUT", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.CANCEL_NOT_ALLOWED", HUB_REJECTED, ""},
    {Cancel, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},

    // Refund. Where topping up helps (seller_balance_not_enough), the same number is used again.
    {Refund, "40004", "ACQ.SELLER_BALANCE_NOT_ENOUGH", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REASON_TRADE_BEEN_FREEZEN", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.TRADE_NOT_EXIST", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.TRADE_HAS_FINISHED", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.TRADE_STATUS_ERROR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.TRADE_HAS_CLOSE", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REASON_TRADE_REFUND_FEE_ERR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REFUND_FEE_ERROR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.TRADE_NOT_ALLOW_REFUND", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.NOT_ALLOW_PARTIAL_REFUND", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.BUYER_NOT_EXIST", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.BUYER_ERROR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.BUYER_ENABLE_STATUS_FORBID", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REASON_TRADE_STATUS_INVALID", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.CURRENCY_NOT_SUPPORT", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REFUND_CHARGE_ERROR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.REFUND_ACCOUNT_NOT_EXIST", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.CUSTOMER_VALIDATE_ERROR", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.DISCORDANT_REPEAT_REQUEST", HUB_REJECTED, ""},
    {Refund, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},

    // Refund query.
    {RefundQuery, "40004", "ACQ.TRADE_NOT_EXIST", HUB_OK, "not_found"},
    {RefundQuery, "40004", "ACQ.INVALID_PARAMETER", HUB_REJECTED, ""},

    // Bill. Some documents write the codes with isp. in front (general knowledge).
    {Bill, "40004", "NO_BILL_DATA", HUB_OK, "empty"},
    {Bill, "40004", "BILL_NOT_EXIST", HUB_OK, "empty"},
    {Bill, "40004", "isp.bill_not_exist", HUB_OK, "empty"},
    {Bill, "40004", "INVAILID_ARGUMENTS", HUB_REJECTED, "invalid_arguments"},
    {Bill, "40004", "TYPE_NOT_SUPPORTED", HUB_REJECTED, ""},
    {Bill, "40004", "BILL_DATE_BEFORE_REGISTRATION", HUB_REJECTED, ""},
    {Bill, "40004", "UNKNOWN_ERROR", HUB_OUTCOME_UNKNOWN, ""},

    {Any, "", "*", HUB_OUTCOME_UNKNOWN, "undocumented_answer"},
};

bool matches(std::string_view pattern, std::string_view text)
{
    return pattern.ends_with('*') ? text.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : text == pattern;
}

} // namespace

std::span<const OutcomeRule> outcomeRules()
{
    return kRules;
}

const OutcomeRule& findOutcome(Method method, std::string_view code, std::string_view sub_code)
{
    const auto found =
        std::find_if(std::begin(kRules), std::end(kRules), [&](const OutcomeRule& rule) {
            return (rule.method == Any || rule.method == method) &&
                   (rule.code.empty() || rule.code == code) && matches(rule.sub_code, sub_code);
        });
    return *found; // the last row matches everything
}

std::string reasonOf(const OutcomeRule& rule, std::string_view sub_code)
{
    if (!rule.word.empty()) {
        return std::string{rule.word};
    }
    std::string reason{sub_code.substr(sub_code.find('.') + 1)};
    std::transform(reason.begin(), reason.end(), reason.begin(), [](char c) {
        return c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return reason;
}

} // namespace alipay
