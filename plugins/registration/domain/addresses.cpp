#include "domain/addresses.hpp"

#include <array>

#include <identifiers/area.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>

namespace registration {

namespace {

// The three levels of the region, then who gets it.
constexpr std::array kFields = {
    AddressField{"province", "Province (two digits of its area code)", "省（行政区划代码前两位）"},
    AddressField{"city", "City", "市"},
    AddressField{"district", "District", "区县"},
    AddressField{"street", "Street and number", "详细地址"},
    AddressField{"recipient", "Recipient", "收件人"},
    AddressField{"phone", "Mobile number", "手机号"},
};

} // namespace

std::vector<requests::Violation> checkAddress(const Json& document, const Edition& edition)
{
    std::vector<requests::Violation> violations;
    if (edition.holds("R-114")) {
        for (const AddressField& field : kFields) {
            if (requests::textOf(document, field.name).empty()) {
                violations.push_back({"/" + std::string(field.name),
                                      {"Fill in: " + std::string(field.en) + ".",
                                       "请填写：" + std::string(field.zh) + "。"}});
            }
        }
    }
    if (!violations.empty()) {
        return violations;
    }
    if (edition.holds("R-116") &&
        !identifiers::isProvince(requests::textOf(document, "province"))) {
        violations.push_back(
            {"/province",
             {"Couriers deliver in the Chinese mainland only; give an address there, or "
              "have the badges picked up.",
              "快递仅限中国大陆地区，请填写大陆地址，或选择代领、现场领取。"}});
    }
    const auto phone = identifiers::checkPhone(requests::textOf(document, "phone"),
                                               identifiers::PhoneRegion::Mainland);
    for (const auto& finding : phone.checked.findings) {
        if (edition.holds("R-114") && finding.severity == identifiers::Severity::Error) {
            violations.push_back({"/phone",
                                  {messageOf(finding, identifiers::Language::English),
                                   messageOf(finding, identifiers::Language::Chinese)}});
        }
    }
    return violations;
}

std::vector<AddressField> addressFields()
{
    return {kFields.begin(), kFields.end()};
}

Json addressOf(const Json& body)
{
    Json document = Json::object();
    for (const AddressField& field : kFields) {
        document[std::string(field.name)] = requests::textOf(body, field.name);
    }
    return document;
}

} // namespace registration
