#include "flow/consents.hpp"

#include "flow/opening.hpp"
#include "store/catalog_rows.hpp"
#include "store/consent_rows.hpp"

#include <fmt/ranges.h>

#include <algorithm>

namespace registration {

using requests::Json;

std::optional<requests::Refusal> refuseKind(ConsentKinds kinds, std::string_view kind)
{
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) {
        return std::nullopt;
    }
    return notFound(
        {fmt::format("There is no such consent; it is one of {}.", fmt::join(kinds, ", ")),
         fmt::format("没有该类授权，可用：{}。", fmt::join(kinds, "、"))});
}

bool hasConsent(const hub::Snapshot& snapshot,
                std::string_view subject,
                std::string_view kind,
                const Edition& edition)
{
    const auto policy = findPolicy(snapshot, edition.id, kind);
    const auto consents = consentsOf(snapshot, subject);
    return std::any_of(consents.begin(), consents.end(), [&](const Consent& consent) {
        return consent.kind == kind && consent.withdrawn_ms == 0 &&
               (!policy || consent.version == policy->version);
    });
}

std::optional<requests::Refusal> refuseVersion(const hub::Snapshot& snapshot,
                                               const Edition& edition,
                                               std::string_view kind,
                                               std::string_view version)
{
    const auto policy = findPolicy(snapshot, edition.id, kind);
    if (!policy || policy->version == version) {
        return std::nullopt;
    }
    auto refusal = broken(409,
                          "policy_changed",
                          "D-09",
                          {"The text has changed meanwhile; read its present version, then agree.",
                           "协议内容已更新，请阅读现行版本后再同意。"});
    refusal.parameters["kind"] = kind;
    refusal.parameters["version"] = policy->version;
    refusal.parameters["address"] = policy->address;
    return refusal;
}

std::string keptVersion(const hub::Snapshot& snapshot,
                        const Edition& edition,
                        std::string_view kind,
                        std::string_view version)
{
    return findPolicy(snapshot, edition.id, kind) ? std::string(version) : "";
}

Json shownConsents(const hub::Snapshot& snapshot,
                   std::string_view subject,
                   ConsentKinds kinds,
                   const Edition& edition)
{
    Json given = Json::array();
    for (const Consent& one : consentsOf(snapshot, subject)) {
        given.push_back({{"kind", one.kind},
                         {"version", one.version},
                         {"given_ms", one.given_ms},
                         {"withdrawn_ms", one.withdrawn_ms}});
    }
    Json holds = Json::object();
    for (const std::string_view kind : kinds) {
        holds[std::string(kind)] = hasConsent(snapshot, subject, kind, edition);
    }
    return {{"consents", std::move(given)}, {"holds", std::move(holds)}};
}

} // namespace registration
