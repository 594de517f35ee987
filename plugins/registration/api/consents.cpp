#include "api/consents.hpp"

#include "flow/consents.hpp"
#include "flow/opening.hpp"
#include "store/catalog_rows.hpp"
#include "store/consent_rows.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

constexpr std::array<std::string_view, 4> kKinds = {"privacy", "sensitive", "exhibitors", "abroad"};

bool isKind(std::string_view kind)
{
    return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

requests::Refusal noSuchKind()
{
    return notFound({"There is no such consent; it is privacy, sensitive, exhibitors or abroad.",
                     "没有该类授权，可用：privacy、sensitive、exhibitors、abroad。"});
}

requests::Refusal oldVersion(const Policy& policy)
{
    auto refusal = broken(409,
                          "policy_changed",
                          "D-09",
                          {"The text has changed meanwhile; read its present version, then agree.",
                           "协议内容已更新，请阅读现行版本后再同意。"});
    refusal.parameters["version"] = policy.version;
    refusal.parameters["address"] = policy.address;
    return refusal;
}

Json toJson(const hub::Snapshot& snapshot, const Opened& opened)
{
    const Organization& organization = opened.organization;
    Json given = Json::array();
    for (const Consent& one : consentsOf(snapshot, organization.organization_id)) {
        given.push_back({{"kind", one.kind},
                         {"version", one.version},
                         {"given_ms", one.given_ms},
                         {"withdrawn_ms", one.withdrawn_ms}});
    }
    Json holds = Json::object();
    for (const std::string_view kind : kKinds) {
        holds[std::string(kind)] = hasConsent(snapshot, organization, kind, opened.edition);
    }
    return {{"consents", std::move(given)}, {"holds", std::move(holds)}};
}

} // namespace

hub::Answer listConsents(const hub::Snapshot& snapshot, const hub::Event& event)
{
    return withOrganization(snapshot, event, [&](const Opened& opened) {
        return requests::answered(200, toJson(snapshot, opened));
    });
}

hub::Answer putConsent(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const std::string kind = opened.request.path.at("kind");
        const std::string version = opened.request.body.at("version");
        if (!isKind(kind)) {
            return requests::refuse(noSuchKind());
        }
        const auto policy = findPolicy(work.unit(), opened.edition.id, kind);
        if (policy && policy->version != version) {
            return requests::refuse(oldVersion(*policy));
        }
        giveConsent(work.unit(),
                    opened.organization.organization_id,
                    {kind, version, work.actor(), work.nowMs(), 0});
        return requests::answered(200, toJson(work.unit(), opened));
    });
}

hub::Answer deleteConsent(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const std::string kind = opened.request.path.at("kind");
        if (!isKind(kind)) {
            return requests::refuse(noSuchKind());
        }
        withdrawConsent(work.unit(), opened.organization.organization_id, kind);
        return requests::answered(200, toJson(work.unit(), opened));
    });
}

} // namespace registration
