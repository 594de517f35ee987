#include "finding.hpp"

#include <algorithm>

namespace identifiers {

bool Checked::isAcceptable() const noexcept
{
    return !hasErrors(findings);
}

bool hasErrors(const Findings& findings) noexcept
{
    return std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
        return finding.severity == Severity::Error;
    });
}

bool hasCode(const Findings& findings, Code code) noexcept
{
    return std::any_of(findings.begin(), findings.end(), [code](const Finding& finding) {
        return finding.code == code;
    });
}

std::string_view toText(Severity severity) noexcept
{
    return severity == Severity::Error ? "error" : "warning";
}

} // namespace identifiers
