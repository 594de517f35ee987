#include "plugin/catalogue_reader.hpp"

#include "base/encoding.hpp"
#include "base/exception.hpp"
#include "config/json_file.hpp"

#include <hub/ext/session.h>
#include <hub/ext/stream.h>
#include <hub/plugin.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace hub::plugin {

namespace {

using base::Json;

/// Entries of a folder in the order of their names, so that the same tree gives the same words.
std::vector<std::filesystem::path> entriesOf(const std::filesystem::path& folder,
                                             const char* setting,
                                             std::vector<std::string>& problems)
{
    std::vector<std::filesystem::path> entries;
    std::error_code failed;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
        entries.push_back(entry.path());
    }
    if (failed) {
        problems.push_back(fmt::format("{}: can't be read ({}); create the folder or correct {}",
                                       folder.string(),
                                       failed.message(),
                                       setting));
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

void checkAbi(const Manifest& manifest, const std::string& name, std::vector<std::string>& reasons)
{
    if (manifest.abi_major != HUB_ABI_MAJOR) {
        reasons.push_back(fmt::format("{}: \"/abi/major\" is {}, must be {}; build the library for "
                                      "this hub",
                                      name,
                                      manifest.abi_major,
                                      HUB_ABI_MAJOR));
    } else if (manifest.abi_minor_required > HUB_ABI_MINOR) {
        reasons.push_back(fmt::format("{}: \"/abi/minor_required\" is {}, must be at most {}; "
                                      "install a newer hub",
                                      name,
                                      manifest.abi_minor_required,
                                      HUB_ABI_MINOR));
    }
}

void checkBuilt(const Manifest& manifest,
                const std::filesystem::path& folder,
                const std::string& name,
                std::vector<std::string>& reasons)
{
    if (manifest.library.empty() || manifest.sha256.empty()) {
        reasons.push_back(name + ": must have the members \"library\" and \"sha256\"; install what "
                                 "the build made, not its source folder");
    } else if (!std::filesystem::is_regular_file(folder / manifest.library)) {
        reasons.push_back(fmt::format("{}: \"/library\" is \"{}\", must be a file beside it; "
                                      "install the library again",
                                      name,
                                      manifest.library));
    }
    if (folder.filename() != manifest.id) {
        reasons.push_back(fmt::format("{}: \"/id\" is \"{}\", must be the name of its folder, "
                                      "\"{}\"; rename one",
                                      name,
                                      manifest.id,
                                      folder.filename().string()));
    }
}

} // namespace

Catalogue CatalogueReader::read()
{
    catalogue_.public_url_ = settings_.public_url;
    readContracts();
    readPackages();
    applyFiles();
    refuseMisfits();
    checkOwners();
    checkPublishers();
    checkShapes();
    checkCommands();
    checkAsks();
    for (auto& [id, package] : catalogue_.packages_) {
        package.fingerprint = base::sha256Hex(package.manifest.json.dump() + package.routes_text +
                                              package.events_text + package.file.json.dump());
    }
    return std::move(catalogue_);
}

void CatalogueReader::readContracts()
{
    auto& problems = catalogue_.problems_;
    for (const auto& path : entriesOf(settings_.contracts_folder, "contracts.folder", problems)) {
        if (path.extension() != ".json") {
            continue;
        }
        const std::string name = "contracts/" + path.filename().string();
        const Result<Json> json = config::readJsonFile(path, name);
        if (!json.ok()) {
            problems.push_back(json.error().message);
            continue;
        }
        std::optional<Contract> contract = parseContract(json.value(), name, problems);
        if (contract && contract->name != path.stem()) {
            problems.push_back(fmt::format("{}: \"/contract\" is \"{}\", must be the name of its "
                                           "file; rename one",
                                           name,
                                           contract->name));
        } else if (contract) {
            catalogue_.contracts_fingerprint_ =
                base::sha256Hex(catalogue_.contracts_fingerprint_ + json.value().dump());
            const std::string key = contract->name;
            catalogue_.contracts_.emplace(key, std::move(*contract));
        }
    }
}

void CatalogueReader::readPackages()
{
    for (const auto& path :
         entriesOf(settings_.plugins_folder, "plugins.folder", catalogue_.problems_)) {
        if (std::filesystem::is_directory(path)) {
            readPackage(path);
        }
    }
}

void CatalogueReader::readPackage(const std::filesystem::path& folder)
{
    const std::string name = folder.filename().string() + "/manifest.json";
    Reasons reasons;
    const Result<Json> json = config::readJsonFile(folder / "manifest.json", name);
    if (!json.ok()) {
        reasons.push_back(json.error().message);
    } else if (std::optional<Manifest> manifest = parseManifest(json.value(), name, reasons)) {
        checkAbi(*manifest, name, reasons);
        checkBuilt(*manifest, folder, name, reasons);
        Package package;
        package.folder = folder;
        package.isolation = manifest->isolation;
        package.manifest = std::move(*manifest);
        if (readRoutesOf(package, folder.filename().string() + "/routes.json", reasons) &&
            readEventsOf(package, folder.filename().string() + "/events.json", reasons) &&
            reasons.empty()) {
            addPackage(std::move(package), reasons);
        }
    }
    if (!reasons.empty()) {
        catalogue_.refusals_.push_back({folder.filename().string(), std::move(reasons)});
    }
}

void CatalogueReader::addPackage(Package installed, Reasons& reasons)
{
    const std::string id = installed.manifest.id;
    Result<Package> used = settings_.in_use ? settings_.in_use(std::move(installed))
                                            : Result<Package>(std::move(installed));
    if (used.ok()) {
        catalogue_.packages_.emplace(id, std::move(used).value());
    } else {
        reasons.push_back(used.error().message);
    }
}

bool CatalogueReader::readRoutesOf(Package& package,
                                   const std::string& name,
                                   Reasons& reasons) const
{
    const auto path = package.folder / "routes.json";
    if (!std::filesystem::exists(path)) {
        return true;
    }
    if (package.manifest.kind != Kind::Plugin) {
        reasons.push_back(name + ": must be absent, because only plugins have routes; remove it");
        return false;
    }
    const Result<Json> json = config::readJsonFile(path, name);
    if (!json.ok()) {
        reasons.push_back(json.error().message);
        return false;
    }
    auto routes = parseRoutes(json.value(), package.manifest.id, name, reasons);
    if (routes) {
        package.routes = std::move(*routes);
        package.routes_text = json.value().dump();
    }
    return routes.has_value();
}

bool CatalogueReader::readEventsOf(Package& package,
                                   const std::string& name,
                                   Reasons& reasons) const
{
    const auto path = package.folder / "events.json";
    if (!std::filesystem::exists(path)) {
        return true;
    }
    const Result<Json> json = config::readJsonFile(path, name);
    if (!json.ok()) {
        reasons.push_back(json.error().message);
        return false;
    }
    auto events = parseEvents(json.value(), package.manifest, name, reasons);
    if (events) {
        package.events = std::move(*events);
        package.events_text = json.value().dump();
    }
    return events.has_value();
}

void CatalogueReader::applyFiles()
{
    config::LibraryFiles read = readLibraryFiles(settings_.config_folder, settings_.profile);
    for (std::string& problem : read.problems) {
        catalogue_.problems_.push_back(std::move(problem));
    }
    for (config::LibraryFile& file : read.files) {
        applyFile(std::move(file));
    }
}

void CatalogueReader::applyFile(config::LibraryFile file)
{
    const auto found = catalogue_.packages_.find(file.library);
    if (found == catalogue_.packages_.end()) {
        if (file.enabled && catalogue_.findRefusal(file.library) == nullptr) {
            catalogue_.refusals_.push_back(
                {file.library,
                 {fmt::format(
                     "{}: \"/library\" is \"{}\", must be an installed library; install it "
                     "into {} or set \"enabled\" to false",
                     file.file,
                     file.library,
                     settings_.plugins_folder.string())}});
        }
        return;
    }
    Package& package = found->second;
    package.enabled = file.enabled;
    package.isolation = file.isolation.value_or(package.manifest.isolation);
    package.file = std::move(file);
    if (package.enabled) {
        checkConfiguration(package);
    }
}

void CatalogueReader::checkConfiguration(const Package& package)
{
    if (package.manifest.kind == Kind::Plugin && package.isolation == Isolation::Process) {
        catalogue_.problems_.push_back(
            fmt::format("{}: \"/isolation\" is \"process\", must be \"in_process\" for a plugin; "
                        "remove it",
                        package.file.file));
    }
    if (package.manifest.wants(HUB_EXT_STREAM_1) && package.isolation == Isolation::InProcess) {
        catalogue_.problems_.push_back(
            fmt::format("{}: \"/isolation\" is \"in_process\", must be \"process\" for a library "
                        "that uses {}; remove it",
                        package.file.file,
                        HUB_EXT_STREAM_1));
    }
    Reasons problems = checkAgainst(package, package.manifest);
    if (package.set_aside && checkAgainst(package, package.set_aside->manifest).empty()) {
        // Written for the version that was rolled back. That must not keep the hub from starting:
        // the former one says itself when it can't work with this.
        return;
    }
    for (std::string& problem : problems) {
        catalogue_.problems_.push_back(std::move(problem));
    }
}

CatalogueReader::Reasons CatalogueReader::checkAgainst(const Package& package,
                                                       const Manifest& manifest)
{
    Reasons problems;
    checkValues(package, manifest.configuration, package.file.config, "/config", problems);
    for (const auto& [name, account] : package.file.accounts) {
        checkValues(package,
                    manifest.account_configuration,
                    account.config,
                    "/accounts/" + name + "/config",
                    problems);
    }
    checkRoles(package, manifest, problems);
    return problems;
}

void CatalogueReader::checkValues(const Package& package,
                                  const Json& schema,
                                  const Json& value,
                                  const std::string& place,
                                  Reasons& problems)
{
    const config::Schema form(schema, package.manifest.id);
    for (const config::Violation& violation : form.check(value)) {
        problems.push_back(config::describeViolation(package.file.file, value, violation, place) +
                           "; correct it");
    }
}

void CatalogueReader::checkRoles(const Package& package,
                                 const Manifest& manifest,
                                 Reasons& problems)
{
    const auto refuse = [&](const std::string& place, const std::string& role, const char* list) {
        problems.push_back(
            fmt::format("{}: \"{}\" names \"{}\", must be among \"{}\" of the manifest; correct it",
                        package.file.file,
                        place,
                        role,
                        list));
    };
    for (const auto& [name, account] : package.file.accounts) {
        for (const auto& [role, secret] : account.keys) {
            if (manifest.findKey(role) == nullptr) {
                refuse("/accounts/" + name + "/keys", role, "keys");
            }
        }
        for (const auto& [role, secret] : account.secrets) {
            if (manifest.findSecret(role) == nullptr) {
                refuse("/accounts/" + name + "/secrets", role, "secrets");
            }
        }
    }
    for (const std::string& role : package.file.granted_secrets) {
        if (manifest.findSecret(role) == nullptr) {
            refuse("/grants/secrets", role, "secrets");
        }
    }
}

void CatalogueReader::refuseMisfits()
{
    // Refusing a publisher can't make a subscriber misfit, so one round is enough.
    std::vector<Refusal> refused;
    for (const Package* package : catalogue_.enabled()) {
        Reasons reasons = misfitsOf(*package);
        if (!reasons.empty()) {
            refused.push_back({package->manifest.id, std::move(reasons)});
        }
    }
    for (Refusal& refusal : refused) {
        catalogue_.packages_.erase(refusal.library);
        catalogue_.refusals_.push_back(std::move(refusal));
    }
}

CatalogueReader::Reasons CatalogueReader::misfitsOf(const Package& package) const
{
    Reasons reasons;
    const std::string name = package.manifest.id + "/manifest.json: ";
    const auto known = [&](const std::vector<std::string>& list, const char* member) {
        for (const std::string& contract : list) {
            if (catalogue_.findContract(contract) == nullptr) {
                reasons.push_back(fmt::format("\"/{}\" names \"{}\", must be a contract of this "
                                              "hub; install it or correct the name",
                                              member,
                                              contract));
            }
        }
    };
    known(package.manifest.owns, "owns");
    known(package.manifest.calls, "calls");
    known(package.manifest.asks, "asks");
    for (const Implementation& item : package.manifest.implements) {
        checkImplementation(item, reasons);
    }
    checkSubscriptions(package, reasons);
    checkViews(package, reasons);
    for (std::string& reason : reasons) {
        reason.insert(0, name);
    }
    if (settings_.objection && package.manifest.kind != Kind::Plugin) {
        // A former version that stands in ran here as approved; approvals know the newest alone.
        const std::string objection =
            settings_.objection(package.set_aside ? package.set_aside->manifest : package.manifest);
        if (!objection.empty()) {
            reasons.push_back(objection);
        }
    }
    return reasons;
}

void CatalogueReader::checkImplementation(const Implementation& item, Reasons& reasons) const
{
    const Contract* contract = catalogue_.findContract(item.contract);
    if (contract == nullptr) {
        reasons.push_back(fmt::format("\"/implements\" names the contract \"{}\", must be one of "
                                      "this hub's; install it or correct the name",
                                      item.contract));
        return;
    }
    if (contract->version != item.version) {
        reasons.push_back(fmt::format("\"/implements\" names {} in version {}, must be version {}; "
                                      "install a library for it",
                                      item.contract,
                                      item.version,
                                      contract->version));
    }
    for (const std::string& operation : item.operations) {
        if (contract->findOperation(operation) == nullptr) {
            reasons.push_back(fmt::format("\"/implements\" names the operation \"{}.{}\", must be "
                                          "one of the contract's; correct it",
                                          item.contract,
                                          operation));
        }
    }
    for (const auto& [name, operation] : contract->operations) {
        const bool stranded = operation.resolve && contains(item.operations, name) &&
                              !contains(item.operations, operation.resolve->operation);
        if (stranded) {
            reasons.push_back(fmt::format("\"/implements\" names \"{}.{}\" without \"{}\", which "
                                          "resolves it; implement it, too",
                                          item.contract,
                                          name,
                                          operation.resolve->operation));
        }
    }
    if (contract->traits) {
        for (const config::Violation& violation : contract->traits->check(item.traits)) {
            reasons.push_back(
                fmt::format("\"/implements\" has traits of {} that do not fit: {} {}; "
                            "correct them",
                            item.contract,
                            violation.pointer,
                            violation.message));
        }
    }
    for (const std::string& product : item.products) {
        if (contract->products.count(product) == 0) {
            reasons.push_back(fmt::format("\"/implements\" names the product \"{}\" of {}, must be "
                                          "one of the contract's; correct it",
                                          product,
                                          item.contract));
        }
    }
}

void CatalogueReader::checkSubscriptions(const Package& package, Reasons& reasons) const
{
    for (const Subscription& wish : package.manifest.subscribes) {
        std::vector<std::uint32_t> published;
        for (const Package* other : catalogue_.enabled()) {
            for (const PublishedType& item : other->manifest.publishes) {
                if (item.type == wish.type) {
                    published.push_back(item.version);
                }
            }
        }
        const bool fits =
            std::any_of(published.begin(), published.end(), [&wish](std::uint32_t version) {
                return version >= wish.version_min && version <= wish.version_max;
            });
        if (!published.empty() && !fits) {
            reasons.push_back(fmt::format("\"/subscribes\" wants \"{}\" in versions {} to {}, must "
                                          "include one of {}; install a library for it",
                                          wish.type,
                                          wish.version_min,
                                          wish.version_max,
                                          fmt::join(published, ", ")));
        }
    }
}

void CatalogueReader::checkViews(const Package& package, Reasons& reasons) const
{
    for (const ViewWish& wish : package.manifest.reads) {
        const Package* owner = catalogue_.findPackage(wish.library);
        const bool exported =
            owner != nullptr && owner->enabled &&
            std::any_of(owner->manifest.exports.begin(),
                        owner->manifest.exports.end(),
                        [&wish](const Export& item) {
                            return item.view == wish.view && item.version == wish.version;
                        });
        if (!exported || wish.library == package.manifest.id) {
            reasons.push_back(
                fmt::format("\"/reads\" names version {} of the view \"{}\" of {}, must "
                            "be one that another enabled library exports; enable that "
                            "library or correct the name",
                            wish.version,
                            wish.view,
                            wish.library));
        }
    }
}

void CatalogueReader::claim(std::map<std::string, std::string>& owners,
                            const std::string& what,
                            const std::string& name,
                            const std::string& library)
{
    const auto [owner, fresh] = owners.emplace(name, library);
    if (!fresh && owner->second != library) {
        catalogue_.problems_.push_back(
            fmt::format("{} \"{}\" is claimed by {} and {}, must belong to one library; disable "
                        "one of them in plugins.d",
                        what,
                        name,
                        owner->second,
                        library));
    }
}

void CatalogueReader::checkOwners()
{
    std::map<std::string, std::string> owners;
    for (const Package* package : catalogue_.enabled()) {
        for (const std::string& contract : package->manifest.owns) {
            claim(owners, "the contract", contract, package->manifest.id);
        }
    }
    // A session names its person by the granting plugin's own id: two would mix their people up.
    std::map<std::string, std::string> doors;
    for (const Package* package : catalogue_.enabled()) {
        if (package->manifest.wants(HUB_EXT_SESSION_1)) {
            claim(doors, "the extension", HUB_EXT_SESSION_1, package->manifest.id);
        }
    }
}

void CatalogueReader::checkPublishers()
{
    std::map<std::string, std::string> owners;
    for (const Package* package : catalogue_.enabled()) {
        for (const PublishedType& item : package->manifest.publishes) {
            claim(owners, "the event type", item.type, package->manifest.id);
        }
    }
}

void CatalogueReader::checkShapes()
{
    std::map<std::string, std::string> owners;
    for (const Package* package : catalogue_.enabled()) {
        for (const RouteSpec& route : package->routes) {
            claim(owners, "the route", route.shape(), package->manifest.id);
        }
    }
}

void CatalogueReader::checkCommands()
{
    std::map<std::string, std::string> owners;
    for (const Package* package : catalogue_.enabled()) {
        for (const Command& command : package->manifest.commands) {
            claim(owners, "the command", command.name, package->manifest.id);
        }
    }
}

void CatalogueReader::checkAsks()
{
    for (const Package* package : catalogue_.enabled()) {
        std::vector<std::string> path;
        if (findCycle(*package, path)) {
            catalogue_.problems_.push_back(
                fmt::format("the libraries {} ask each other in a circle, must not; disable one of "
                            "them in plugins.d",
                            fmt::join(path, " -> ")));
            return;
        }
    }
}

bool CatalogueReader::findCycle(const Package& package, std::vector<std::string>& path)
{
    const std::string& id = package.manifest.id;
    if (!path.empty() && path.front() == id) {
        path.push_back(id);
        return true;
    }
    if (contains(path, id)) {
        return false; // a circle that does not lead back to the first; found from its own member
    }
    path.push_back(id);
    for (const std::string& contract : package.manifest.asks) {
        const Package* owner = catalogue_.ownerOf(contract);
        const auto known = catalogue_.contracts().find(contract);
        const bool ends = known != catalogue_.contracts().end() && known->second.leaf;
        if (owner != nullptr && (!ends || owner == &package) && findCycle(*owner, path)) {
            return true;
        }
    }
    path.pop_back();
    return false;
}

} // namespace hub::plugin
