#include "plugin/catalogue.hpp"

#include "plugin/catalogue_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hub::plugin {

using base::Json;

namespace {

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

CatalogueSettings CatalogueSettings::from(const config::Settings& settings)
{
    return {settings.plugins.folder,
            settings.plugins.config_folder,
            settings.contracts_folder,
            settings.public_url,
            settings.profile,
            {},
            {}};
}

Catalogue Catalogue::read(const CatalogueSettings& settings)
{
    return CatalogueReader(settings).read();
}

Catalogue Catalogue::with(const Package& package) const
{
    Catalogue changed = *this;
    changed.packages_.insert_or_assign(package.manifest.id, package);
    std::erase_if(changed.refusals_, [&package](const Refusal& refusal) {
        return refusal.library == package.manifest.id;
    });
    return changed;
}

Catalogue Catalogue::without(const std::string& library) const
{
    Catalogue changed = *this;
    changed.packages_.erase(library);
    return changed;
}

const EventSpec* Package::findEvent(std::string_view type, std::uint32_t version) const
{
    const auto found = std::find_if(events.begin(), events.end(), [&](const EventSpec& event) {
        return event.type == type && event.version == version;
    });
    return found == events.end() ? nullptr : &*found;
}

const Refusal* Catalogue::findRefusal(const std::string& library) const
{
    const auto found =
        std::find_if(refusals_.begin(), refusals_.end(), [&library](const Refusal& refusal) {
            return refusal.library == library;
        });
    return found == refusals_.end() ? nullptr : &*found;
}

const Package* Catalogue::findPackage(const std::string& library) const
{
    const auto found = packages_.find(library);
    return found == packages_.end() ? nullptr : &found->second;
}

const Contract* Catalogue::findContract(const std::string& contract) const
{
    const auto found = contracts_.find(contract);
    return found == contracts_.end() ? nullptr : &found->second;
}

std::vector<const Package*> Catalogue::enabled() const
{
    std::vector<const Package*> list;
    for (const auto& [id, package] : packages_) {
        if (package.enabled) {
            list.push_back(&package);
        }
    }
    return list;
}

const Package* Catalogue::ownerOf(const std::string& contract) const
{
    for (const Package* package : enabled()) {
        if (contains(package->manifest.owns, contract)) {
            return package;
        }
    }
    return nullptr;
}

const Package* Catalogue::libraryOf(const std::string& account) const
{
    for (const Package* package : enabled()) {
        if (package->file.accounts.count(account) != 0) {
            return package;
        }
    }
    return nullptr;
}

const config::Account* Catalogue::findAccount(const std::string& account) const
{
    const Package* package = libraryOf(account);
    return package == nullptr ? nullptr : &package->file.accounts.at(account);
}

const Package* Catalogue::connectorFor(const std::string& account,
                                       const std::string& contract,
                                       const std::string& operation,
                                       const std::string& product) const
{
    const Package* package = libraryOf(account);
    if (package == nullptr) {
        return nullptr;
    }
    const auto& list = package->manifest.implements;
    const bool fits = std::any_of(list.begin(), list.end(), [&](const Implementation& item) {
        return item.contract == contract && contains(item.operations, operation) &&
               (product.empty() || contains(item.products, product));
    });
    return fits ? package : nullptr;
}

std::string Catalogue::callbackUrl(const std::string& account) const
{
    const Package* package = libraryOf(account);
    if (package == nullptr || package->file.accounts.at(account).callback_tokens.empty()) {
        return "";
    }
    return fmt::format("{}/callback/{}/{}/{}",
                       public_url_,
                       package->manifest.id,
                       account,
                       package->file.accounts.at(account).callback_tokens.front());
}

Json Catalogue::configFor(const std::string& library) const
{
    Json accounts = Json::object();
    const Package* package = findPackage(library);
    if (package == nullptr) {
        return {{"config", Json::object()}, {"accounts", accounts}};
    }
    for (const auto& [name, account] : package->file.accounts) {
        accounts[name] = {{"config", account.config}};
        const std::string url = callbackUrl(name);
        if (!url.empty()) {
            accounts[name]["callback_url"] = url;
        }
    }
    return {{"config", package->file.config}, {"accounts", accounts}};
}

} // namespace hub::plugin
