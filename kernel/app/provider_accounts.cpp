#include "app/provider_accounts.hpp"

#include "app/account_list.hpp"
#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "base/uuid.hpp"
#include "journal/calls.hpp"
#include "observe/log.hpp"
#include "security/key_import.hpp"
#include "security/symmetric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <utility>

namespace hub::app {

namespace {

using base::Json;

const observe::Log kLog("accounts");

constexpr std::size_t kTokensMax = 8;
constexpr std::size_t kTokenBytes = 24;
constexpr std::int64_t kTestMs = 15000;
constexpr std::int64_t kTakeOverMs = 60000;

Error unknownAccount(const std::string& account)
{
    return {HUB_NOT_FOUND,
            "there is no account \"" + account + "\"; see `expohub provider-account list`"};
}

/// Without what the schema calls writeOnly.
Json shownConfig(const Json& config, const Json& schema)
{
    Json shown = config;
    const Json properties = schema.value("properties", Json::object());
    for (const auto& [name, property] : properties.items()) {
        if (property.is_object() && property.value("writeOnly", false)) {
            shown.erase(name);
        }
    }
    return shown;
}

bool has(const std::vector<std::string>& list, std::string_view text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

std::string newToken()
{
    return base::toHex(base::randomBytes(kTokenBytes));
}

std::int64_t countAt(const std::map<std::string, std::int64_t>& open, const std::string& account)
{
    const auto found = open.find(account);
    return found == open.end() ? 0 : found->second;
}

std::function<void(Json&)> stateEdit(const std::string& state)
{
    return [state](Json& entry) {
        entry["state"] = state;
    };
}

/// Undoes a step at the end of the scope, unless that is to stay.
class Undo {
public:
    explicit Undo(std::function<void()> undo)
        : undo_(std::move(undo))
    {}
    ~Undo()
    {
        try {
            if (undo_) {
                undo_();
            }
        } catch (const std::exception&) {
            kLog.error("a change can't be undone: {}", base::currentExceptionText());
        }
    }
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;

    void forget() noexcept { undo_ = nullptr; }

private:
    std::function<void()> undo_;
};

/// The file to go back to. Providers may have been told the address with a new token meanwhile: it
/// stays valid.
std::optional<Json> formerWith(std::optional<Json> former,
                               const std::string& name,
                               const plugin::Package& before,
                               const plugin::Package& tried)
{
    const config::Account* was = before.findAccount(name);
    const config::Account* is = tried.findAccount(name);
    if (former && was != nullptr && is != nullptr && was->callback_tokens != is->callback_tokens) {
        auto tokens = config::unitedTokens(was->callback_tokens, is->callback_tokens);
        tokens.resize(std::min(tokens.size(), kTokensMax));
        (*former)["accounts"][name]["callback_token"] = tokens;
    }
    return former;
}

} // namespace

ProviderAccounts::ProviderAccounts(ProviderAccountParts parts)
    : parts_(std::move(parts))
    , files_(parts_.settings.plugins.config_folder)
{}

ProviderAccounts::OpenCalls ProviderAccounts::openCalls() const
{
    store::Lease snapshot = parts_.database.snapshot();
    return journal::Calls::openByAccount(*snapshot);
}

Json ProviderAccounts::viewOf(const plugin::Package& package,
                              const std::string& name,
                              const OpenCalls& open) const
{
    const config::Account& account = *package.findAccount(name);
    Json keys = Json::object();
    for (const plugin::KeyRole& role : package.manifest.keys) {
        const auto found = account.keys.find(role.name);
        const bool there =
            found != account.keys.end() && !parts_.secrets.versions(found->second).empty();
        keys[role.name] = {{"title", role.title}, {"present", there}};
    }
    Json secrets = Json::object();
    for (const plugin::SecretRole& role : package.manifest.secrets) {
        const auto found = account.secrets.find(role.name);
        const bool there =
            found != account.secrets.end() && !parts_.secrets.versions(found->second).empty();
        secrets[role.name] = {{"title", role.title}, {"present", there}};
    }
    Json view = {
        {"account", name},
        {"library", package.manifest.id},
        {"title", package.manifest.title},
        {"state", toText(account.state)},
        {"config", shownConfig(account.config, package.manifest.account_configuration)},
        {"keys", keys},
        {"secrets", secrets},
        {"callback_url", parts_.catalogue.now().callbackUrl(name)},
        {"open_calls", countAt(open, name)},
        {"health", {{"breaker", "closed"}, {"answered", 0}, {"not_sent", 0}, {"unknown", 0}}}};
    for (const egress::AccountHealth& health : parts_.exchanger.health()) {
        if (health.account == name) {
            view["health"] = {{"breaker", toText(health.breaker)},
                              {"answered", health.answered},
                              {"not_sent", health.not_sent},
                              {"unknown", health.unknown}};
        }
    }
    return view;
}

Json ProviderAccounts::list() const
{
    Json accounts = Json::array();
    const OpenCalls open = openCalls();
    for (const plugin::Package* package : parts_.catalogue.now().enabled()) {
        for (const auto& [name, account] : package->file.accounts) {
            accounts.push_back(viewOf(*package, name, open));
        }
    }
    return accounts;
}

Result<Json> ProviderAccounts::show(const std::string& account) const
{
    const plugin::Package* package = parts_.catalogue.now().libraryOf(account);
    return package == nullptr ? Result<Json>(unknownAccount(account))
                              : Result<Json>(viewOf(*package, account, openCalls()));
}

Result<Json> ProviderAccounts::describe(const std::string& library) const
{
    const plugin::Package* package = parts_.catalogue.now().findPackage(library);
    if (package == nullptr || package->manifest.implements.empty()) {
        return Error{HUB_NOT_FOUND,
                     "no connector \"" + library + "\" is installed; see `expohub plugin list`"};
    }
    Json roles = Json::array();
    for (const plugin::KeyRole& role : package->manifest.keys) {
        roles.push_back({{"role", role.name}, {"title", role.title}, {"uses", role.uses}});
    }
    for (const plugin::SecretRole& role : package->manifest.secrets) {
        roles.push_back({{"role", role.name}, {"title", role.title}});
    }
    return Json{{"library", library},
                {"title", package->manifest.title},
                {"config", package->manifest.account_configuration},
                {"roles", roles}};
}

/// HUB_BAD_REQUEST: the files don't fit · HUB_REJECTED: the package is refused.
Result<plugin::Package> ProviderAccounts::read(const std::string& library,
                                               const std::filesystem::path& config_folder) const
{
    const plugin::Catalogue catalogue = parts_.read_with(config_folder);
    if (!catalogue.problems().empty()) {
        return Error{HUB_BAD_REQUEST, fmt::format("{}", fmt::join(catalogue.problems(), "\n"))};
    }
    if (const plugin::Package* package = catalogue.findPackage(library)) {
        return *package;
    }
    const plugin::Refusal* refusal = catalogue.findRefusal(library);
    return Error{HUB_REJECTED,
                 refusal == nullptr
                     ? library + ": is not installed any more"
                     : fmt::format("{}: refused: {}", library, fmt::join(refusal->reasons, "; "))};
}

/// HUB_UNAVAILABLE: not yet, but it goes on.
Result<void>
ProviderAccounts::takeOver(const std::string& library, const std::string& actor, Json& said)
{
    const auto reloaded = parts_.fleet.reload(actor);
    if (!reloaded.ok()) {
        return Error{HUB_REJECTED, reloaded.error().message};
    }
    said = reloaded.value();
    return parts_.fleet.awaitTakenOver(library, kTakeOverMs);
}

/// With HUB_UNAVAILABLE the change is written and is still being taken over; with any other error
/// the file is as it was.
Result<Json> ProviderAccounts::change(const std::string& library, const Change& wanted)
{
    const std::string name = files_.nameOf(library);
    // As it is written: a former change may not have been taken over yet.
    const auto before = read(library, parts_.settings.plugins.config_folder);
    if (!before.ok()) {
        return before.error();
    }
    if ((before.value().findAccount(wanted.account) == nullptr) != wanted.is_new) {
        return Error{wanted.is_new ? HUB_REJECTED : HUB_NOT_FOUND,
                     fmt::format("plugins.d/{} has {} account \"{}\"; see `expohub plugin reload`",
                                 name,
                                 wanted.is_new ? "already an" : "no",
                                 wanted.account)};
    }
    const std::optional<Json> former = files_.read(name);
    Json document = former.value_or(Json{{"library", library}, {"enabled", true}});
    wanted.edit(document["accounts"][wanted.account]);
    const std::filesystem::path trial = parts_.settings.run_folder / "plugins.d.trial";
    files_.copyWith(name, document, trial);
    const auto tried = read(library, trial);
    std::filesystem::remove_all(trial);
    if (!tried.ok()) {
        return tried.error();
    }
    Undo undo([&, back = formerWith(former, wanted.account, before.value(), tried.value())] {
        files_.write(name, back);
        (void)parts_.fleet.reload(wanted.actor);
    });
    files_.write(name, document);
    Json said;
    const auto taken = takeOver(library, wanted.actor, said);
    if (!taken.ok() && taken.error().code != HUB_UNAVAILABLE) {
        return taken.error();
    }
    undo.forget();
    parts_.trail.write({wanted.actor, wanted.action, wanted.account, "", "", 0});
    if (!taken.ok()) {
        return taken.error();
    }
    Json view = viewOf(tried.value(), wanted.account, openCalls());
    view["changes"] = std::move(said);
    return view;
}

Result<Json> ProviderAccounts::create(const std::string& library,
                                      const std::string& account,
                                      const Json& config,
                                      const std::string& actor)
{
    static const std::regex kName("^[a-z0-9][a-z0-9_-]{0,62}$");
    const std::lock_guard lock(mutex_);
    if (!std::regex_match(account, kName)) {
        return Error{HUB_BAD_REQUEST,
                     "the name of an account is a-z, 0-9, _ and -, at most 63 characters"};
    }
    const plugin::Package* package = parts_.catalogue.now().findPackage(library);
    if (package == nullptr || package->manifest.implements.empty()) {
        return Error{HUB_NOT_FOUND,
                     "no connector \"" + library + "\" is installed; see `expohub plugin list`"};
    }
    if (parts_.catalogue.now().libraryOf(account) != nullptr) {
        return Error{HUB_REJECTED, "there is an account \"" + account + "\" already"};
    }
    const auto edit = [&config](Json& entry) {
        // Nothing is asked of it before its keys are there and somebody enables it.
        entry = {{"state", "draining"}, {"config", config}, {"callback_token", newToken()}};
    };
    return change(library, {account, edit, "provider_account.create", actor, true});
}

Result<Json>
ProviderAccounts::configure(const std::string& account, const Json& patch, const std::string& actor)
{
    const std::lock_guard lock(mutex_);
    const plugin::Package* package = parts_.catalogue.now().libraryOf(account);
    if (package == nullptr) {
        return unknownAccount(account);
    }
    const auto edit = [&patch](Json& entry) {
        if (!entry.contains("config")) {
            entry["config"] = Json::object();
        }
        entry["config"].merge_patch(patch);
    };
    return change(package->manifest.id, {account, edit, "provider_account.configure", actor});
}

Result<Json> ProviderAccounts::setState(const std::string& account,
                                        const std::string& state,
                                        const std::string& actor)
{
    const std::lock_guard lock(mutex_);
    const plugin::Package* package = parts_.catalogue.now().libraryOf(account);
    if (package == nullptr) {
        return unknownAccount(account);
    }
    if (state == "enabled") {
        const config::Account& entry = *package->findAccount(account);
        for (const plugin::KeyRole& role : package->manifest.keys) {
            if (role.is_required && entry.keys.count(role.name) == 0) {
                return Error{HUB_REJECTED,
                             fmt::format("the account \"{}\" has no {} yet; put it in with "
                                         "`expohub provider-account put {} {}`",
                                         account,
                                         role.name,
                                         account,
                                         role.name)};
            }
        }
    }
    if (state == "retired") {
        return retire(*package, account, actor);
    }
    return change(package->manifest.id,
                  {account, stateEdit(state), "provider_account." + state, actor});
}

/// Counted before and after: while it is published, units that read the state before may still
/// begin calls. What an account drains for is asked about; a retired one is asked nothing.
Result<Json> ProviderAccounts::retire(const plugin::Package& package,
                                      const std::string& account,
                                      const std::string& actor)
{
    const config::Account* entry = package.findAccount(account);
    if (entry == nullptr || entry->state == config::Account::State::Enabled) {
        return Error{HUB_REJECTED,
                     "the account \"" + account +
                         "\" is enabled; drain it, wait until no call is open, then retire it"};
    }
    const auto owed = [&]() -> Result<void> {
        const std::int64_t open = countAt(openCalls(), account);
        return open == 0 ? Result<void>{}
                         : Result<void>{Error{
                               HUB_REJECTED,
                               fmt::format("{} calls to \"{}\" have no final outcome yet, and a "
                                           "retired account is asked nothing; wait, then retire it",
                                           open,
                                           account)}};
    };
    if (auto nothing = owed(); !nothing.ok()) {
        return nothing.error();
    }
    const auto put = [&](const char* state) {
        return change(package.manifest.id,
                      {account, stateEdit(state), std::string("provider_account.") + state, actor});
    };
    auto retired = put("retired");
    if (!retired.ok() && retired.error().code != HUB_UNAVAILABLE) {
        return retired;
    }
    Undo undo([&] { (void)put("draining"); });
    parts_.await_lane();
    if (auto nothing = owed(); !nothing.ok()) {
        return nothing.error();
    }
    undo.forget();
    return retired;
}

journal::CallDelivery ProviderAccounts::testCall(const plugin::Contract& contract,
                                                 const plugin::Package& package,
                                                 const std::string& account,
                                                 const std::string& actor) const
{
    journal::CallDelivery call;
    call.created_ms = parts_.clock.nowMs();
    call.deadline_ms = call.created_ms + kTestMs;
    call.uuid = base::makeUuidV7(call.created_ms);
    call.contract = contract.name;
    call.version = contract.version;
    call.operation = contract.test->operation;
    call.account = account;
    call.connector = package.manifest.id;
    call.trace = base::makeTraceId();
    call.edition = parts_.settings.edition;
    call.principal = actor;
    call.safe = true;
    call.personal = contract.personal;
    call.payload = contract.test->request.dump();
    return call;
}

Result<Json> ProviderAccounts::test(const std::string& account, const std::string& actor)
{
    const plugin::Package* package = parts_.catalogue.now().libraryOf(account);
    if (package == nullptr) {
        return unknownAccount(account);
    }
    for (const plugin::Implementation& item : package->manifest.implements) {
        const plugin::Contract* contract = parts_.catalogue.now().findContract(item.contract);
        if (contract == nullptr || !contract->test ||
            !has(item.operations, contract->test->operation)) {
            continue;
        }
        const journal::CallAnswer answer =
            parts_.call_aside(testCall(*contract, *package, account, actor), kTestMs);
        const bool works = answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE;
        const std::string said = works ? answer.payload : answer.message;
        parts_.trail.write({actor,
                            "provider_account.test",
                            account,
                            fmt::format("{}: {}", works ? "works" : "fails", said),
                            "",
                            0});
        return Json{{"account", account}, {"works", works}, {"said", said}};
    }
    return Error{
        HUB_UNSUPPORTED,
        fmt::format("nothing that {} implements names a call for tests", package->manifest.id)};
}

/// What is to be stored.
Result<std::string> ProviderAccounts::checkSecret(const plugin::Package& package,
                                                  AccountSecret& secret) const
{
    const plugin::KeyRole* key = package.manifest.findKey(secret.role);
    if (key == nullptr) {
        return package.manifest.findSecret(secret.role) != nullptr
                   ? Result<std::string>(secret.bytes)
                   : Result<std::string>(
                         Error{HUB_NOT_FOUND,
                               fmt::format("{} knows no key or secret \"{}\"; see `expohub "
                                           "provider-account describe {}`",
                                           package.manifest.id,
                                           secret.role,
                                           package.manifest.id)});
    }
    const auto told = [&secret](const Error& error) {
        return Error{error.code, secret.role + ": " + error.message};
    };
    const bool symmetric =
        has(key->uses, "hmac") || has(key->uses, "digest") ||
        std::any_of(key->algorithms.begin(), key->algorithms.end(), &security::isSymmetricCipher);
    if (symmetric) {
        auto bytes = security::importSymmetricKey(secret.bytes, key->algorithms);
        return bytes.ok() ? std::move(bytes) : Result<std::string>(told(bytes.error()));
    }
    auto imported = security::importKey(secret.bytes, secret.password, parts_.clock.nowMs());
    if (!imported.ok()) {
        return told(imported.error());
    }
    const bool wants_private = has(key->uses, "sign") || has(key->uses, "decrypt");
    if (wants_private && !imported.value().is_private) {
        return Error{HUB_BAD_REQUEST,
                     secret.role + ": is a public key, must be the private key that signs"};
    }
    if (!wants_private && imported.value().is_private) {
        return Error{HUB_BAD_REQUEST,
                     secret.role + ": is a private key, must be the provider's public key or "
                                   "certificate; your private key belongs elsewhere"};
    }
    return std::string(imported.value().pem.view());
}

Result<Json> ProviderAccounts::put(const AccountSecret& given, const std::string& actor)
{
    const std::lock_guard lock(mutex_);
    AccountSecret secret = given;
    const plugin::Package* package = parts_.catalogue.now().libraryOf(secret.account);
    if (package == nullptr) {
        return unknownAccount(secret.account);
    }
    const auto checked = checkSecret(*package, secret);
    if (!checked.ok()) {
        return checked.error();
    }
    const config::Account& account = *package->findAccount(secret.account);
    const bool is_key = package->manifest.findKey(secret.role) != nullptr;
    const auto& roles = is_key ? account.keys : account.secrets;
    const auto mapped = roles.find(secret.role);
    const std::string name =
        mapped != roles.end() ? mapped->second : secret.account + "/" + secret.role;
    const auto version = parts_.secrets.put(name, checked.value());
    if (!version.ok()) {
        return version.error();
    }
    parts_.trail.write({actor,
                        "provider_account.put",
                        secret.account,
                        fmt::format("{} version {}", secret.role, version.value()),
                        "",
                        0});
    if (mapped != roles.end()) {
        return viewOf(*package, secret.account, openCalls());
    }
    const auto edit = [&](Json& entry) {
        entry[is_key ? "keys" : "secrets"][secret.role] = name;
    };
    auto changed =
        change(package->manifest.id, {secret.account, edit, "provider_account.role", actor});
    if (!changed.ok() && changed.error().code != HUB_UNAVAILABLE) {
        (void)parts_.secrets.retire(name, version.value()); // nobody refers to it
    }
    return changed;
}

Result<Json> ProviderAccounts::rotateCallback(const std::string& account, const std::string& actor)
{
    const std::lock_guard lock(mutex_);
    const plugin::Package* package = parts_.catalogue.now().libraryOf(account);
    if (package == nullptr) {
        return unknownAccount(account);
    }
    std::vector<std::string> tokens = package->findAccount(account)->callback_tokens;
    tokens.insert(tokens.begin(), newToken());
    tokens.resize(std::min(tokens.size(), kTokensMax));
    const auto edit = [&tokens](Json& entry) {
        entry["callback_token"] = tokens;
    };
    return change(package->manifest.id, {account, edit, "provider_account.rotate_callback", actor});
}

} // namespace hub::app
