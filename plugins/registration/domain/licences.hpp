// Licences: whether what a reader saw on the picture is what the organization typed. Evidence for a
// rule or a reviewer; nobody is refused by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <requests/answers.hpp>

namespace registration {

struct LicenceJudgement {
    /// 'verified', 'mismatch' or 'uploaded': nothing could be read, so a reviewer looks.
    std::string licence = "uploaded";
    /// "name", "social_credit_code", "register", "validity".
    std::vector<std::string> differences;
};

/// `result` is of the contract licence; `today` is "2026-05-01".
LicenceJudgement judgeLicence(const requests::Json& result,
                              std::string_view name,
                              std::string_view social_credit_code,
                              std::string_view today);

/// The kind that the contract licence knows, by the class of the organization.
std::string_view licenceKindOf(std::string_view organization_class) noexcept;

/// A difference, for people.
requests::Words wordsOfDifference(std::string_view difference);

} // namespace registration
