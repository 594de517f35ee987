// Catalogue: everything that is installed and configured, read once and checked against each
// other before any library runs. A library that does not fit is refused and the hub goes on; a
// wrong configuration, or two libraries that claim the same, stop the start.
#pragma once

#include "base/json.hpp"
#include "config/library_file.hpp"
#include "config/settings.hpp"
#include "plugin/contract.hpp"
#include "plugin/events.hpp"
#include "plugin/manifest.hpp"
#include "plugin/routes.hpp"

#include <hub/result.hpp>

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::plugin {

/// An installed library whose package is sound.
struct Package {
    std::filesystem::path folder;
    Manifest manifest;
    std::vector<RouteSpec> routes;
    std::string routes_text; // routes.json
    std::vector<EventSpec> events;
    std::string events_text;  // events.json; empty: none are described
    config::LibraryFile file; // as plugins.d has it; without a file: not enabled
    Isolation isolation = Isolation::Process;
    bool enabled = false;
    std::string fingerprint; // of manifest, routes, events and file: another one is another package

    /// What is installed but was rolled back, so that this former version stands in for it.
    struct SetAside {
        Manifest manifest;
        std::string reason;
    };
    std::optional<SetAside> set_aside;

    const config::Account* findAccount(const std::string& account) const
    {
        const auto found = file.accounts.find(account);
        return found == file.accounts.end() ? nullptr : &found->second;
    }
    bool runsInside() const noexcept { return isolation == Isolation::InProcess; }
    /// Null when it is not described.
    const EventSpec* findEvent(std::string_view type, std::uint32_t version) const;
    std::filesystem::path libraryPath() const { return folder / manifest.library; }
};

/// A library that is not used, in one sentence per reason.
struct Refusal {
    std::string library; // folder or id
    std::vector<std::string> reasons;
};

struct CatalogueSettings {
    std::filesystem::path plugins_folder;
    std::filesystem::path config_folder;
    std::filesystem::path contracts_folder;
    std::string public_url;
    config::Profile profile = config::Profile::Production;
    /// Why a connector or subscriber must not be loaded, wherever it would run; an empty sentence
    /// allows it. Not set: none needs to be approved.
    std::function<std::string(const Manifest&)> objection = {};
    /// What is used of an installed package: configuration and contracts are checked against that.
    /// Not set: what is installed.
    std::function<Result<Package>(Package installed)> in_use = {};

    static CatalogueSettings from(const config::Settings& settings);
};

/// Immutable; thread-safe.
class Catalogue {
public:
    /// Never throws for what it reads: look at problems() and refusals().
    static Catalogue read(const CatalogueSettings& settings);

    /// What stops the start, one sentence each; empty when the hub may start.
    const std::vector<std::string>& problems() const noexcept { return problems_; }
    const std::vector<Refusal>& refusals() const noexcept { return refusals_; }
    /// All sound packages by id, enabled or not.
    const std::map<std::string, Package>& packages() const noexcept { return packages_; }
    const std::map<std::string, Contract>& contracts() const noexcept { return contracts_; }

    /// Why the library is refused; null when it is not.
    const Refusal* findRefusal(const std::string& library) const;
    /// Null when there is none. Enabled libraries only, but for `findPackage`.
    const Package* findPackage(const std::string& library) const;
    const Contract* findContract(const std::string& contract) const;
    const Package* ownerOf(const std::string& contract) const;
    /// The library that an account belongs to.
    const Package* libraryOf(const std::string& account) const;
    const config::Account* findAccount(const std::string& account) const;
    /// The connector of the account, if it implements that operation; `product` may be empty.
    const Package* connectorFor(const std::string& account,
                                const std::string& contract,
                                const std::string& operation,
                                const std::string& product) const;
    std::vector<const Package*> enabled() const;

    /// The same with this package in the place of the one with its id, or without that one.
    Catalogue with(const Package& package) const;
    Catalogue without(const std::string& library) const;
    /// Of all contracts: who has other ones is another hub.
    const std::string& contractsFingerprint() const noexcept { return contracts_fingerprint_; }

    /// What create() receives (sdk/ABI.md section 10): no secret inside.
    base::Json configFor(const std::string& library) const;
    /// public_url/callback/<library>/<account>/<newest token>; empty without a token.
    std::string callbackUrl(const std::string& account) const;

private:
    friend class CatalogueReader;

    std::string public_url_;
    std::vector<std::string> problems_;
    std::vector<Refusal> refusals_;
    std::map<std::string, Package> packages_;
    std::map<std::string, Contract> contracts_;
    std::string contracts_fingerprint_;
};

} // namespace hub::plugin
