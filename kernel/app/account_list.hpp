// AccountList: the accounts that serve a contract and how they are, as hub.accounts/1 tells it.
#pragma once

#include "app/call_directory.hpp"
#include "egress/exchanger.hpp"
#include "plugin/catalogue.hpp"

#include <string>
#include <vector>

namespace hub::app {

const char* toText(egress::BreakerState state) noexcept;

/// By name; of enabled connectors only.
base::Json accountsOf(const plugin::Catalogue& catalogue,
                      const CallDirectory& directory,
                      const std::vector<egress::AccountHealth>& health,
                      const std::string& contract);

} // namespace hub::app
