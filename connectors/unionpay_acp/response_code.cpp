#include "response_code.hpp"

#include <algorithm>

namespace unionpay {

namespace {

using enum Meaning;

// In the order of the document's list, so that a reader can tick them off.
constexpr CodeRule kRules[] = {
    {"00", Success, "succeeded"},
    {"A6", Success, "succeeded_with_defect"},

    // 01 to 09: the provider's own side.
    {"01", Failed, "failed"},
    {"02", NotAccepted, "system_closed"},
    {"03", Pending, "communication_timeout"},
    {"04", Pending, "status_unclear"},
    {"05", Pending, "accepted"},
    {"06", Pending, "system_busy"},

    // 10 to 29: the message.
    {"10", NotAccepted, "format_error"},
    {"11", Credentials, "invalid_signature"},
    {"12", AlreadyDone, "duplicate_transaction"},
    {"13", NotAccepted, "missing_field"},
    {"14", NotAccepted, "batch_file_error"},

    // 30 to 59: the merchant and the business.
    {"30", Failed, "declined"},
    {"31", Merchant, "merchant_status"},
    {"32", Merchant, "no_permission"},
    {"33", Failed, "amount_over_limit"},
    {"34", NotFound, "not_found"},
    {"35", Failed, "original_state"},
    {"36", Failed, "original_mismatch"},
    {"37", TooOften, "too_many_requests"},
    {"38", Failed, "risk_control"},
    {"39", Failed, "outside_hours"},
    {"40", Failed, "binding_failed"},
    {"41", Failed, "not_activated"},
    {"42", Debited, "debited_after_expiry"},
    {"43", Failed, "business_refused"},
    {"44", Failed, "business_refused"},
    {"45", AlreadyDone, "original_already_reversed"},
    {"46", AlreadyDone, "already_reversed"},

    // 60 to 89: the issuer and the payer.
    {"60", Failed, "declined_by_issuer"},
    {"61", Failed, "invalid_card"},
    {"62", Failed, "issuer_unsupported"},
    {"63", Failed, "card_status"},
    {"64", Failed, "insufficient_balance"},
    {"65", Failed, "wrong_card_data"},
    {"66", Failed, "identity_mismatch"},
    {"67", Failed, "too_many_attempts"},
    {"68", Failed, "card_unsupported"},
    {"69", Failed, "input_timeout"},
    {"70", Pending, "awaiting_payer"},
    {"71", Failed, "wrong_one_time_password"},
    {"72", Failed, "card_expired"},
    {"73", Failed, "card_expired"},
    {"74", Debited, "debited_write_off_unknown"},
    {"75", Debited, "debited_write_off_failed"},
    {"76", Failed, "payment_refused"},
    {"77", Failed, "payment_refused"},
    {"78", Failed, "payment_refused"},
    {"79", Failed, "payment_refused"},
    {"80", Failed, "payment_refused"},
    {"81", Failed, "payment_refused"},
    {"82", Failed, "payment_refused"},
    {"83", Pending, "issuer_processing"},
    {"85", Failed, "promotion_rule"},
    {"86", Failed, "code_state"},
    {"87", Failed, "payment_count_limit"},
    {"88", Failed, "no_such_code"},
    {"89", Failed, "token_state"},
    {"90", Failed, "account_balance"},

    {"98", NoFile, "no_file"},
    // "General error": it does not say that nothing happened.
    {"99", Unknown, "general_error"},
};

constexpr CodeRule kUndocumented{"", Unknown, "undocumented_answer"};

} // namespace

std::span<const CodeRule> codeRules()
{
    return kRules;
}

const CodeRule& findCode(std::string_view code)
{
    const auto* found = std::find_if(std::begin(kRules),
                                     std::end(kRules),
                                     [code](const CodeRule& rule) { return rule.code == code; });
    return found == std::end(kRules) ? kUndocumented : *found;
}

} // namespace unionpay
