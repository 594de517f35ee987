#include "outcome_table.hpp"

#include <algorithm>
#include <iterator>

namespace licence_reader {

namespace {

constexpr std::uint32_t kSecondMs = 1000;

constexpr OutcomeRule kRules[] = {
    // Who asks. The provider signs nothing for somebody whom it does not know.
    {"KEY_UNKNOWN", HUB_UNAUTHENTICATED, "the provider does not know \"key_id\"", true},
    {"SIGNATURE_WRONG",
     HUB_UNAUTHENTICATED,
     "the provider has another secret for \"key_id\" than licence_secret",
     true},
    {"KEY_SUSPENDED", HUB_UNAUTHENTICATED, "the provider has suspended the account"},
    {"BALANCE_EMPTY", HUB_REJECTED, "the account has no readings left"},
    {"TIMESTAMP_OUT_OF_WINDOW", HUB_REJECTED, "the clocks of hub and provider differ"},

    // The picture.
    {"PICTURE_TOO_LARGE", HUB_REJECTED, "the picture has more bytes than the provider takes"},
    {"PICTURE_TOO_MANY_PIXELS",
     HUB_REJECTED,
     "the picture has more pixels than the provider reads"},
    {"MEDIA_TYPE_UNSUPPORTED", HUB_REJECTED, "the provider reads JPEG and PNG only"},
    {"MEDIA_TYPE_MISMATCH", HUB_REJECTED, "the picture is not of the format that was stated"},
    {"KIND_UNKNOWN", HUB_REJECTED, "the provider does not read this kind of licence"},
    {"QUERY_MALFORMED", HUB_REJECTED, "the provider does not take this query"},

    // The gate turns the request away before anything is read.
    {"RATE_LIMITED", HUB_THROTTLED, "the account asks too often", false, kSecondMs},

    // Nothing was read, but a later attempt may well be: the hub asks again, with a nonce of its
    // own.
    {"NONCE_USED", HUB_OUTCOME_UNKNOWN, "the nonce was used"},
    {"BUSY", HUB_OUTCOME_UNKNOWN, "the provider is busy"},
    {"INTERNAL", HUB_OUTCOME_UNKNOWN, "the provider failed"},

    {"*", HUB_OUTCOME_UNKNOWN, "the provider answered with a code that is not known"},
};

} // namespace

std::span<const OutcomeRule> outcomeRules()
{
    return kRules;
}

const OutcomeRule& findOutcome(std::string_view code)
{
    // The last row matches everything.
    return *std::find_if(std::begin(kRules), std::end(kRules), [code](const OutcomeRule& rule) {
        return rule.code == "*" || rule.code == code;
    });
}

} // namespace licence_reader
