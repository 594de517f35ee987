#include "domain/licences.hpp"

#include <array>
#include <utility>

#include <identifiers/text.hpp>

namespace registration {

namespace {

using requests::textOf;

/// Brackets and spaces come in two widths.
std::string comparable(std::string_view text)
{
    return identifiers::normalizeCode(text).value;
}

} // namespace

LicenceJudgement judgeLicence(const requests::Json& result,
                              std::string_view name,
                              std::string_view social_credit_code,
                              std::string_view today)
{
    LicenceJudgement judgement;
    if (textOf(result, "state") != "read") {
        return judgement;
    }
    const auto fields = result.value("fields", requests::Json::object());
    const auto reg = result.value("register", requests::Json::object());
    const std::string read_name = textOf(fields, "name");
    const std::string read_code = textOf(fields, "social_credit_code");
    if (read_name.empty() || read_code.empty()) {
        return judgement;
    }
    if (comparable(read_name) != comparable(name)) {
        judgement.differences.emplace_back("name");
    }
    if (comparable(read_code) != comparable(social_credit_code)) {
        judgement.differences.emplace_back("social_credit_code");
    }
    const std::string until = textOf(fields, "valid_until");
    if (!until.empty() && until < today) {
        judgement.differences.emplace_back("validity");
    }
    const std::string state = textOf(reg, "state");
    const std::string registered = textOf(reg, "name");
    if (state == "revoked" || state == "not_found" ||
        (!registered.empty() && comparable(registered) != comparable(name))) {
        judgement.differences.emplace_back("register");
    }
    judgement.licence = judgement.differences.empty() ? "verified" : "mismatch";
    return judgement;
}

std::string_view licenceKindOf(std::string_view organization_class) noexcept
{
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kKinds = {
        {{"social_organization", "social_organization_certificate"},
         {"public_institution", "institution_certificate"},
         {"government_organ", "organ_certificate"}}};
    for (const auto& [one, kind] : kKinds) {
        if (one == organization_class) {
            return kind;
        }
    }
    return "business_licence";
}

requests::Words wordsOfDifference(std::string_view difference)
{
    if (difference == "name") {
        return {"The name on the licence differs from the one that was typed.",
                "营业执照上的单位名称与填写的不一致。"};
    }
    if (difference == "social_credit_code") {
        return {"The code on the licence differs from the one that was typed.",
                "营业执照上的统一社会信用代码与填写的不一致。"};
    }
    if (difference == "validity") {
        return {"The licence is not valid any more.", "营业执照已过有效期。"};
    }
    return {"The public register knows this code not at all, not any more, or under another name.",
            "公示系统中该代码不存在、已吊销或名称不符。"};
}

} // namespace registration
