#include "outcome_table.hpp"

#include <algorithm>
#include <iterator>

namespace aliyun {

namespace {

constexpr std::uint32_t kSecondMs = 1000;
constexpr std::uint32_t kMinuteMs = 60 * kSecondMs;
constexpr std::uint32_t kDayMs = 24 * 60 * kMinuteMs;

constexpr OutcomeRule kRules[] = {
    // The number.
    {"isv.MOBILE_NUMBER_ILLEGAL", HUB_REJECTED, "phone_invalid"},
    {"isv.MOBILE_COUNT_OVER_LIMIT", HUB_REJECTED, "phone_invalid"},
    {"isv.DOMESTIC_NUMBER_NOT_SUPPORTED", HUB_REJECTED, "phone_invalid"},
    {"isv.BLACK_KEY_CONTROL_LIMIT", HUB_REJECTED, "phone_blocked"},

    // How often. The code does not say which of a number's windows is full, so the smallest one is
    // named; the account's own limits last to the end of their day at least.
    {"isv.BUSINESS_LIMIT_CONTROL", HUB_REJECTED, "limited", false, kMinuteMs},
    {"isv.DAY_LIMIT_CONTROL", HUB_REJECTED, "limited", false, kDayMs},
    {"isv.MONTH_LIMIT_CONTROL", HUB_REJECTED, "limited", false, kDayMs},

    // Text, template and signature. The latter two are the account's.
    {"isv.PARAM_NOT_SUPPORT_URL", HUB_REJECTED, "content"},
    {"isv.PARAM_LENGTH_LIMIT", HUB_REJECTED, "content"},
    {"isv.SMS_CONTENT_ILLEGAL", HUB_REJECTED, "content"},
    {"isv.INVALID_JSON_PARAM", HUB_REJECTED, "template", true},
    {"isv.SMS_TEMPLATE_ILLEGAL", HUB_REJECTED, "template", true},
    {"isv.TEMPLATE_MISSING_PARAMETERS", HUB_REJECTED, "template", true},
    {"isv.SMS_SIGNATURE_ILLEGAL", HUB_REJECTED, "signature", true},
    {"isv.SMS_SIGNATURE_SCENE_ILLEGAL", HUB_REJECTED, "signature", true},
    {"isv.SMS_SIGN_ILLEGAL", HUB_REJECTED, "signature", true},
    {"isv.SIGN_STATE_ILLEGAL", HUB_REJECTED, "signature", true},

    // The account.
    {"isv.AMOUNT_NOT_ENOUGH", HUB_REJECTED, "balance", true},
    {"isv.OUT_OF_SERVICE", HUB_REJECTED, "balance", true},
    {"isv.ACCOUNT_NOT_EXISTS", HUB_REJECTED, "permission", true},
    {"isv.ACCOUNT_ABNORMAL", HUB_REJECTED, "permission", true},
    {"isv.PRODUCT_UN_SUBSCRIPT", HUB_REJECTED, "permission", true},
    {"isv.DENY_IP_RANGE", HUB_REJECTED, "permission", true},
    {"isp.RAM_PERMISSION_DENY", HUB_REJECTED, "permission", true},
    {"isv.EXTEND_CODE_ERROR", HUB_REJECTED, "configuration", true},
    {"InvalidAccessKeyId.NotFound", HUB_UNAUTHENTICATED, "configuration", true},
    {"SignatureDoesNotMatch", HUB_UNAUTHENTICATED, "configuration", true},
    // The hub's clock is wrong, for every account.
    {"InvalidTimeStamp.Expired", HUB_REJECTED, "configuration"},
    {"isv.INVALID_PARAMETERS", HUB_REJECTED, "other"},

    // The gate turns the request away before the service sees it.
    {"Throttling*", HUB_THROTTLED, "limited", false, kSecondMs},

    // An earlier request has used the nonce: that one may have been carried out.
    {"SignatureNonceUsed", HUB_OUTCOME_UNKNOWN, "other"},
    {"isp.SYSTEM_ERROR", HUB_OUTCOME_UNKNOWN, "other"},
    {"ServiceUnavailable", HUB_OUTCOME_UNKNOWN, "other"},

    // The provider recognizes no repetition: a code that is taken for a refusal and is none sends
    // the message twice, one that is taken for unknown costs a query. So a code that no document
    // calls final is no refusal, even with HTTP status 200.
    {"*", HUB_OUTCOME_UNKNOWN, "other"},
};

bool matches(std::string_view pattern, std::string_view code)
{
    return pattern.ends_with('*') ? code.starts_with(pattern.substr(0, pattern.size() - 1))
                                  : code == pattern;
}

} // namespace

std::span<const OutcomeRule> outcomeRules()
{
    return kRules;
}

const OutcomeRule& findOutcome(std::string_view code)
{
    // The last row matches everything.
    return *std::find_if(std::begin(kRules), std::end(kRules), [code](const OutcomeRule& rule) {
        return matches(rule.code, code);
    });
}

} // namespace aliyun
