#include "flow/grants.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace identity {

namespace {

/// What is wrong with one of them; nothing for a sound one.
std::optional<Violation> faultOf(const Grant& grant, const std::string& pointer)
{
    const Role* role = findRole(grant.role);
    if (role == nullptr || role->about == About::Organization) {
        return Violation{pointer + "/role",
                         {"Staff can't have this role. Choose one of the list of roles.",
                          "工作人员不能使用该角色，请从角色列表中选择。"}};
    }
    if ((role->about == About::Edition) != grant.scope_id.empty()) {
        return Violation{pointer + "/scope_id",
                         {"A delegation's role names the delegation or sub-delegation that it is "
                          "about, and others name none.",
                          "交易团、分团角色须填写对应的交易团或分团编号，其他角色不填。"}};
    }
    if ((role->about == About::SubDelegation) == grant.delegation_id.empty()) {
        return Violation{pointer + "/delegation_id",
                         {"A sub-delegation's role names the delegation that it belongs to, and "
                          "others name none.",
                          "分团角色须填写所属交易团编号，其他角色不填。"}};
    }
    return std::nullopt;
}

Refusal invalid(std::vector<Violation> violations)
{
    return {422,
            "roles_invalid",
            {"Some roles can't be given; correct the named ones.", "部分角色有误，请按提示更正。"},
            std::move(violations)};
}

} // namespace

std::variant<std::vector<Grant>, Refusal> readGrants(const Json& roles)
{
    std::vector<Grant> grants;
    std::vector<Violation> violations;
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const Grant grant{textOf(roles[i], "role"),
                          textOf(roles[i], "scope_id"),
                          textOf(roles[i], "delegation_id")};
        if (auto fault = faultOf(grant, fmt::format("/roles/{}", i))) {
            violations.push_back(std::move(*fault));
        } else if (std::find(grants.begin(), grants.end(), grant) == grants.end()) {
            grants.push_back(grant);
        }
    }
    if (violations.empty() && !misfitOf(grants).empty()) {
        violations.push_back(
            {"/roles",
             {"A role for the whole edition can't be held together with one of a delegation, and "
              "an auditor holds no other. Invite the person once more under another address.",
              "全局角色不能与交易团、分团角色兼任，审计角色不能兼任其他角色。请使用另一邮箱另行邀请"
              "。"}});
    }
    if (!violations.empty()) {
        return invalid(std::move(violations));
    }
    return grants;
}

Json toJson(const std::vector<Grant>& grants)
{
    Json list = Json::array();
    for (const Grant& grant : grants) {
        Json one = {{"role", grant.role}, {"scope_id", grant.scope_id}};
        if (!grant.delegation_id.empty()) {
            one["delegation_id"] = grant.delegation_id;
        }
        list.push_back(std::move(one));
    }
    return list;
}

} // namespace identity
