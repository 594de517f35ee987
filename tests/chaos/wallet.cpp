#include "wallet.hpp"

#include "processes.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

namespace chaos {

namespace fs = std::filesystem;

Json Wallet::readAccounts(const fs::path& folder) const
{
    const Json content = Json::parse(readText(accountsFile(folder)), nullptr, false);
    if (!content.is_object() || !content.contains("accounts")) {
        throw std::runtime_error(accountsFile(folder).string() + " lists no accounts");
    }
    return content.at("accounts");
}

std::string Wallet::pathOf(const Json& accounts, const std::string& account) const
{
    return "/callback/" + library() + "/" + account + "/" +
           textOf(accounts.at(account), "callback_token");
}

void Wallet::readPaths(const Json& accounts)
{
    own_path_ = pathOf(accounts, account());
    second_path_ = pathOf(accounts, secondAccount());
    sister_path_ = pathOf(accounts, sisterAccount());
}

Till tillOf(const Wallet& wallet)
{
    Till till{wallet.method()};
    if (!wallet.givesCodeAgain()) {
        till.accounts = {wallet.account(), wallet.secondAccount()};
    }
    return till;
}

Wallets chosenWallets(const Options& options)
{
    Wallets wallets;
    wallets.push_back(makeAlipay());
    wallets.push_back(makeWechat());
    wallets.push_back(makeUnionpay());
    if (options.provider == "all") {
        return wallets;
    }
    std::string known;
    for (const auto& wallet : wallets) {
        known += ", " + wallet->name();
    }
    std::erase_if(wallets, [&](const auto& wallet) { return wallet->name() != options.provider; });
    if (wallets.empty()) {
        throw std::invalid_argument("--provider is \"" + options.provider + "\"; known are all" +
                                    known);
    }
    return wallets;
}

std::vector<std::string> librariesOf(const Wallets& wallets)
{
    std::vector<std::string> libraries;
    for (const auto& wallet : wallets) {
        libraries.push_back(wallet->library());
    }
    return libraries;
}

namespace {

void storeSecrets(const Wallet& wallet, const fs::path& build, const fs::path& folder)
{
    for (const auto& [name, file] : wallet.secrets(folder)) {
        const Ended put = run({build / "bin/expohub",
                               "--config",
                               folder / "hub/hub.properties",
                               "secret",
                               "put",
                               name,
                               "--file",
                               file});
        if (put.code != 0) {
            throw std::runtime_error("secret put " + name + ": " + put.output);
        }
    }
}

} // namespace

void installWallets(const Wallets& wallets, const fs::path& build, const SiteOf& site)
{
    fs::path folder;
    Json methods = Json::object();
    for (const auto& wallet : wallets) {
        const Site where = site(*wallet);
        folder = where.folder;
        wallet->install(where);
        storeSecrets(*wallet, build, folder);
        methods[wallet->method()] = {{"product", "qr"},
                                     {"accounts", {wallet->account(), wallet->secondAccount()}}};
    }
    editJson(folder / "hub/plugins.d/payments.json",
             [&](Json& content) { content["config"]["methods"] = methods; });
}

void editJson(const fs::path& file, const std::function<void(Json&)>& edit)
{
    Json content = Json::parse(readText(file), nullptr, false);
    if (!content.is_object()) {
        throw std::runtime_error(file.string() + " is no JSON object");
    }
    edit(content);
    std::ofstream(file) << content.dump(2);
}

std::string readText(const fs::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        throw std::runtime_error(file.string() + " can't be read");
    }
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

std::string newToken()
{
    constexpr std::size_t kSize = 32;
    std::random_device device;
    std::string token;
    while (token.size() < kSize) {
        token += "0123456789abcdef"[device() % 16];
    }
    return token;
}

std::string beijingTime(std::int64_t from_now_s)
{
    const std::time_t time = std::time(nullptr) + 8 * 3600 + from_now_s;
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts);
    return text.data();
}

Json accountOf(Json config, Json keys, std::uint16_t port)
{
    return {{"config", std::move(config)},
            {"keys", std::move(keys)},
            {"callback_token", newToken()},
            {"http_exact", {"127.0.0.1:" + std::to_string(port)}}};
}

} // namespace chaos
