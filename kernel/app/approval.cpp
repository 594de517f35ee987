#include "app/approval.hpp"

#include "app/own_secrets.hpp"
#include "config/json_file.hpp"
#include "plugin/child.hpp"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <poll.h>

namespace hub::app {

namespace {

constexpr auto kPatience = std::chrono::minutes(5);
/// Behind the users of the hub's own hosts: see plugin_host.uid_first.
constexpr std::int64_t kUidOffset = 256;

std::filesystem::path packageOf(const config::Settings& settings, const std::string& library)
{
    return settings.plugins.folder / library;
}

/// Waits for the end; false when the process had to be given up.
std::optional<plugin::Child::Ending> waitFor(plugin::Child& child, std::string& last_line)
{
    const auto until = std::chrono::steady_clock::now() + kPatience;
    const auto keep = [&last_line](std::string_view line) {
        last_line = line;
    };
    while (std::chrono::steady_clock::now() < until) {
        std::vector<pollfd> watched = {{child.pidDescriptor(), POLLIN, 0}};
        for (int i = 0; i < 2; ++i) {
            watched.push_back({child.output(i), POLLIN, 0}); // poll() skips -1
        }
        ::poll(watched.data(), watched.size(), 1000);
        child.readOutput(keep);
        if (auto ending = child.reap()) {
            child.finishOutput(keep);
            return ending;
        }
    }
    return std::nullopt;
}

plugin::Approvals approvalsBy(const config::Settings& settings, security::SecretBytes key)
{
    return {settings.store.folder / "approvals", settings.contracts_folder, std::move(key)};
}

/// Makes nothing; nullopt when there is no key yet that an approval could be sealed with.
std::optional<plugin::Approvals> findApprovals(const config::Settings& settings)
{
    auto master_key = security::findMasterKey(settings.secrets.master_key_file);
    if (!master_key) {
        return std::nullopt;
    }
    const security::Secrets secrets(settings.secrets.folder, std::move(*master_key));
    auto key = findApprovalKey(secrets);
    return key ? std::optional(approvalsBy(settings, std::move(*key))) : std::nullopt;
}

} // namespace

plugin::Approvals approvals(const config::Settings& settings, security::Secrets& secrets)
{
    return approvalsBy(settings, approvalKey(secrets));
}

plugin::CatalogueSettings catalogueSettings(const config::Settings& settings,
                                            security::Secrets& secrets)
{
    plugin::CatalogueSettings wanted = plugin::CatalogueSettings::from(settings);
    if (settings.profile == config::Profile::Production) {
        const auto kept = std::make_shared<const plugin::Approvals>(approvals(settings, secrets));
        wanted.objection = [kept](const plugin::Manifest& manifest) {
            return kept->findObjection(manifest);
        };
    }
    return wanted;
}

std::vector<std::string> missingApprovals(const config::Settings& settings)
{
    std::vector<std::string> missing;
    if (settings.profile != config::Profile::Production) {
        return missing;
    }
    const auto kept = findApprovals(settings);
    const auto catalogue = plugin::Catalogue::read(plugin::CatalogueSettings::from(settings));
    for (const plugin::Package* package : catalogue.enabled()) {
        if (package->manifest.kind == plugin::Kind::Plugin) {
            continue; // trusted like the hub
        }
        if (!kept) {
            return {"no approval key yet, so no library is approved: start the hub, which makes "
                    "the key, and approve each (expohub plugin approve NAME)"};
        }
        std::string objection = kept->findObjection(package->manifest);
        if (!objection.empty()) {
            missing.push_back(std::move(objection));
        }
    }
    return missing;
}

Result<plugin::Manifest> installedManifest(const config::Settings& settings,
                                           const std::string& library)
{
    const bool is_name =
        !library.empty() && library.find('/') == std::string::npos && library.front() != '.';
    const std::string name = library + "/manifest.json";
    const Result<base::Json> json =
        is_name
            ? config::readJsonFile(packageOf(settings, library) / "manifest.json", name)
            : Result<base::Json>{Error{
                  HUB_BAD_REQUEST,
                  fmt::format("\"{}\" must be the name of a folder in plugins.folder", library)}};
    if (!json.ok()) {
        return json.error();
    }
    std::vector<std::string> problems;
    auto manifest = plugin::parseManifest(json.value(), name, problems);
    if (!manifest || manifest->id != library) {
        return Error{HUB_BAD_REQUEST,
                     problems.empty() ? name + ": \"/id\" must be the name of its folder"
                                      : problems.front()};
    }
    return std::move(*manifest);
}

Result<base::Json> runConformance(const config::Settings& settings,
                                  const plugin::Manifest& manifest)
{
    const std::filesystem::path suite = settings.plugin_host.path.parent_path() / "expohub-conform";
    const std::filesystem::path report =
        settings.run_folder / ("conformance-" + manifest.id + ".json");
    const std::filesystem::path library =
        std::filesystem::absolute(packageOf(settings, manifest.id)) / manifest.library;
    auto child =
        plugin::Child::spawn(suite,
                             {"LANG=C.UTF-8"},
                             {library.string(),
                              "--host",
                              std::filesystem::absolute(settings.plugin_host.path).string(),
                              "--contracts",
                              std::filesystem::absolute(settings.contracts_folder).string(),
                              "--sandbox",
                              settings.plugin_host.sandbox,
                              "--uid",
                              std::to_string(settings.plugin_host.uid_first + kUidOffset),
                              "--report",
                              std::filesystem::absolute(report).string()});
    if (!child.ok()) {
        return child.error();
    }
    std::string last_line;
    const auto ending = waitFor(*child.value(), last_line);
    auto json = config::readJsonFile(report, "the report");
    std::error_code ignored;
    std::filesystem::remove(report, ignored);
    if (!ending || !json.ok()) {
        return Error{HUB_UNAVAILABLE,
                     fmt::format("library \"{}\" was not judged: expohub-conform {}: {}",
                                 manifest.id,
                                 ending ? ending->text : "did not end within five minutes",
                                 last_line)};
    }
    return json;
}

} // namespace hub::app
