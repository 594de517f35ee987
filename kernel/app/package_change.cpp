#include "app/package_change.hpp"

namespace hub::app {

namespace {

base::Json knownOf(const plugin::Package& package)
{
    base::Json file = package.file.json;
    for (auto& [name, entry] : file["accounts"].items()) {
        entry.erase("state");
        entry.erase("callback_token");
        const config::Account* account = package.findAccount(name);
        if (account != nullptr && !account->callback_tokens.empty()) {
            entry["callback_token"] = account->callback_tokens.front();
        }
    }
    return file;
}

} // namespace

bool isSameForProcess(const plugin::Package& before, const plugin::Package& now)
{
    return before.enabled == now.enabled && before.manifest.json == now.manifest.json &&
           knownOf(before) == knownOf(now);
}

plugin::Package withNewest(const plugin::Package& package, const plugin::Package& newest)
{
    if (isSameForProcess(package, newest)) {
        return newest;
    }
    plugin::Package shown = package;
    for (const auto& [name, now] : newest.file.accounts) {
        const auto [entry, is_new] = shown.file.accounts.try_emplace(name, now);
        config::Account& account = entry->second;
        if (!is_new) {
            account.state = now.state;
            account.callback_tokens =
                config::unitedTokens(account.callback_tokens, now.callback_tokens);
        } else if (account.state == config::Account::State::Enabled) {
            // The process that works now does not know it: nothing may begin there.
            account.state = config::Account::State::Draining;
        }
    }
    return shown;
}

} // namespace hub::app
