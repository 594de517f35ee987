#include "domain/person_remarks.hpp"

#include <utility>

namespace registration {

using requests::Json;
using requests::Refusal;
using requests::Words;

Json toJson(const PersonRemarks& remarks)
{
    Json list = Json::array();
    for (const PersonRemark& remark : remarks) {
        list.push_back({{"rule", remark.rule},
                        {"code", remark.code},
                        {"pointer", remark.pointer},
                        {"message", requests::toJson(remark.message)}});
    }
    return list;
}

Refusal refusedBy(int status, std::string rule, std::string code, Words detail)
{
    Refusal refusal{status, std::move(code), std::move(detail)};
    refusal.parameters = {{"rule", std::move(rule)}};
    return refusal;
}

Refusal refusedBy(int status, std::string code, Words detail, const PersonRemarks& remarks)
{
    Refusal refusal = refusedBy(status, remarks.front().rule, std::move(code), std::move(detail));
    Json reasons = Json::array();
    for (const PersonRemark& remark : remarks) {
        refusal.violations.push_back({remark.pointer, remark.message});
        reasons.push_back(
            {{"rule", remark.rule}, {"code", remark.code}, {"pointer", remark.pointer}});
    }
    refusal.parameters["reasons"] = std::move(reasons);
    return refusal;
}

Json toJson(const Refusal& refusal)
{
    Json violations = Json::array();
    for (const requests::Violation& one : refusal.violations) {
        violations.push_back(
            {{"pointer", one.pointer}, {"message", requests::toJson(one.message)}});
    }
    return {{"status", refusal.status},
            {"code", refusal.code},
            {"detail", requests::toJson(refusal.detail)},
            {"violations", std::move(violations)},
            {"parameters", refusal.parameters}};
}

} // namespace registration
