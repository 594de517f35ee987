// Consents of an organization's contact, and exceptions from deadlines, as values.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

struct Consent {
    std::string kind; // 'privacy', 'sensitive', 'exhibitors' or 'abroad'
    std::string version;
    std::string given_by;
    std::int64_t given_ms = 0;
    std::int64_t withdrawn_ms = 0; // 0: it holds
};

/// All that were ever given, the latest of a kind last.
std::vector<Consent> consentsOf(const hub::Snapshot& snapshot, std::string_view subject);
/// Given again after a withdrawal, it holds again.
void giveConsent(const hub::Unit& unit, std::string_view subject, const Consent& consent);
/// Every version of the kind. False when none held.
bool withdrawConsent(const hub::Unit& unit, std::string_view subject, std::string_view kind);

struct DeadlineException {
    std::string deadline; // 'registration' or 'payment'
    std::int64_t until_ms = 0;
    std::string reason;
    std::string granted_by;
    std::int64_t granted_ms = 0;
};

std::optional<DeadlineException> findException(const hub::Snapshot& snapshot,
                                               std::string_view organization_id,
                                               std::string_view deadline);
void putException(const hub::Unit& unit,
                  std::string_view organization_id,
                  const DeadlineException& exception);

} // namespace registration
