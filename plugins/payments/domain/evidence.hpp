// Evidence: what a provider states of an attempt, by answer or by notice, and whether it fits our
// own record. Nothing counts before it fits.
#pragma once

#include "domain/records.hpp"

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace payments {

using Json = nlohmann::json;

struct Evidence {
    std::string state; // of the contract: waiting, paid, closed, refunded, not_found
    std::optional<std::int64_t> amount_minor;
    std::optional<std::int64_t> refunded_minor;
    std::string currency;
    std::string merchant;
    std::string provider_number;
    std::int64_t paid_at_ms = 0;
};

/// Members that are missing or of another type stay empty.
Evidence readEvidence(const Json& statement);

enum class Source { Query, Notice };

/// Why it does not fit the attempt; nothing when it does. A notice must name its currency, too:
/// it comes unasked.
std::optional<std::string>
mismatch(const Attempt& attempt, const Evidence& evidence, Source source);

/// The money came (and may have gone back since).
bool saysPaid(const Evidence& evidence);

/// Reads a JSON member; empty or nothing when it is missing or of another type.
std::string textOf(const Json& object, const char* name);
std::optional<std::int64_t> integerOf(const Json& object, const char* name);

} // namespace payments
