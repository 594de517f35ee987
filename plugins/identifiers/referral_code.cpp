#include "referral_code.hpp"

#include "shape.hpp"
#include "text.hpp"

namespace identifiers {

Checked checkReferralCode(std::string_view text)
{
    constexpr std::string_view kShape = "addddddd";
    constexpr std::size_t kSizeMax = 32;
    Checked checked = normalizeCode(text);
    if (!checked.findings.empty()) {
        return checked;
    }
    checked.findings = checkRun(checked.value, 'n', 1, kSizeMax);
    if (checked.findings.empty() && !fits(checked.value, kShape)) {
        checked.findings.push_back({.code = Code::ReferralForm, .severity = Severity::Warning});
    }
    return checked;
}

} // namespace identifiers
