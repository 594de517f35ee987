#include "app/account_list.hpp"

#include <map>
#include <utility>

namespace hub::app {

namespace {

using base::Json;

Json entryOf(const std::string& name,
             const config::Account& account,
             const plugin::Package& package,
             const plugin::Implementation& item,
             const std::vector<egress::AccountHealth>& health)
{
    egress::AccountHealth known;
    for (const egress::AccountHealth& each : health) {
        if (each.account == name) {
            known = each;
        }
    }
    return {{"account", name},
            {"connector", package.manifest.id},
            {"state", toText(account.state)},
            {"products", item.products},
            {"operations", item.operations},
            {"traits", item.traits},
            {"breaker", toText(known.breaker)},
            {"answered", known.answered},
            {"not_sent", known.not_sent},
            {"unknown", known.unknown}};
}

} // namespace

const char* toText(egress::BreakerState state) noexcept
{
    switch (state) {
    case egress::BreakerState::Open:
        return "open";
    case egress::BreakerState::Probing:
        return "probing";
    default:
        return "closed";
    }
}

Json accountsOf(const plugin::Catalogue& catalogue,
                const CallDirectory& directory,
                const std::vector<egress::AccountHealth>& health,
                const std::string& contract)
{
    std::map<std::string, Json> by_name;
    for (const plugin::Package* package : catalogue.enabled()) {
        if (!directory.isEnabled(package->manifest.id)) {
            continue;
        }
        for (const plugin::Implementation& item : package->manifest.implements) {
            if (item.contract != contract) {
                continue;
            }
            for (const auto& [name, account] : package->file.accounts) {
                by_name.emplace(name, entryOf(name, account, *package, item, health));
            }
        }
    }
    Json list = Json::array();
    for (auto& [name, entry] : by_name) {
        list.push_back(std::move(entry));
    }
    return list;
}

} // namespace hub::app
