#include "domain/forms.hpp"

#include "domain/form_checks.hpp"
#include "domain/form_shapes.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

using K = FieldKind;

constexpr std::array<std::string_view, 3> kPages = {
    kOrganizationPage, kContactsPage, kIntentionPage};

constexpr std::array kOrganizationFields = {
    Field{"name", "Name of the organization", "单位名称", "R-026", K::Text, true, false, nullptr},
    Field{"social_credit_code",
          "Unified social credit code",
          "统一社会信用代码",
          "R-027",
          K::Text,
          true,
          true,
          &checkCode},
    Field{"delegation_id",
          "Delegation",
          "交易团",
          "R-003",
          K::Delegation,
          true,
          true,
          &checkDelegation},
    Field{"sub_delegation_id",
          "Sub-delegation",
          "交易分团",
          "R-023",
          K::SubDelegation,
          true,
          true,
          &checkSubDelegation},
    Field{"referral_code",
          "Referral code (optional)",
          "推荐码（选填）",
          "R-030",
          K::Text,
          false,
          false,
          &checkReferral},
    Field{"purposes",
          "Purpose of the visit",
          "观展目的",
          "R-075",
          K::Purposes,
          true,
          false,
          &checkPurposes},
};

constexpr std::array kContactFields = {
    Field{"contacts", "Contacts", "联系人信息", "R-060", K::Contacts, true, false, &checkContacts},
};

constexpr std::array kIntentionFields = {
    Field{"purchase_one_year",
          "Imports purchased in the coming year (10,000 USD)",
          "未来一年的进口采购额（万美元）",
          "R-061",
          K::Amounts,
          true,
          false,
          &checkAmounts},
    Field{"purchase_five_years",
          "Imports purchased in the coming five years (10,000 USD)",
          "未来五年的进口采购额（万美元）",
          "R-062",
          K::Amounts,
          true,
          false,
          &checkAmounts},
    Field{"countries",
          "Target countries and regions",
          "意向国家地区",
          "R-063",
          K::Countries,
          false,
          false,
          &checkCountries},
    Field{"industries",
          "Industries and products",
          "您的行业和产品",
          "R-065",
          K::Industries,
          true,
          false,
          &checkIndustries},
    Field{"typed_products",
          "Industries and products in your own words",
          "手动输入的行业和产品",
          "R-069",
          K::Texts,
          false,
          false,
          nullptr},
};

constexpr std::array kPurposes = {
    Choice{"purchase", "Purchase", "采购"},
    Choice{"market_research", "Market research", "市场调研"},
    Choice{"investment_promotion", "Investment promotion", "招商引资"},
};

constexpr std::array kStages = {
    Choice{"forecast", "Demand forecast", "需求预测"},
    Choice{"inquiry", "Inquiry", "询价"},
    Choice{"negotiation", "Negotiation", "洽谈"},
    Choice{"order", "Order", "下单"},
};

std::span<const Field> allFieldsOf(std::string_view page) noexcept
{
    if (page == kOrganizationPage) {
        return kOrganizationFields;
    }
    if (page == kContactsPage) {
        return kContactFields;
    }
    return page == kIntentionPage ? std::span<const Field>(kIntentionFields)
                                  : std::span<const Field>{};
}

/// Outside the mainland nobody has to join a delegation, nor has a social credit code.
bool isOffered(const Field& field, const FormFacts& facts)
{
    const bool is_theirs = !field.mainland_only || facts.organization.region == "mainland" ||
                           !facts.edition.holds("R-004");
    return facts.edition.holds(field.rule) && is_theirs;
}

/// Whether somebody has to fill it in: a sub-delegation only where there are some, industries only
/// when none was typed.
bool isAsked(const Field& field, const Json& document, const FormFacts& facts)
{
    if (field.kind == K::SubDelegation) {
        const std::string chosen = requests::textOf(document, "delegation_id");
        return std::any_of(
            facts.delegations.begin(), facts.delegations.end(), [&](const Delegation& one) {
                return !chosen.empty() && one.parent_id == chosen;
            });
    }
    if (field.kind == K::Industries && facts.edition.holds("R-069")) {
        const auto typed = document.find("typed_products");
        return typed == document.end() || typed->empty();
    }
    return field.required;
}

void checkMembers(const Json& document, const std::vector<Field>& fields, PageReview& review)
{
    for (const auto& [name, value] : document.items()) {
        const bool is_known =
            std::any_of(fields.begin(), fields.end(), [&name = name](const Field& field) {
                return field.name == name;
            });
        if (!is_known) {
            review.misshapen.push_back(
                {"",
                 "/" + name,
                 {"This edition has no such field; leave it out.", "本届没有该字段，请删除。"}});
        }
    }
}

} // namespace

std::span<const std::string_view> typedPages() noexcept
{
    return kPages;
}

bool isTypedPage(std::string_view page) noexcept
{
    return std::find(kPages.begin(), kPages.end(), page) != kPages.end();
}

std::vector<Field> fieldsOf(std::string_view page, const FormFacts& facts)
{
    std::vector<Field> fields;
    for (const Field& field : allFieldsOf(page)) {
        if (isOffered(field, facts)) {
            fields.push_back(field);
        }
    }
    return fields;
}

PageReview reviewPage(std::string_view page, const Json& document, const FormFacts& facts)
{
    PageReview review;
    const std::vector<Field> fields = fieldsOf(page, facts);
    checkMembers(document, fields, review);
    for (const Field& field : fields) {
        const std::string pointer = "/" + std::string(field.name);
        const auto value = document.find(field.name);
        if (value == document.end() || isEmpty(*value)) {
            if (isAsked(field, document, facts)) {
                review.missing.push_back({std::string(field.rule),
                                          pointer,
                                          {"Fill in: " + std::string(field.en) + ".",
                                           "请填写：" + std::string(field.zh) + "。"}});
            }
        } else if (!hasShape(field.kind, *value)) {
            review.misshapen.push_back({std::string(field.rule), pointer, shapeOf(field.kind)});
        } else if (field.check != nullptr) {
            field.check({facts, document, *value, field.rule, pointer, review});
        }
    }
    return review;
}

std::span<const Choice> purchaseStages() noexcept
{
    return kStages;
}

Words titleOfPurpose(std::string_view purpose)
{
    const auto* const found = std::find_if(
        kPurposes.begin(), kPurposes.end(), [&](const Choice& one) { return one.id == purpose; });
    return found == kPurposes.end() ? Words{std::string(purpose), std::string(purpose)}
                                    : Words{std::string(found->en), std::string(found->zh)};
}

std::string_view toText(FieldKind kind)
{
    constexpr std::array<std::string_view, 9> kNames = {"text",
                                                        "delegation",
                                                        "sub_delegation",
                                                        "purposes",
                                                        "contacts",
                                                        "amounts",
                                                        "countries",
                                                        "industries",
                                                        "texts"};
    return kNames.at(static_cast<std::size_t>(kind));
}

} // namespace registration
