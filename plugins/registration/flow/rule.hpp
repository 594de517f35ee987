// Refusals that name the rule of the requirements behind them, and the edition that a read asks.
#pragma once

#include "domain/edition.hpp"

#include <hub/plugin.hpp>

#include <optional>
#include <string>
#include <string_view>

#include <requests/answers.hpp>

namespace registration {

using Refused = std::optional<requests::Refusal>;

requests::Refusal
refusedBy(std::string_view rule, std::string code, requests::Words detail, int status = 409);
/// 422, about one field.
requests::Refusal
wrongField(std::string_view rule, std::string code, std::string pointer, requests::Words detail);
/// For what was checked before: throws hub::UnitFailure unless `done`, so that the unit is undone.
void mustBeDone(bool done, const char* what);
/// Past editions can only be looked up.
requests::Refusal editionArchived();

/// Nothing when the edition has no rules: it is archived.
std::optional<Edition> findEdition(const hub::Snapshot& snapshot, std::string_view edition);

} // namespace registration
