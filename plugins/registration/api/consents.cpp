#include "api/consents.hpp"

#include "flow/consents.hpp"
#include "flow/opening.hpp"
#include "store/consent_rows.hpp"

namespace registration {

namespace {

Json toJson(const hub::Snapshot& snapshot, const Opened& opened)
{
    return shownConsents(
        snapshot, opened.organization.organization_id, kContactConsents, opened.edition);
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
        if (const auto refusal = refuseKind(kContactConsents, kind)) {
            return requests::refuse(*refusal);
        }
        if (const auto refusal = refuseVersion(work.unit(), opened.edition, kind, version)) {
            return requests::refuse(*refusal);
        }
        giveConsent(work.unit(),
                    opened.organization.organization_id,
                    {kind,
                     keptVersion(work.unit(), opened.edition, kind, version),
                     work.actor(),
                     work.nowMs(),
                     0});
        return requests::answered(200, toJson(work.unit(), opened));
    });
}

hub::Answer deleteConsent(const Work& work)
{
    return withOrganization(work.unit(), work.event(), [&](const Opened& opened) {
        const std::string kind = opened.request.path.at("kind");
        if (const auto refusal = refuseKind(kContactConsents, kind)) {
            return requests::refuse(*refusal);
        }
        withdrawConsent(work.unit(), opened.organization.organization_id, kind);
        return requests::answered(200, toJson(work.unit(), opened));
    });
}

} // namespace registration
