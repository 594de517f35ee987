#include "app/local_commands.hpp"

#include "app/approval.hpp"
#include "app/backup_commands.hpp"
#include "app/connector_commands.hpp"
#include "app/doctor.hpp"
#include "app/plugin_commands.hpp"
#include "app/secret_commands.hpp"
#include "app/server.hpp"
#include "config/configuration.hpp"
#include "plugin/catalogue.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <utility>

#include <unistd.h>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

constexpr const char* kDefaultFile = "config/hub.properties";

config::Sources sourcesOf(const cli::GlobalOptions& options)
{
    config::Sources sources;
    sources.file = options.config_file;
    if (sources.file.empty() && std::filesystem::exists(kDefaultFile)) {
        sources.file = kDefaultFile;
    }
    sources.environment = config::environmentOf(environ);
    sources.overrides = options.overrides;
    sources.working_folder = std::filesystem::current_path();
    return sources;
}

AdminReply configCheck(const AdminRequest& request, const cli::GlobalOptions& options)
{
    const config::Configuration configuration = config::readConfiguration(sourcesOf(options));
    std::vector<std::string> problems = configuration.problems;
    std::vector<std::string> refusals;
    if (problems.empty()) {
        const plugin::Catalogue catalogue =
            plugin::Catalogue::read(plugin::CatalogueSettings::from(configuration.settings));
        problems = catalogue.problems();
        for (const plugin::Refusal& refusal : catalogue.refusals()) {
            refusals.insert(refusals.end(), refusal.reasons.begin(), refusal.reasons.end());
        }
        for (std::string& sentence : missingApprovals(configuration.settings)) {
            refusals.push_back(std::move(sentence));
        }
    }
    AdminReply reply;
    reply.data = {{"problems", problems}, {"refused", refusals}};
    cli::Section section{"Configuration", {"finding"}, {}};
    for (const std::string& problem : problems) {
        section.rows.push_back({problem});
    }
    for (const std::string& refusal : refusals) {
        section.rows.push_back({"refused: " + refusal});
    }
    if (section.rows.empty()) {
        section.rows.push_back({"everything fits"});
    }
    reply.sections.push_back(std::move(section));
    if (request.options.value("origins", false)) {
        cli::Section origins{"Settings", {"key", "value", "from"}, {}};
        for (const auto& [key, origin] : configuration.origins) {
            origins.rows.push_back({key, origin.value, origin.source});
            reply.data["settings"][key] = {{"value", origin.value}, {"from", origin.source}};
        }
        reply.sections.push_back(std::move(origins));
    }
    if (!problems.empty()) {
        reply.exit = cli::kExitConfig;
        reply.error = "the hub would not start with this configuration";
    }
    return reply;
}

void tellProgress(const std::string& sentence)
{
    fmt::print(stderr, "expohub: {}\n", sentence);
}

AdminReply run(const AdminRequest& request, const cli::GlobalOptions& options)
{
    const std::string command =
        request.words[0] + (request.words.size() > 1 ? " " + request.words[1] : "");
    if (command == "config check") {
        return configCheck(request, options);
    }
    if (command == "connector new") {
        return connectorNew(request);
    }
    const config::Settings settings = config::loadSettings(sourcesOf(options));
    if (command == "serve") {
        AdminReply reply;
        reply.exit = serve(settings);
        return reply;
    }
    if (command == "doctor") {
        return reportOf(examineOffline(settings));
    }
    if (command == "backup") {
        return backupOffline(settings, request, tellProgress);
    }
    if (command == "restore") {
        return restoreOffline(settings, request, tellProgress);
    }
    if (command == "audit verify") {
        return verifyAudit(settings);
    }
    if (!command.starts_with("secret ")) {
        return runOnClosedStore(settings, request);
    }
    security::Secrets secrets(settings.secrets.folder,
                              security::loadMasterKey(settings.secrets.master_key_file));
    if (command == "secret put") {
        return putSecret(secrets, request);
    }
    return command == "secret list" ? listSecrets(secrets) : retireSecret(secrets, request);
}

} // namespace

cli::LocalSide localSide()
{
    cli::LocalSide side;
    side.admin_socket = [](const cli::GlobalOptions& options) {
        return config::loadSettings(sourcesOf(options)).run_folder / "admin.sock";
    };
    side.run = run;
    side.version = kVersion;
    return side;
}

} // namespace hub::app
