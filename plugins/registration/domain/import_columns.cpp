#include "domain/import_columns.hpp"

#include "domain/person_forms.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

constexpr std::array<std::string_view, 6> kKinds = {
    "delegations", "industries", "quotas", "organizations", "persons", "photos"};

constexpr std::array kPersonKinds = {identifiers::PersonKind::Mainland,
                                     identifiers::PersonKind::HongKongMacaoTaiwan,
                                     identifiers::PersonKind::OtherCountry,
                                     identifiers::PersonKind::ChinaOverseas};

std::vector<ImportColumn> delegationColumns()
{
    return {{"delegation_id", {"Id", "编号"}, true},
            {"name_zh", {"Chinese name", "名称"}, true},
            {"name_en", {"English name", "英文名称"}},
            {"parent_id", {"Belongs to", "上级编号"}},
            {"area", {"Area of the codes", "地区代码"}}};
}

std::vector<ImportColumn> industryColumns()
{
    return {{"node_id", {"Id", "编号"}, true},
            {"name_zh", {"Chinese name", "名称"}, true},
            {"name_en", {"English name", "英文名称"}},
            {"parent_id", {"Belongs to", "上级编号"}},
            {"zone", {"Special zone", "专区"}}};
}

std::vector<ImportColumn> quotaColumns()
{
    return {{"node_kind", {"Level", "层级"}, true},
            {"node_id", {"Id", "编号"}, true},
            {"category", {"Category", "标签"}, true},
            {"total", {"Quota", "配额"}, true}};
}

std::vector<ImportColumn> organizationColumns()
{
    return {{"organization_id", {"Id", "编号"}},
            {"name", {"Name of the organization", "单位名称"}, true},
            {"social_credit_code", {"Unified social credit code", "统一社会信用代码"}, true},
            {"region", {"Region", "地区类型"}},
            {"class", {"Kind of organization", "单位类型"}},
            {"delegation", {"Delegation", "交易团"}},
            {"sub_delegation", {"Sub-delegation", "交易分团"}},
            {"contact_name", {"Contact", "联系人"}},
            {"contact_position", {"Contact's position", "联系人职务"}},
            {"contact_phone", {"Contact's phone", "联系人手机"}},
            {"contact_mail", {"Contact's e-mail", "联系人邮箱"}}};
}

bool isRequiredColumn(std::string_view name)
{
    return name == "name" || name == "document_number";
}

void addFields(std::vector<ImportColumn>& columns, const Edition& edition)
{
    columns.push_back({"kind", {"Kind of person", "人员类型"}});
    for (const auto kind : kPersonKinds) {
        for (const PersonField& field : personFieldsOf(kind, edition)) {
            const std::string name{field.name};
            const bool is_known = std::any_of(
                columns.begin(), columns.end(), [&](const auto& one) { return one.name == name; });
            // An address is the organization's own, chosen in the form.
            if (field.place == FieldPlace::Form && name != "address_id" && !is_known) {
                columns.push_back(
                    {name, {std::string{field.en}, std::string{field.zh}}, isRequiredColumn(name)});
            }
        }
    }
}

} // namespace

std::string_view toText(ImportKind kind)
{
    return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<ImportKind> findImportKind(std::string_view name)
{
    const auto* const found = std::find(kKinds.begin(), kKinds.end(), name);
    return found == kKinds.end() ? std::nullopt
                                 : std::optional(static_cast<ImportKind>(found - kKinds.begin()));
}

std::vector<ImportColumn> importColumns(ImportKind kind)
{
    switch (kind) {
    case ImportKind::Delegations:
        return delegationColumns();
    case ImportKind::Industries:
        return industryColumns();
    case ImportKind::Quotas:
        return quotaColumns();
    case ImportKind::Organizations:
        return organizationColumns();
    case ImportKind::Photos:
        return {};
    case ImportKind::Persons:
        break;
    }
    std::vector<ImportColumn> columns = {
        {"organization", {"Organization's id or social credit code", "单位"}, true},
        {"result", {"Result of the review", "审核结果"}}};
    Edition past;
    past.mode = Mode::ByOrganization; // so that the category is a column
    addFields(columns, past);
    return columns;
}

std::vector<ImportColumn> personColumns(const Edition& edition)
{
    std::vector<ImportColumn> columns;
    addFields(columns, edition);
    return columns;
}

std::vector<uploads::Column> tableColumns(const std::vector<ImportColumn>& columns)
{
    std::vector<uploads::Column> table;
    for (const ImportColumn& column : columns) {
        table.push_back(
            {column.name, {column.title.zh, column.title.en, column.name}, column.is_required});
    }
    return table;
}

} // namespace registration
