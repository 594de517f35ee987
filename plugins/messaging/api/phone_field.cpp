#include "api/phone_field.hpp"

#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>

namespace messaging {

std::variant<std::string, Problem> readPhone(std::string_view typed, const std::string& pointer)
{
    using identifiers::Language;
    const auto phone = identifiers::checkPhone(typed, identifiers::PhoneRegion::Mainland);
    if (phone.checked.isAcceptable()) {
        return phone.checked.value;
    }
    const identifiers::Finding& finding = phone.checked.findings.front();
    Problem problem;
    problem.status = 422;
    problem.code = "phone_" + std::string{identifiers::toText(finding.code)};
    problem.pointer = pointer;
    problem.words = {identifiers::messageOf(finding, Language::English),
                     identifiers::messageOf(finding, Language::Chinese)};
    if (finding.position > 0) {
        problem.parameters["position"] = finding.position;
    }
    return problem;
}

} // namespace messaging
