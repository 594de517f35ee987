#include "wallets.hpp"

#include "support/hub_process.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

namespace bench {

namespace {

namespace fs = std::filesystem;

using hub::test::HubProcess;
using hub::test::readFile;
using hub::test::writeFile;
using nlohmann::json;

void demand(const hub::test::ProgramEnd& end, const std::string& what)
{
    if (end.code != 0) {
        throw std::runtime_error(what + " failed: " + end.output + end.error);
    }
}

/// The simulator makes what a new merchant lacks: numbers that fit, keys and certificates.
json prepareMerchants(const fs::path& folder)
{
    const fs::path file = folder / "simulator.json";
    json settings = json::parse(readFile(file));
    settings["alipay"]["apps"][1].update({{"app_id", "9021000000000002"},
                                          {"seller_id", kWallets[0].sellers[1]},
                                          {"app_private_key", "alipay/app2_private_key.pem"},
                                          {"app_public_key", "alipay/app2_public_key.pem"}});
    settings["wechat"]["merchants"][0]["mode"] = "public_key";
    settings["wechat"]["merchants"][1].update({{"mchid", kWallets[1].sellers[1]},
                                               {"appids", {"wx0000000000000002"}},
                                               {"mode", "public_key"}});
    settings["unionpay"]["merchants"][1]["mer_id"] = kWallets[2].sellers[1];
    // A further certificate for the first, to move to.
    settings["unionpay"]["merchants"][0]["certificates"][1] = json::object();
    writeFile(file, settings.dump(2));
    const char* build = std::getenv("HUB_BUILD_DIR"); // NOLINT(concurrency-mt-unsafe)
    demand(hub::test::runProgram(
               {std::string(build) + "/bin/expohub-simulator", "prepare", "--folder", folder}),
           "expohub-simulator prepare");
    return json::parse(readFile(file));
}

/// Writes configurations, and their keys into the secret store.
class Enabling {
public:
    explicit Enabling(HubProcess& hub)
        : hub_(hub)
        , simulator_(hub.folder() / "simulator")
        , merchants_(prepareMerchants(simulator_))
        , address_(hub.simulatorAddress())
    {}

    void alipay()
    {
        for (std::size_t i = 0; i < 2; ++i) {
            const json& app = merchants_.at("alipay").at("apps").at(i);
            begin(kWallets[0].accounts.at(i),
                  {{"app_id", app.at("app_id")},
                   {"seller_id", app.at("seller_id")},
                   {"gateway_url", address_ + "/gateway.do"}});
            key("app_key", fileOf(app, "app_private_key"));
            key("provider_key", fileOf(merchants_.at("alipay"), "provider_public_key"));
        }
        finish(kWallets[0].library);
    }

    void wechat()
    {
        const json& provider = merchants_.at("wechat");
        for (std::size_t i = 0; i < 2; ++i) {
            const json& merchant = provider.at("merchants").at(i);
            begin(kWallets[1].accounts.at(i),
                  {{"mchid", merchant.at("mchid")},
                   {"appid", merchant.at("appids").at(0)},
                   {"base_url", address_},
                   {"platform_keys", "public_key"},
                   {"public_key_id", provider.at("public_key_id")}});
            key("merchant_key", fileOf(merchant, "private_key") + fileOf(merchant, "certificate"));
            key("platform_key", fileOf(provider, "public_key"));
            key("api_v3_key", merchant.at("apiv3_key"));
        }
        finish(kWallets[1].library);
    }

    void unionpay()
    {
        const json& provider = merchants_.at("unionpay");
        const fs::path authority = simulator_ / provider.at("authority_folder");
        for (std::size_t i = 0; i < 2; ++i) {
            const json& merchant = provider.at("merchants").at(i);
            begin(kWallets[2].accounts.at(i),
                  {{"merchant_id", merchant.at("mer_id")},
                   {"gateway_url", address_},
                   {"file_url", address_ + "/"},
                   {"middle_certificate", readFile(authority / "middle.pem")},
                   {"root_certificate", readFile(authority / "root.pem")}});
            const json& own = merchant.at("certificates").at(0);
            key("signing_key", fileOf(own, "private_key") + fileOf(own, "certificate"));
        }
        finish(kWallets[2].library);
    }

private:
    std::string fileOf(const json& owner, const char* name) const
    {
        return readFile(simulator_ / owner.at(name));
    }

    void begin(const char* account, json config)
    {
        account_ = account;
        accounts_[account] = {{"config", std::move(config)},
                              {"keys", json::object()},
                              {"callback_token", readFile(hub_.folder() / "hub/callback.token")},
                              {"http_exact", {address_.substr(address_.find("//") + 2)}}};
    }

    void key(const char* role, const std::string& content)
    {
        const std::string name = account_ + "/" + role;
        const fs::path file = hub_.folder() / "secret";
        writeFile(file, content);
        demand(hub_.command({"secret", "put", name, "--file", file}), "secret put " + name);
        fs::remove(file);
        accounts_[account_]["keys"][role] = name;
    }

    void finish(const char* library)
    {
        hub_.configure(
            library,
            {{"library", library}, {"enabled", true}, {"accounts", std::exchange(accounts_, {})}});
    }

    HubProcess& hub_;
    fs::path simulator_;
    json merchants_;
    std::string address_;
    std::string account_;
    json accounts_;
};

} // namespace

const Wallet& walletOf(std::size_t number)
{
    constexpr std::size_t kStride = 7; // has no factor in common with kShares
    int place = static_cast<int>(number * kStride % kShares);
    for (const Wallet& wallet : kWallets) {
        place -= wallet.share;
        if (place < 0) {
            return wallet;
        }
    }
    throw std::logic_error("the shares do not add up");
}

std::string otherAccountOf(const std::string& account)
{
    for (const Wallet& wallet : kWallets) {
        for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
            if (account == wallet.accounts.at(i)) {
                return wallet.accounts.at(1 - i);
            }
        }
    }
    throw std::invalid_argument("no wallet has the account " + account);
}

json enableWallets(HubProcess& hub)
{
    Enabling enabling(hub);
    enabling.alipay();
    enabling.wechat();
    enabling.unionpay();
    json methods;
    for (const Wallet& wallet : kWallets) {
        methods[wallet.name] = {{"product", "qr"}, {"accounts", wallet.accounts}};
    }
    return methods;
}

} // namespace bench
