#include "api/phone_field.hpp"

#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>

namespace messaging {

std::variant<std::string, Refusal> readPhone(std::string_view typed, const std::string& pointer)
{
    using identifiers::Language;
    const auto phone = identifiers::checkPhone(typed, identifiers::PhoneRegion::Mainland);
    if (phone.checked.isAcceptable()) {
        return phone.checked.value;
    }
    const identifiers::Finding& finding = phone.checked.findings.front();
    const Words words = {identifiers::messageOf(finding, Language::English),
                         identifiers::messageOf(finding, Language::Chinese)};
    Refusal refusal{
        422, "phone_" + std::string{identifiers::toText(finding.code)}, words, {{pointer, words}}};
    if (finding.position > 0) {
        refusal.parameters["position"] = finding.position;
    }
    return refusal;
}

} // namespace messaging
