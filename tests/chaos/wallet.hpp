// A wallet and the provider behind it, as a fault needs them: the accounts that the hub has there,
// what the simulator calls its requests, its notices made by hand, and how its keys change. One
// class per provider; the faults know none of them.
#pragma once

#include "callbacks_desk.hpp"
#include "callbacks_mutator.hpp"
#include "http_raw.hpp"
#include "options.hpp"
#include "shop.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

/// Where an installation's files are, and where the hub finds the provider.
struct Site {
    std::filesystem::path folder;
    std::uint16_t own_port = 0;    ///< of the account that is put through the fault
    std::uint16_t second_port = 0; ///< of the one beside it
};

/// What the simulator calls a request; for its faults and its log.
struct Requests {
    std::string create;
    std::string refund;
    std::string query;
};

/// A notice that is validly signed, or by somebody who is not the provider, and says something
/// else than is true.
struct Lie {
    std::string what;
    Notice notice;
    std::string path;
};

/// What a provider tells of one order: three things that may come in any order, and an old one.
struct Tale {
    std::vector<std::pair<std::string, Notice>> words;
    Notice late;
    std::string end; ///< state of the payment and what it keeps, after all of them
};

/// A genuine notice that left earlier or later than the provider's window allows, or within it.
struct TimedNotice {
    std::string what;
    Notice notice;
    bool is_timely = false;
};

/// The operator's hands while keys change, and the provider's.
struct KeyTools {
    std::filesystem::path folder; ///< of the installation
    std::filesystem::path spare;  ///< made by `expohub-simulator prepare`: another set of all keys
    /// `expohub …`; a failure is noted as one of the run.
    std::function<void(const std::vector<std::string>& command)> operate;
    /// POST /control/…
    std::function<void(const std::string& path, const Json& body)> control;
};

/// Which key signs a notice made by hand.
enum class Signer { Former, Present };

/// Not thread-safe, but the const functions are.
class Wallet {
public:
    virtual ~Wallet() = default;

    const std::string& name() const noexcept { return name_; } ///< as the simulator calls it
    std::string library() const { return "payment_" + name_; }
    std::string account() const { return name_ + "-demo"; }
    std::string secondAccount() const { return name_ + "-second"; } ///< of another merchant
    std::string sisterAccount() const { return name_ + "-sister"; } ///< of the same one
    std::string method() const { return name_ == "alipay" ? "scan" : "scan_" + name_; }
    /// Where the hub takes the account's callbacks.
    const std::string& path() const noexcept { return own_path_; }

    virtual Requests requests() const = 0;
    /// A create that got no answer can be repeated and gives the code then.
    virtual bool givesCodeAgain() const { return true; }

    /// Writes plugins.d and the provider's list of merchants; the secrets are yet to be stored.
    virtual void install(const Site& site) const = 0;
    /// By name, the file that it is read from.
    virtual std::map<std::string, std::filesystem::path>
    secrets(const std::filesystem::path& folder) const
    {
        (void)folder;
        return {};
    }
    /// Reads merchants, addresses and keys of an installation.
    virtual void enter(const std::filesystem::path& folder) = 0;

    virtual Notice paid(const Order& order, Signer signer = Signer::Present) const = 0;
    virtual std::vector<Lie> lies(const Order& order, const Order& other) const = 0;
    /// Lets happen at the provider what is told then. Throws std::runtime_error when it can't.
    virtual Tale tell(Shop& shop, Deliverer& desk, const Order& order) const = 0;
    /// Of notices that `order` was paid; `other` is another order that was.
    virtual std::unique_ptr<Mutator>
    mutator(const Order& order, const Order& other, std::uint64_t seed) const = 0;
    /// Empty: the protocol has no window.
    virtual std::vector<TimedNotice> timed(const Order& order) const
    {
        (void)order;
        return {};
    }
    virtual bool isSuccess(const RawAnswer& answer) const = 0;

    // Key changes. `number` counts them; the simulator is started again after begin() where
    // needsRestart() says so.
    virtual int keyChanges() const { return 1; }
    virtual std::string keyChange(int number) const = 0;
    /// The provider signs with another key; the hub believes both.
    virtual void beginKeyChange(int number, const KeyTools& tools) = 0;
    virtual bool needsRestart(int number) const = 0;
    /// The hub believes the new one only. False: the old one stays good in this protocol.
    virtual bool endKeyChange(int number, const KeyTools& tools) = 0;
    /// Ours: the provider knows the new one after the next start.
    virtual void changeMerchantKey(const KeyTools& tools) = 0;

protected:
    explicit Wallet(std::string name)
        : name_(std::move(name))
    {}
    std::filesystem::path accountsFile(const std::filesystem::path& folder) const
    {
        return folder / "hub/plugins.d" / (library() + ".json");
    }
    /// {"alipay-demo": {…}, …} of plugins.d.
    Json readAccounts(const std::filesystem::path& folder) const;
    std::string pathOf(const Json& accounts, const std::string& account) const;
    /// Reads the paths of the three accounts.
    void readPaths(const Json& accounts);

    std::string own_path_;
    std::string second_path_;
    std::string sister_path_;

private:
    std::string name_;
};

std::unique_ptr<Wallet> makeAlipay();
std::unique_ptr<Wallet> makeWechat();
std::unique_ptr<Wallet> makeUnionpay();

/// With two accounts where a code can't be had again.
Till tillOf(const Wallet& wallet);

using Wallets = std::vector<std::unique_ptr<Wallet>>;
/// Those of --provider. Throws std::invalid_argument that lists the known ones.
Wallets chosenWallets(const Options& options);

/// Where the hub finds this wallet's provider, given where it is.
using SiteOf = std::function<Site(const Wallet& wallet)>;
/// For Setup::configure: accounts, merchants, methods and secrets of the wallets.
void installWallets(const Wallets& wallets, const std::filesystem::path& build, const SiteOf& site);
std::vector<std::string> librariesOf(const Wallets& wallets);

// What the classes share.
void editJson(const std::filesystem::path& file, const std::function<void(Json&)>& edit);
std::string readText(const std::filesystem::path& file);
std::string newToken();
/// "2026-11-05 10:00:01" in Beijing, so many seconds from now.
std::string beijingTime(std::int64_t from_now_s = 0);
/// For members of `keys`, the secrets' names.
Json accountOf(Json config, Json keys, std::uint16_t port);

} // namespace chaos
