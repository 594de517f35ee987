// respCode and origRespCode of ACP 5.1.0: what each of them says, whatever was asked.
#pragma once

#include <span>
#include <string_view>

namespace unionpay {

enum class Meaning {
    Success,     // 00, and A6 "defective success"
    Pending,     // taken, or the provider does not know yet: ask again
    Debited,     // the payer's money moved, the provider could not finish: for people
    AlreadyDone, // known there under these keys: the query tells what became of it
    NotFound,
    NoFile,
    TooOften,
    Credentials, // signature or certificate
    Merchant,    // refused for good before any business: the merchant may not do this
    NotAccepted, // refused before any business
    Failed,      // refused for good
    Unknown,     // nobody has described it
};

struct CodeRule {
    std::string_view code;
    Meaning meaning;
    std::string_view word; // the contract's word for the reason
};

std::span<const CodeRule> codeRules();

/// A rule with Meaning::Unknown for a code that no document lists.
const CodeRule& findCode(std::string_view code);

} // namespace unionpay
