// Findings as one line of a table: "check_character 18 <10-11 ?3", "~area 3": ~ is a warning, <
// swapped, ? misread; "" when there is nothing to say.
#pragma once

#include "identifiers/finding.hpp"

#include <string>

namespace identifiers::test {

inline std::string told(const Findings& findings)
{
    std::string text;
    for (const Finding& finding : findings) {
        text += text.empty() ? "" : ", ";
        text += finding.severity == Severity::Warning ? "~" : "";
        text += toText(finding.code);
        text += finding.line > 0 ? " line" + std::to_string(finding.line) : "";
        text += finding.position > 0 ? " " + std::to_string(finding.position) : "";
        for (const Doubt& doubt : finding.doubts) {
            const std::string at = std::to_string(doubt.position);
            text += doubt.mistake == Doubt::Mistake::Swapped
                        ? " <" + at + "-" + std::to_string(doubt.position + 1)
                        : " ?" + at;
        }
    }
    return text;
}

} // namespace identifiers::test
