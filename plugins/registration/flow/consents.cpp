#include "flow/consents.hpp"

#include "store/catalog_rows.hpp"
#include "store/consent_rows.hpp"

#include <algorithm>

namespace registration {

bool hasConsent(const hub::Snapshot& snapshot,
                const Organization& organization,
                std::string_view kind,
                const Edition& edition)
{
    const auto policy = findPolicy(snapshot, edition.id, kind);
    const auto consents = consentsOf(snapshot, organization.organization_id);
    return std::any_of(consents.begin(), consents.end(), [&](const Consent& consent) {
        return consent.kind == kind && consent.withdrawn_ms == 0 &&
               (!policy || consent.version == policy->version);
    });
}

} // namespace registration
