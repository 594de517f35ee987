// ProviderAccounts: an organizer's hand on the accounts at providers: made, configured, given keys,
// drained and retired while the hub runs. What it writes is plugins.d and the secret store, as an
// operator would; every change is checked whole before, and audited.
#pragma once

#include "app/audit_trail.hpp"
#include "app/fleet.hpp"
#include "config/account_files.hpp"
#include "egress/exchanger.hpp"
#include "journal/event.hpp"
#include "security/secrets.hpp"
#include "store/database.hpp"

#include <hub/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace hub::app {

struct ProviderAccountParts {
    const plugin::LiveCatalogue& catalogue;
    const config::Settings& settings;
    const base::Clock& clock;
    store::Database& database;
    /// Reads what is installed, with another folder in the place of plugins.config_folder.
    std::function<plugin::Catalogue(const std::filesystem::path& config_folder)> read_with;
    Fleet& fleet;
    security::Secrets& secrets;
    const egress::Exchanger& exchanger;
    AuditTrail& trail;
    /// Makes a safe call that is stored nowhere and waits for its answer.
    std::function<journal::CallAnswer(journal::CallDelivery, std::int64_t wait_ms)> call_aside;
    /// Returns when all that was given to the lane before is stored.
    std::function<void()> await_lane;
};

/// A key or secret that an organizer brings.
struct AccountSecret {
    std::string account;
    std::string role; // of the manifest, among keys or secrets
    std::string bytes;
    std::string password; // of a PFX or an encrypted PEM
};

/// Thread-safe. Answers are for organizers and hold no secret: configuration values that the schema
/// calls writeOnly are left out. Refusals name what to correct; then nothing has changed.
class ProviderAccounts {
public:
    explicit ProviderAccounts(ProviderAccountParts parts);

    base::Json list() const;
    Result<base::Json> show(const std::string& account) const;
    /// What an account of this connector needs: the manifest's schema, keys and secrets.
    Result<base::Json> describe(const std::string& library) const;

    Result<base::Json> create(const std::string& library,
                              const std::string& account,
                              const base::Json& config,
                              const std::string& actor);
    /// `patch` by RFC 7396.
    Result<base::Json>
    configure(const std::string& account, const base::Json& patch, const std::string& actor);
    /// "enabled", "draining" or "retired"; an account is retired when it drains and the hub has no
    /// calls there any more.
    Result<base::Json>
    setState(const std::string& account, const std::string& state, const std::string& actor);
    /// The contract's test call at the provider: {"account", "works", "said"}.
    Result<base::Json> test(const std::string& account, const std::string& actor);
    /// A new version of a key or secret, checked before it is kept.
    Result<base::Json> put(const AccountSecret& secret, const std::string& actor);
    /// A new token in the callback address; earlier ones stay valid.
    Result<base::Json> rotateCallback(const std::string& account, const std::string& actor);

private:
    using OpenCalls = std::map<std::string, std::int64_t>; // by account

    struct Change {
        std::string account;
        std::function<void(base::Json& account)> edit;
        std::string action;
        std::string actor;
        bool is_new = false; // the account is not there yet
    };

    OpenCalls openCalls() const;
    base::Json
    viewOf(const plugin::Package& package, const std::string& account, const OpenCalls& open) const;
    Result<plugin::Package> read(const std::string& library,
                                 const std::filesystem::path& config_folder) const;
    Result<base::Json> change(const std::string& library, const Change& wanted);
    Result<void> takeOver(const std::string& library, const std::string& actor, base::Json& said);
    Result<base::Json>
    retire(const plugin::Package& package, const std::string& account, const std::string& actor);
    journal::CallDelivery testCall(const plugin::Contract& contract,
                                   const plugin::Package& package,
                                   const std::string& account,
                                   const std::string& actor) const;
    Result<std::string> checkSecret(const plugin::Package& package, AccountSecret& secret) const;

    ProviderAccountParts parts_;
    config::AccountFiles files_;
    std::mutex mutex_;
};

} // namespace hub::app
