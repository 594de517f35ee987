#include "domain/entry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <identifiers/arithmetic.hpp>
#include <identifiers/text.hpp>

namespace identity {

namespace {

using identifiers::OrganizationClass;

constexpr std::string_view kPrefix = "OV";
constexpr std::size_t kDigits = 8;

constexpr std::array kRegions = {
    Region{"mainland", true, "Mainland China", "中国大陆地区"},
    Region{"hongkong", false, "Hong Kong, China", "中国香港"},
    Region{"macao", false, "Macao, China", "中国澳门"},
    Region{"taiwan", false, "Taiwan, China", "中国台湾"},
    Region{"overseas", false, "Other countries and regions", "其他国家和地区"},
};

constexpr std::array kKinds = {
    OrganizationKind{"enterprise", true, OrganizationClass::Enterprise, "Enterprise", "企业"},
    OrganizationKind{"social_organization",
                     true,
                     OrganizationClass::SocialOrganization,
                     "Social organization",
                     "社会组织"},
    OrganizationKind{"public_institution",
                     true,
                     OrganizationClass::PublicInstitution,
                     "Public institution",
                     "事业单位"},
    OrganizationKind{"government_organ",
                     true,
                     OrganizationClass::GovernmentOrgan,
                     "Government organ",
                     "政府机构"},
    OrganizationKind{"enterprise", false, std::nullopt, "Enterprise", "企业"},
    OrganizationKind{
        "government_department", false, std::nullopt, "Government department", "政府部门"},
    OrganizationKind{"social_organization", false, std::nullopt, "Social organization", "社会组织"},
    OrganizationKind{"other", false, std::nullopt, "Other", "其他"},
};

constexpr std::array kSteps = {
    Step{"sign_up", "R-006", "Sign up here", "官网报名"},
    Step{"organization", "R-007", "Fill in and submit the organization", "填报提交单位信息"},
    Step{"persons", "R-008", "Fill in and submit the persons", "填报提交人员信息"},
    Step{"delegation",
         "R-009",
         "The delegation reviews the organization and categorizes its persons",
         "交易团（分团）审核单位信息，并标注人员标签"},
    Step{"payment",
         "R-011",
         "Pay the badge fee; free categories pay none",
         "支付证件费（免费标签人员免交）"},
    Step{"review", "R-012", "The persons are reviewed", "人员信息审核"},
    Step{"badge", "R-013", "Badges are made and issued", "证件制作并发放"},
};

} // namespace

std::span<const Region> allRegions() noexcept
{
    return kRegions;
}

std::span<const OrganizationKind> allKinds() noexcept
{
    return kKinds;
}

std::span<const Step> allSteps() noexcept
{
    return kSteps;
}

bool isMainland(std::string_view region) noexcept
{
    return region == kRegions.front().name;
}

const OrganizationKind* findKind(std::string_view region, std::string_view name) noexcept
{
    const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& kind) {
        return kind.name == name && kind.is_mainland == isMainland(region);
    });
    return found == kKinds.end() ? nullptr : found;
}

std::string_view channelOf(std::string_view region) noexcept
{
    return isMainland(region) ? "sms" : "mail";
}

std::string overseasAccount(std::int64_t number)
{
    const std::string digits = fmt::format("{:0{}}", number, kDigits);
    return fmt::format("{}{}{}", kPrefix, digits, identifiers::hybridCheck(digits));
}

bool isMistypedAccount(std::string_view typed)
{
    const std::string account = identifiers::normalizeCode(typed).value;
    if (!account.starts_with(kPrefix)) {
        return false;
    }
    std::string_view digits = std::string_view(account).substr(kPrefix.size());
    if (digits.size() == kDigits + 2 && digits.back() == '2') { // the second contact's
        digits.remove_suffix(1);
    }
    return digits.size() != kDigits + 1 ||
           identifiers::hybridCheck(digits.substr(0, kDigits)) != digits.back();
}

} // namespace identity
