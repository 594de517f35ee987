#include "domain/routing.hpp"

#include <algorithm>
#include <tuple>

namespace messaging {

namespace {

/// An account without prefixes sends everywhere.
bool serves(const Json& account, std::string_view phone)
{
    const Json traits = account.value("traits", Json::object());
    if (!traits.contains("prefixes")) {
        return true;
    }
    const Json& prefixes = traits.at("prefixes");
    return std::any_of(prefixes.begin(), prefixes.end(), [phone](const Json& prefix) {
        return phone.starts_with(prefix.get_ref<const std::string&>());
    });
}

bool mayBegin(const Json& account)
{
    const Json operations = account.value("operations", Json::array());
    return account.value("state", "") == "enabled" &&
           std::find(operations.begin(), operations.end(), "send") != operations.end();
}

} // namespace

bool isServed(const Json& accounts, std::string_view phone)
{
    return std::any_of(accounts.begin(), accounts.end(), [phone](const Json& account) {
        return serves(account, phone);
    });
}

std::vector<std::string> candidatesFor(const Json& accounts,
                                       std::string_view phone,
                                       const std::vector<std::string>& preferred,
                                       const std::set<std::string>& tried)
{
    using Rank = std::tuple<bool, std::ptrdiff_t, std::string>;
    std::vector<Rank> ranks;
    for (const Json& account : accounts) {
        const std::string name = account.at("account");
        if (mayBegin(account) && serves(account, phone) && !tried.contains(name)) {
            const auto place = std::find(preferred.begin(), preferred.end(), name);
            ranks.emplace_back(
                account.value("breaker", "") == "open", place - preferred.begin(), name);
        }
    }
    std::sort(ranks.begin(), ranks.end());
    std::vector<std::string> names;
    for (const auto& [is_sick, place, name] : ranks) {
        names.push_back(name);
    }
    return names;
}

} // namespace messaging
