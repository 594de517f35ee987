#include "domain/form_checks.hpp"

#include <algorithm>
#include <array>

#include <identifiers/email.hpp>
#include <identifiers/message.hpp>
#include <identifiers/phone.hpp>
#include <identifiers/referral_code.hpp>
#include <identifiers/social_credit_code.hpp>

namespace registration {

namespace {

using identifiers::Language;

void violate(const Check& check, std::string pointer, Words words)
{
    check.review.violations.push_back(
        {std::string(check.rule), std::move(pointer), std::move(words)});
}

void warn(const Check& check, std::string_view rule, Words words)
{
    check.review.warnings.push_back({std::string(rule), check.pointer, std::move(words)});
}

/// Findings of a number: errors are to be mended, warnings are shown.
void take(const Check& check, const std::string& pointer, const identifiers::Findings& findings)
{
    for (const identifiers::Finding& finding : findings) {
        Remark remark{
            std::string(check.rule),
            pointer,
            {messageOf(finding, Language::English), messageOf(finding, Language::Chinese)}};
        (finding.severity == identifiers::Severity::Error ? check.review.violations
                                                          : check.review.warnings)
            .push_back(std::move(remark));
    }
}

std::optional<identifiers::OrganizationClass> classOf(const Organization& organization)
{
    using identifiers::OrganizationClass;
    for (const auto one : {OrganizationClass::Enterprise,
                           OrganizationClass::SocialOrganization,
                           OrganizationClass::PublicInstitution,
                           OrganizationClass::GovernmentOrgan}) {
        if (organization.organization_class == toText(one)) {
            return one;
        }
    }
    return std::nullopt;
}

const Delegation* findDelegation(const FormFacts& facts, std::string_view id)
{
    const auto found = std::find_if(facts.delegations.begin(),
                                    facts.delegations.end(),
                                    [&](const auto& one) { return one.delegation_id == id; });
    return found == facts.delegations.end() ? nullptr : &*found;
}

identifiers::PhoneRegion homeOf(const Organization& organization)
{
    using identifiers::PhoneRegion;
    constexpr std::array<std::pair<std::string_view, PhoneRegion>, 4> kHomes = {
        {{"mainland", PhoneRegion::Mainland},
         {"hongkong", PhoneRegion::HongKong},
         {"macao", PhoneRegion::Macao},
         {"taiwan", PhoneRegion::Taiwan}}};
    for (const auto& [region, home] : kHomes) {
        if (organization.region == region) {
            return home;
        }
    }
    return PhoneRegion::Other;
}

void checkContact(const Check& check, const std::string& pointer, const Json& contact)
{
    for (const char* name : {"name", "phone", "mail"}) {
        if (requests::textOf(contact, name).empty()) {
            check.review.missing.push_back(
                {std::string(check.rule),
                 pointer + "/" + name,
                 {"A contact needs a name, a phone and a mail address; fill it in.",
                  "联系人须填写姓名、手机和邮箱，请补充。"}});
        }
    }
    if (const std::string phone = requests::textOf(contact, "phone"); !phone.empty()) {
        take(check,
             pointer + "/phone",
             identifiers::checkPhone(phone, homeOf(check.facts.organization)).checked.findings);
    }
    if (const std::string mail = requests::textOf(contact, "mail"); !mail.empty()) {
        take(check, pointer + "/mail", identifiers::checkEmail(mail).findings);
    }
}

} // namespace

void checkCode(const Check& check)
{
    const auto checked = identifiers::checkSocialCreditCode(check.value.get<std::string>(),
                                                            classOf(check.facts.organization));
    take(check, check.pointer, checked.findings);
    const Organization& organization = check.facts.organization;
    if (organization.submitted_ms > 0 && organization.social_credit_code != checked.value) {
        violate(check,
                check.pointer,
                {"The code never changes once the application was submitted; put the first one "
                 "back, or register anew.",
                 "统一社会信用代码提交后不可更改，请恢复原代码或重新注册。"});
    }
}

void checkDelegation(const Check& check)
{
    const Delegation* const chosen = findDelegation(check.facts, check.value.get<std::string>());
    if (chosen == nullptr || !chosen->parent_id.empty()) {
        violate(check,
                check.pointer,
                {"There is no such delegation; choose one of the list.",
                 "没有该交易团，请从列表中选择。"});
        return;
    }
    const std::string code = requests::textOf(check.document, "social_credit_code");
    const std::string_view province = identifiers::provinceOf(code);
    // Central enterprises and others belong to delegations without an area.
    const bool is_elsewhere =
        !chosen->area.empty() && !province.empty() && province != chosen->area;
    if (check.facts.edition.holds("R-025") && is_elsewhere) {
        warn(check,
             "R-025",
             {"By its code the organization is registered elsewhere. Choose the delegation of that "
              "place, unless you belong to this one.",
              "按统一社会信用代码，单位注册地与所选交易团不符，如非隶属关系请重新选择。"});
    }
    if (check.facts.edition.holds("R-024") && chosen->area.empty()) {
        warn(check,
             "R-024",
             {"This delegation is for those who belong to it (central enterprises, the National "
              "Health Commission); all others choose by the place of registration.",
              "该交易团仅限隶属单位（中央企业所属单位、国家卫健委交易团内单位）选择，其他单位请按注"
              "册地选择。"});
    }
}

void checkSubDelegation(const Check& check)
{
    const Delegation* const chosen = findDelegation(check.facts, check.value.get<std::string>());
    if (chosen == nullptr || chosen->parent_id.empty() ||
        chosen->parent_id != requests::textOf(check.document, "delegation_id")) {
        violate(check,
                check.pointer,
                {"It is no sub-delegation of the chosen delegation; choose one of its list.",
                 "所选分团不属于该交易团，请重新选择。"});
    }
}

void checkReferral(const Check& check)
{
    const auto checked = identifiers::checkReferralCode(check.value.get<std::string>());
    take(check, check.pointer, checked.findings);
    if (!checked.isAcceptable()) {
        return;
    }
    const auto& referral = check.facts.referral;
    if (check.facts.edition.holds("R-031") && !referral) {
        warn(check,
             "R-031",
             {"Nobody is known to have given out this code; look again, or leave it out.",
              "未查到该推荐码的发放单位，请核对，或留空。"});
    }
    if (check.facts.edition.holds("R-032") && referral && referral->owner_kind == "delegation" &&
        referral->owner_id != requests::textOf(check.document, "delegation_id")) {
        warn(check,
             "R-032",
             {"The code is another delegation's; look again at both.",
              "该推荐码属于其他交易团，请核对推荐码与所选交易团。"});
    }
}

void checkPurposes(const Check& check)
{
    const auto& purposes = check.facts.edition.purposes;
    for (std::size_t i = 0; i < check.value.size(); ++i) {
        if (std::find(purposes.begin(), purposes.end(), check.value[i]) == purposes.end()) {
            violate(check,
                    check.pointer + "/" + std::to_string(i),
                    {"This edition has no such purpose; choose one of the list.",
                     "本届没有该观展目的，请从列表中选择。"});
        }
    }
}

void checkContacts(const Check& check)
{
    for (std::size_t i = 0; i < check.value.size(); ++i) {
        checkContact(check, check.pointer + "/" + std::to_string(i), check.value[i]);
    }
}

void checkAmounts(const Check& check)
{
    const auto from = check.value.find("from");
    const auto to = check.value.find("to");
    if (from == check.value.end() || to == check.value.end()) {
        check.review.missing.push_back({std::string(check.rule),
                                        check.pointer,
                                        {"Give both ends of the range; they may be the same.",
                                         "请填写区间的起止金额，可以相同。"}});
    } else if (*from > *to) {
        violate(check,
                check.pointer,
                {"The range ends before it begins; exchange both amounts.",
                 "区间起始金额大于结束金额，请调整。"});
    }
}

void checkCountries(const Check& check)
{
    const auto stages = purchaseStages();
    for (std::size_t i = 0; i < check.value.size(); ++i) {
        const Json& row = check.value[i];
        const std::string country = requests::textOf(row, "country");
        const std::string stage = requests::textOf(row, "stage");
        const bool is_country =
            country.size() == 3 && std::all_of(country.begin(), country.end(), [](char c) {
                return c >= 'A' && c <= 'Z';
            });
        const bool is_stage = std::any_of(
            stages.begin(), stages.end(), [&](const Choice& one) { return one.id == stage; });
        if (!is_country || !is_stage) {
            violate(check,
                    check.pointer + "/" + std::to_string(i),
                    {"Give a country or region (three letters of ISO 3166) and the stage of the "
                     "purchase.",
                     "请选择国家地区（ISO 3166 三位字母）和采购阶段。"});
        }
    }
}

void checkIndustries(const Check& check)
{
    const auto& nodes = check.facts.industries;
    for (std::size_t i = 0; i < check.value.size(); ++i) {
        const auto found = std::find_if(nodes.begin(), nodes.end(), [&](const IndustryNode& node) {
            return check.value[i] == node.node_id;
        });
        const bool is_refused_zone =
            found != nodes.end() && found->is_zone && !check.facts.edition.holds("R-066");
        if (found == nodes.end() || is_refused_zone) {
            violate(check,
                    check.pointer + "/" + std::to_string(i),
                    {"The tree of industries has no such node; choose another, or type it.",
                     "行业目录中没有该项，请重新选择或手动输入。"});
        }
    }
}

} // namespace registration
