#include "api/catalogs.hpp"

#include "domain/industries.hpp"
#include "flow/opening.hpp"
#include "store/catalog_rows.hpp"
#include "store/edition_rows.hpp"

#include <identifiers/message.hpp>
#include <identifiers/referral_code.hpp>

namespace registration {

namespace {

using requests::Refusal;
using requests::Violation;

constexpr std::size_t kMatchesMax = 20;

std::string editionIn(const requests::Request& request)
{
    return request.path.at("edition").get<std::string>();
}

Words readName(const Json& json)
{
    return {json.at("en").get<std::string>(), json.at("zh").get<std::string>()};
}

Json toJson(const IndustryNode& node, const Edition& edition)
{
    Json json = {{"node_id", node.node_id},
                 {"parent_id", node.parent_id},
                 {"name", requests::toJson(node.name)}};
    if (edition.holds("R-066")) {
        json["zone"] = node.is_zone;
    }
    return json;
}

/// A code that nobody could type into the form is of no use.
void checkCode(const ReferralCode& code, std::size_t i, std::vector<Violation>& violations)
{
    using identifiers::Language;
    for (const auto& finding : identifiers::checkReferralCode(code.code).findings) {
        if (finding.severity == identifiers::Severity::Error) {
            violations.push_back(
                {"/codes/" + std::to_string(i) + "/code",
                 {messageOf(finding, Language::English), messageOf(finding, Language::Chinese)}});
        }
    }
}

void checkOwner(const Work& work,
                const std::string& edition,
                const ReferralCode& code,
                std::size_t i,
                std::vector<Violation>& violations)
{
    if (code.owner_kind == "delegation" && !findDelegation(work.unit(), edition, code.owner_id)) {
        violations.push_back({"/codes/" + std::to_string(i) + "/owner_id",
                              {"There is no such delegation; put it first, or name another.",
                               "没有该交易团，请先设置或更换。"}});
    }
}

} // namespace

hub::Answer putIndustries(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    std::vector<IndustryNode> nodes;
    for (const Json& json : request.body.at("nodes")) {
        nodes.push_back({json.at("node_id").get<std::string>(),
                         requests::textOf(json, "parent_id"),
                         readName(json.at("name")),
                         json.value("zone", false)});
    }
    if (auto violations = checkIndustryTree(nodes); !violations.empty()) {
        return requests::refuse(
            {422,
             "industries_invalid",
             {"The nodes do not form a tree of three levels; correct what is named.",
              "行业目录层级有误，请按提示更正。"},
             std::move(violations)});
    }
    for (const IndustryNode& node : nodes) {
        putIndustry(work.unit(), editionIn(request), node);
    }
    return requests::answered(200, {{"count", nodes.size()}});
}

hub::Answer listIndustries(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string id = editionIn(requests::readRequest(event.payload()));
    const auto edition = findEdition(snapshot, id);
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    Json nodes = Json::array();
    for (const IndustryNode& node : allIndustries(snapshot, id)) {
        if (!node.is_zone || edition->holds("R-067")) {
            nodes.push_back(toJson(node, *edition));
        }
    }
    return requests::answered(200, {{"nodes", std::move(nodes)}});
}

hub::Answer findIndustries(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const requests::Request request = requests::readRequest(event.payload());
    const auto edition = findEdition(snapshot, editionIn(request));
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    const std::string words = requests::textOf(request.query, "words");
    const auto nodes =
        edition->holds("R-068")
            ? matchIndustries(allIndustries(snapshot, edition->id), words, kMatchesMax)
            : std::vector<std::string>{};
    return requests::answered(200, {{"words", words}, {"nodes", nodes}});
}

hub::Answer putReferralCodes(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    const std::string edition = editionIn(request);
    std::vector<ReferralCode> codes;
    std::vector<Violation> violations;
    for (const Json& json : request.body.at("codes")) {
        const std::string typed = json.at("code");
        codes.push_back({identifiers::checkReferralCode(typed).value,
                         json.at("owner_kind").get<std::string>(),
                         json.at("owner_id").get<std::string>()});
        checkCode(codes.back(), codes.size() - 1, violations);
        checkOwner(work, edition, codes.back(), codes.size() - 1, violations);
    }
    if (!violations.empty()) {
        return requests::refuse({422,
                                 "referral_codes_invalid",
                                 {"Some codes can't be registered; correct what is named.",
                                  "部分推荐码无法登记，请按提示更正。"},
                                 std::move(violations)});
    }
    for (const ReferralCode& code : codes) {
        putReferralCode(work.unit(), edition, code);
    }
    return requests::answered(200, {{"count", codes.size()}});
}

hub::Answer listReferralCodes(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string edition = editionIn(requests::readRequest(event.payload()));
    Json codes = Json::array();
    for (const ReferralCode& code : allReferralCodes(snapshot, edition)) {
        codes.push_back(
            {{"code", code.code}, {"owner_kind", code.owner_kind}, {"owner_id", code.owner_id}});
    }
    return requests::answered(200, {{"codes", std::move(codes)}});
}

hub::Answer putPolicyVersion(const Work& work)
{
    const requests::Request request = requests::readRequest(work.event().payload());
    putPolicy(work.unit(),
              editionIn(request),
              {request.path.at("kind").get<std::string>(),
               request.body.at("version").get<std::string>(),
               request.body.at("address").get<std::string>()});
    return requests::answered(200, request.body);
}

hub::Answer listPolicies(const hub::Snapshot& snapshot, const hub::Event& event)
{
    const std::string id = editionIn(requests::readRequest(event.payload()));
    const auto edition = findEdition(snapshot, id);
    if (!edition) {
        return requests::refuse(editionArchived());
    }
    Json policies = Json::array();
    for (const Policy& policy : allPolicies(snapshot, id)) {
        Json body = {{"kind", policy.kind}, {"version", policy.version}};
        if (edition->holds("R-131")) {
            body["address"] = policy.address;
        }
        policies.push_back(std::move(body));
    }
    return requests::answered(200, {{"policies", std::move(policies)}});
}

} // namespace registration
