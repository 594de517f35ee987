#include "plugin/manifest.hpp"

#include "base/exception.hpp"
#include "plugin/manifest_form.hpp"

#include <hub/ext/accounts.h>
#include <hub/ext/ask.h>
#include <hub/ext/blob.h>
#include <hub/ext/clock.h>
#include <hub/ext/http.h>
#include <hub/ext/job.h>
#include <hub/ext/keys.h>
#include <hub/ext/person.h>
#include <hub/ext/secrets.h>
#include <hub/ext/session.h>
#include <hub/ext/store.h>
#include <hub/ext/stream.h>

#include <algorithm>
#include <set>
#include <utility>

namespace hub::plugin {

namespace {

using base::Json;

std::vector<std::string> texts(const Json& json, const char* name)
{
    return json.value(name, std::vector<std::string>{});
}

Json list(const Json& json, const char* name)
{
    return json.value(name, Json::array());
}

Kind toKind(const Json& text)
{
    if (text == "plugin") {
        return Kind::Plugin;
    }
    return text == "connector" ? Kind::Connector : Kind::Subscriber;
}

void takeContracts(const Json& json, Manifest& manifest)
{
    for (const Json& item : list(json, "implements")) {
        manifest.implements.push_back({item.at("contract"),
                                       item.at("version"),
                                       texts(item, "operations"),
                                       texts(item, "products"),
                                       item.value("traits", Json::object())});
    }
    for (const Json& item : list(json, "subscribes")) {
        const bool goes_on = item.value("rule", "block_key") == "continue";
        manifest.subscribes.push_back(
            {item.at("type"),
             item.at("versions").at(0),
             item.at("versions").at(1),
             goes_on ? Subscription::Rule::Continue : Subscription::Rule::BlockKey});
    }
    for (const Json& item : list(json, "publishes")) {
        manifest.publishes.push_back({item.at("type"), item.at("version")});
    }
    manifest.owns = texts(json, "owns");
    manifest.calls = texts(json, "calls");
    manifest.asks = texts(json, "asks");
    for (const Json& item : list(json, "exports")) {
        manifest.exports.push_back({item.at("view"), item.at("version"), texts(item, "columns")});
    }
    for (const Json& item : list(json, "reads")) {
        manifest.reads.push_back({item.at("library"), item.at("view"), item.at("version")});
    }
}

void takeWishes(const Json& json, Manifest& manifest)
{
    manifest.extensions = texts(json, "extensions");
    for (const Json& item : list(json, "keys")) {
        manifest.keys.push_back({item.at("name"),
                                 item.at("title"),
                                 texts(item, "uses"),
                                 texts(item, "algorithms"),
                                 item.value("required", false)});
    }
    for (const Json& item : list(json, "secrets")) {
        manifest.secrets.push_back(
            {item.at("name"), item.at("title"), item.value("in_url", false)});
    }
    const Json http = json.value("http", Json::object());
    const Json mask = http.value("mask", Json::object());
    manifest.http = {texts(http, "hosts"),
                     texts(http, "methods"),
                     texts(mask, "request"),
                     texts(mask, "response")};
    const Json stream = json.value("stream", Json::object());
    manifest.stream = {
        texts(stream, "hosts"), texts(stream, "security"), stream.value("session", false)};
    for (const Json& item : list(json, "commands")) {
        manifest.commands.push_back({item.at("name"),
                                     item.at("operation"),
                                     texts(item, "arguments"),
                                     item.at("title"),
                                     item.value("mode", "read") == "unit",
                                     item.value("file", Json::object()).value("bytes_max", 0U)});
    }
}

Manifest take(const Json& json)
{
    // An object without additionalProperties would let misspelled names through.
    const Json nothing = {{"type", "object"}, {"additionalProperties", false}};
    Manifest manifest;
    manifest.id = json.at("id");
    manifest.version = json.at("version");
    manifest.kind = toKind(json.at("kind"));
    manifest.title = json.at("title");
    manifest.abi_major = json.at("abi").at("major");
    manifest.abi_minor_required = json.at("abi").at("minor_required");
    const char* usual = manifest.kind == Kind::Plugin ? "in_process" : "process";
    manifest.isolation =
        json.value("isolation", usual) == "process" ? Isolation::Process : Isolation::InProcess;
    manifest.concurrency_max = json.value("concurrency_max", 1U);
    manifest.configuration = json.value("configuration", nothing);
    manifest.account_configuration = json.value("account_configuration", nothing);
    manifest.library = json.value("library", "");
    manifest.sha256 = json.value("sha256", "");
    takeContracts(json, manifest);
    takeWishes(json, manifest);
    manifest.json = json;
    return manifest;
}

/// What the form can't say: rules between members.
class Rules {
public:
    Rules(const Manifest& manifest, std::string name, std::vector<std::string>& problems)
        : manifest_(manifest)
        , name_(std::move(name))
        , problems_(problems)
    {}

    void check()
    {
        checkKind();
        checkExtensions();
        checkSubscriptions();
        checkUnique();
        checkOwnTypes();
        checkSchema("configuration", manifest_.configuration);
        checkSchema("account_configuration", manifest_.account_configuration);
    }

private:
    void refuse(const std::string& text) { problems_.push_back(name_ + ": " + text); }

    void refuseMember(bool present, const char* member)
    {
        if (present) {
            refuse(fmt::format("\"/{}\" must be empty for a {}; remove its items",
                               member,
                               toText(manifest_.kind)));
        }
    }

    /// Only a unit can ask for the task that reads the file.
    void checkFiles()
    {
        for (const Command& command : manifest_.commands) {
            if (command.file_bytes_max != 0 && !command.is_unit) {
                refuse(fmt::format("the command \"{}\" takes a file, so its \"mode\" must be "
                                   "\"unit\"; correct it",
                                   command.name));
            }
        }
    }

    void checkKind()
    {
        if (manifest_.kind != Kind::Connector) {
            refuseMember(manifest_.json.contains("stream"), "stream");
        }
        if (manifest_.kind == Kind::Plugin) {
            if (manifest_.isolation == Isolation::Process) {
                refuse(
                    "\"/isolation\" is \"process\", must be \"in_process\" for a plugin: it owns "
                    "tables; correct it");
            }
            checkFiles();
            return;
        }
        refuseMember(!manifest_.owns.empty(), "owns");
        refuseMember(!manifest_.asks.empty(), "asks");
        refuseMember(!manifest_.calls.empty(), "calls");
        refuseMember(!manifest_.commands.empty(), "commands");
        refuseMember(!manifest_.exports.empty(), "exports");
        refuseMember(!manifest_.reads.empty(), "reads");
        refuseExtension(HUB_EXT_STORE_1);
        refuseExtension(HUB_EXT_ASK_1);
        refuseExtension(HUB_EXT_PERSON_1);
        refuseExtension(HUB_EXT_JOB_1);
        refuseExtension(HUB_EXT_SESSION_1);
        refuseExtension(HUB_EXT_ACCOUNTS_1);
        if (manifest_.kind == Kind::Connector && manifest_.implements.empty()) {
            refuse("\"/implements\" is empty, must name a contract for a connector; add it");
        }
        if (manifest_.kind == Kind::Subscriber) {
            refuseMember(!manifest_.implements.empty(), "implements");
            if (manifest_.subscribes.empty()) {
                refuse(
                    "\"/subscribes\" is empty, must name an event type for a subscriber; add it");
            }
        }
    }

    void refuseExtension(const char* extension)
    {
        if (manifest_.wants(extension)) {
            refuse(fmt::format("\"/extensions\" names \"{}\", which is for plugins only; remove it",
                               extension));
        }
    }

    void require(bool used, const char* member, const char* extension)
    {
        if (used && !manifest_.wants(extension)) {
            refuse(fmt::format(
                "\"/{}\" is used, so \"/extensions\" must name \"{}\"; add it", member, extension));
        }
    }

    void checkExtensions()
    {
        for (const std::string& extension : manifest_.extensions) {
            const auto& known = knownExtensions();
            if (std::find(known.begin(), known.end(), extension) == known.end()) {
                refuse(fmt::format("\"/extensions\" names \"{}\", must be among {}; correct it or "
                                   "install a newer hub",
                                   extension,
                                   fmt::join(known, ", ")));
            }
        }
        require(!manifest_.keys.empty(), "keys", HUB_EXT_KEYS_1);
        const auto& secrets = manifest_.secrets;
        const auto in_url = [](const SecretRole& secret) {
            return secret.in_url;
        };
        require(!std::all_of(secrets.begin(), secrets.end(), in_url), "secrets", HUB_EXT_SECRETS_1);
        require(
            std::any_of(secrets.begin(), secrets.end(), in_url), "secrets/in_url", HUB_EXT_HTTP_1);
        require(!manifest_.http.hosts.empty(), "http", HUB_EXT_HTTP_1);
        require(manifest_.json.contains("stream"), "stream", HUB_EXT_STREAM_1);
        require(!manifest_.asks.empty(), "asks", HUB_EXT_ASK_1);
        if (manifest_.kind == Kind::Plugin) {
            require(!manifest_.exports.empty(), "exports", HUB_EXT_STORE_1);
            require(!manifest_.reads.empty(), "reads", HUB_EXT_STORE_1);
        }
        if (manifest_.wants(HUB_EXT_STREAM_1) && !manifest_.json.contains("stream")) {
            refuse(fmt::format("\"/extensions\" names \"{}\", so \"/stream\" must say what for; "
                               "add it",
                               HUB_EXT_STREAM_1));
        }
    }

    void checkSubscriptions()
    {
        for (const Subscription& item : manifest_.subscribes) {
            if (item.version_min > item.version_max) {
                refuse(fmt::format("\"/subscribes\" wants \"{}\" in versions {} to {}, must be the "
                                   "lower and the higher; turn them round",
                                   item.type,
                                   item.version_min,
                                   item.version_max));
            }
        }
    }

    template <typename Item, typename Name>
    void checkUniqueNames(const std::vector<Item>& items, const char* member, Name nameOf)
    {
        std::set<std::string> seen;
        for (const Item& item : items) {
            if (!seen.insert(nameOf(item)).second) {
                refuse(fmt::format("\"/{}\" names \"{}\" twice, must name it once; remove one",
                                   member,
                                   nameOf(item)));
            }
        }
    }

    void checkUnique()
    {
        const auto name = [](const auto& item) {
            return item.name;
        };
        checkUniqueNames(manifest_.keys, "keys", name);
        checkUniqueNames(manifest_.secrets, "secrets", name);
        checkUniqueNames(manifest_.commands, "commands", name);
        checkUniqueNames(
            manifest_.implements, "implements", [](const auto& item) { return item.contract; });
        checkUniqueNames(
            manifest_.subscribes, "subscribes", [](const auto& item) { return item.type; });
        checkUniqueNames(manifest_.exports, "exports", [](const auto& item) {
            return fmt::format("{} version {}", item.view, item.version);
        });
        checkUniqueNames(manifest_.reads, "reads", [](const auto& item) {
            return viewName(item.library, item.view, item.version);
        });
        checkUniqueNames(manifest_.publishes, "publishes", [](const auto& item) {
            return fmt::format("{} version {}", item.type, item.version);
        });
    }

    /// The hub's own events (hub.restored) are believed, because nobody else can publish them.
    void checkOwnTypes()
    {
        for (const PublishedType& item : manifest_.publishes) {
            if (item.type.starts_with("hub.")) {
                refuse(fmt::format("\"/publishes\" names \"{}\", must not begin with \"hub.\", "
                                   "which only the hub publishes; rename it",
                                   item.type));
            }
        }
    }

    void checkSchema(const char* member, const Json& schema)
    {
        try {
            const config::Schema parsed(schema, fmt::format("{}: \"/{}\"", name_, member));
        } catch (const base::Failure& problem) {
            problems_.push_back(problem.message());
        }
    }

    const Manifest& manifest_;
    std::string name_;
    std::vector<std::string>& problems_;
};

bool contains(const std::vector<std::string>& list, const std::string& text)
{
    return std::find(list.begin(), list.end(), text) != list.end();
}

} // namespace

std::string viewName(const std::string& library, const std::string& view, std::uint32_t version)
{
    return fmt::format("{}_{}_v{}", library, view, version);
}

const char* toText(Kind kind) noexcept
{
    switch (kind) {
    case Kind::Plugin:
        return "plugin";
    case Kind::Connector:
        return "connector";
    case Kind::Subscriber:
        break;
    }
    return "subscriber";
}

bool KeyRole::allows(const std::string& use, const std::string& algorithm) const
{
    const bool computes = use != "public_part" && use != "add_public";
    return contains(uses, use) && (!computes || contains(algorithms, algorithm));
}

bool StreamWishes::allows(const std::string& kind) const
{
    return contains(security, kind);
}

bool Manifest::wants(const std::string& extension) const
{
    return contains(extensions, extension);
}

bool Manifest::readsView(const std::string& view) const
{
    return std::any_of(reads.begin(), reads.end(), [&view](const ViewWish& wish) {
        return viewName(wish.library, wish.view, wish.version) == view;
    });
}

bool Manifest::publishesType(const std::string& type, std::uint32_t type_version) const
{
    return std::any_of(publishes.begin(), publishes.end(), [&](const PublishedType& item) {
        return item.type == type && item.version == type_version;
    });
}

const KeyRole* Manifest::findKey(const std::string& name) const
{
    const auto found = std::find_if(
        keys.begin(), keys.end(), [&name](const KeyRole& role) { return role.name == name; });
    return found == keys.end() ? nullptr : &*found;
}

const SecretRole* Manifest::findSecret(const std::string& name) const
{
    const auto found = std::find_if(secrets.begin(),
                                    secrets.end(),
                                    [&name](const SecretRole& role) { return role.name == name; });
    return found == secrets.end() ? nullptr : &*found;
}

const std::vector<std::string>& knownExtensions()
{
    static const std::vector<std::string> kIds = {HUB_EXT_ACCOUNTS_1,
                                                  HUB_EXT_ASK_1,
                                                  HUB_EXT_BLOB_1,
                                                  HUB_EXT_CLOCK_1,
                                                  HUB_EXT_HTTP_1,
                                                  HUB_EXT_JOB_1,
                                                  HUB_EXT_KEYS_1,
                                                  HUB_EXT_PERSON_1,
                                                  HUB_EXT_SECRETS_1,
                                                  HUB_EXT_SESSION_1,
                                                  HUB_EXT_STORE_1,
                                                  HUB_EXT_STREAM_1};
    return kIds;
}

std::optional<Manifest>
parseManifest(const Json& json, const std::string& name, std::vector<std::string>& problems)
{
    const std::size_t before = problems.size();
    for (const config::Violation& violation : manifestForm().check(json)) {
        problems.push_back(config::describeViolation(name, json, violation) + "; correct it");
    }
    if (problems.size() != before) {
        return std::nullopt;
    }
    Manifest manifest = take(json);
    Rules(manifest, name, problems).check();
    if (problems.size() != before) {
        return std::nullopt;
    }
    return manifest;
}

} // namespace hub::plugin
