#include "app/plugin_commands.hpp"

#include "app/command_reply.hpp"
#include "app/own_secrets.hpp"
#include "app/translate.hpp"
#include "base/encoding.hpp"
#include "base/uuid.hpp"
#include "plugin/inproc_library.hpp"
#include "plugin/loader.hpp"
#include "store/database.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <utility>

namespace hub::app {

namespace {

using cli::AdminReply;
using cli::AdminRequest;

/// The plugins of an installation without the hub around them. They are never started: a read
/// needs no threads.
class ClosedStore {
public:
    explicit ClosedStore(const config::Settings& settings, const plugin::Catalogue& catalogue)
        : settings_(settings)
        , catalogue_(catalogue)
        , secrets_(settings.secrets.folder,
                   security::loadMasterKey(settings.secrets.master_key_file))
        , database_(store::Database::openReadOnly(storeSettings(settings)))
        , blobs_(settings.store.folder / "blobs")
        , persons_(openPersonKeys(settings.store.folder, secrets_))
    {
        letRead();
    }

    AdminReply ask(const FoundCommand& found, const AdminRequest& request)
    {
        plugin::InprocLibrary& library = load(found.package);
        store::Lease snapshot = database_->snapshot();
        return commandReply(library.read(
            *snapshot, commandEnvelope(found, request, settings_.edition, clock_.nowMs())));
    }

private:
    void letRead()
    {
        for (const plugin::Package* package : catalogue_.enabled()) {
            for (const plugin::ViewWish& wish : package->manifest.reads) {
                database_->letRead(package->manifest.id,
                                   plugin::viewName(wish.library, wish.view, wish.version));
            }
        }
    }

    plugin::InprocLibrary& load(const plugin::Package& package)
    {
        const plugin::Manifest& manifest = package.manifest;
        auto& library = libraries_[manifest.id];
        if (library) {
            return *library;
        }
        auto loaded =
            plugin::load({package.libraryPath(), manifest.sha256, manifest.id, manifest.version});
        if (!loaded.ok()) {
            throw base::Failure(HUB_UNAVAILABLE, "{}", loaded.error().message);
        }
        library = std::make_unique<plugin::InprocLibrary>(
            manifest.id,
            loaded.value().api,
            plugin::InprocServices{clock_,
                                   blobs_,
                                   *persons_,
                                   [this](std::string_view contract) { return ownerOf(contract); },
                                   [](int, std::string_view) {},
                                   {manifest.extensions.begin(), manifest.extensions.end()},
                                   {manifest.asks.begin(), manifest.asks.end()}});
        base::Json config = catalogue_.configFor(manifest.id);
        fillKnown(config,
                  manifest,
                  {{"site", settings_.site}, {"store_epoch", 1}, {"configuration_version", 0}});
        if (auto created = library->create(config.dump()); !created.ok()) {
            throw base::Failure(HUB_UNAVAILABLE, "{}: {}", manifest.id, created.error().message);
        }
        return *library;
    }

    plugin::InprocLibrary* ownerOf(std::string_view contract)
    {
        const plugin::Package* owner = catalogue_.ownerOf(std::string{contract});
        return owner == nullptr ? nullptr : &load(*owner);
    }

    const config::Settings& settings_;
    const plugin::Catalogue& catalogue_;
    base::SystemClock clock_;
    security::Secrets secrets_;
    std::unique_ptr<store::Database> database_;
    store::Blobs blobs_;
    std::unique_ptr<security::PersonKeys> persons_;
    std::map<std::string, std::unique_ptr<plugin::InprocLibrary>> libraries_;
};

} // namespace

std::optional<FoundCommand> findCommand(const plugin::Catalogue& catalogue,
                                        const AdminRequest& request)
{
    for (const plugin::Package* package : catalogue.enabled()) {
        for (const plugin::Command& command : package->manifest.commands) {
            if (beginsWith(request.words, command.name)) {
                return FoundCommand{*package, command};
            }
        }
    }
    return std::nullopt;
}

journal::Envelope commandEnvelope(const FoundCommand& found,
                                  const AdminRequest& request,
                                  const std::string& edition,
                                  std::int64_t now_ms,
                                  const plugin::FileBytes& file)
{
    journal::Envelope envelope;
    envelope.source = HUB_SOURCE_COMMAND;
    envelope.id = base::makeUuidV7(now_ms);
    envelope.operation = found.command.operation;
    envelope.edition = edition;
    envelope.trace = base::makeTraceId();
    envelope.principal = request.actor;
    envelope.time_ms = now_ms;
    base::Json payload = {{"arguments", argumentsAfter(request.words, found.command.name)}};
    if (file != nullptr) {
        payload["upload"] = {{"name", request.options.value("file_name", "")},
                             {"bytes", file->size()},
                             {"blob", base::sha256Hex(*file)}};
    }
    envelope.payload = payload.dump();
    return envelope;
}

Result<plugin::FileBytes> fileOf(const FoundCommand& found, const AdminRequest& request)
{
    const bool is_given = request.options.contains("input_base64");
    const std::size_t bytes_max = found.command.file_bytes_max;
    if (is_given != (bytes_max != 0)) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("`{}` {}",
                                 found.command.name,
                                 is_given ? "takes no file; leave --file out"
                                          : "works on a file; name it with --file")};
    }
    if (!is_given) {
        return plugin::FileBytes{};
    }
    auto bytes = base::fromBase64(request.options.value("input_base64", ""));
    if (!bytes.ok() || bytes.value().size() > bytes_max) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("the file must have at most {} bytes; divide it", bytes_max)};
    }
    return std::make_shared<const std::string>(std::move(bytes).value());
}

AdminReply runOnClosedStore(const config::Settings& settings, const AdminRequest& request)
{
    const plugin::Catalogue catalogue =
        plugin::Catalogue::read(plugin::CatalogueSettings::from(settings));
    if (!catalogue.problems().empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "{}", fmt::join(catalogue.problems(), "\n"));
    }
    const auto found = findCommand(catalogue, request);
    if (!found) {
        return AdminReply::failure(
            cli::kExitUsage,
            fmt::format("no hub answers, and `{}` is no command of the program or of an enabled "
                        "plugin; see `expohub --help`",
                        fmt::join(request.words, " ")));
    }
    if (found->command.is_unit) {
        return AdminReply::failure(
            cli::kExitFailed,
            fmt::format("`{}` changes something and needs the running hub; start it first",
                        found->command.name));
    }
    return ClosedStore(settings, catalogue).ask(*found, request);
}

} // namespace hub::app
