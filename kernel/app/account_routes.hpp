// AccountRoutes: the API of provider accounts, for organizers' programs and the console.
#pragma once

#include "app/provider_accounts.hpp"
#include "gateway/backend.hpp"

#include <vector>

namespace hub::app {

/// The library of the routes that the hub answers itself.
inline constexpr const char* kHubLibrary = "hub";

std::vector<gateway::Route> accountRoutes();

/// A request for one of them.
gateway::Reply answerAccounts(ProviderAccounts& accounts, const gateway::Request& request);

} // namespace hub::app
