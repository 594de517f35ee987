#include "config/configuration.hpp"

#include "base/exception.hpp"
#include "config/addresses.hpp"
#include "config/setting_table.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Util/LayeredConfiguration.h>
#include <Poco/Util/MapConfiguration.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <fstream>
#include <string_view>

namespace hub::config {

namespace {

constexpr std::string_view kPrefix = "EXPOHUB_";

/// Variables that are no settings: the master key, and what the hub tells its plugin hosts.
bool isReserved(std::string_view name)
{
    return name == "EXPOHUB_MASTER_KEY" || name.substr(0, 13) == "EXPOHUB_HOST_";
}

/// Poco's map with its keys in view: keys() of a configuration shows one level only.
template <typename Base>
class Listed : public Base {
public:
    using Base::Base;

    std::vector<std::string> names() const
    {
        std::vector<std::string> list;
        for (auto entry = this->begin(); entry != this->end(); ++entry) {
            list.push_back(entry->first);
        }
        return list;
    }

protected:
    ~Listed() override = default;
};

using MapLayer = Listed<Poco::Util::MapConfiguration>;
using FileLayer = Listed<Poco::Util::PropertyFileConfiguration>;

struct Layer {
    std::string source;
    std::filesystem::path base;
    Poco::AutoPtr<Poco::Util::AbstractConfiguration> values;
    std::vector<std::string> names;
};

class Reader {
public:
    explicit Reader(const Sources& sources)
        : sources_(sources)
    {}

    Configuration read()
    {
        addDefaults();
        addFile();
        addEnvironment();
        addOverrides();
        for (const Setting& setting : settingTable()) {
            take(setting);
        }
        if (result_.problems.empty()) {
            checkTogether();
        }
        return std::move(result_);
    }

private:
    void refuse(const std::string& source,
                const std::string& key,
                const std::string& value,
                const std::string& rest)
    {
        result_.problems.push_back(
            fmt::format("{}: \"{}\" is \"{}\", {}", source, key, value, rest));
    }

    template <typename LayerType>
    void push(const std::string& source,
              const std::filesystem::path& base,
              const Poco::AutoPtr<LayerType>& values)
    {
        layers_.push_back({source, base, values, values->names()});
        layered_->add(values, -static_cast<int>(layers_.size()));
    }

    void addDefaults()
    {
        Poco::AutoPtr<MapLayer> values(new MapLayer);
        for (const Setting& setting : settingTable()) {
            values->setString(setting.key, setting.default_value);
        }
        push("default", sources_.working_folder, values);
    }

    void addFile()
    {
        if (sources_.file.empty()) {
            return;
        }
        std::ifstream stream(sources_.file);
        if (!stream) {
            result_.problems.push_back(fmt::format(
                "{}: can't be read; name an existing file with --config", sources_.file.string()));
            return;
        }
        Poco::AutoPtr<FileLayer> values(new FileLayer(stream));
        const std::string source = sources_.file.string();
        for (const std::string& key : values->names()) {
            checkKnown(source, key, values->getRawString(key));
        }
        push(source, sources_.file.parent_path(), values);
    }

    void addEnvironment()
    {
        Poco::AutoPtr<MapLayer> values(new MapLayer);
        std::map<std::string, const Setting*> known;
        for (const Setting& setting : settingTable()) {
            known.emplace(environmentName(setting.key), &setting);
        }
        for (const auto& [name, value] : sources_.environment) {
            const auto setting = known.find(name);
            if (setting != known.end()) {
                values->setString(setting->second->key, value);
            } else if (!isReserved(name)) {
                // The value may be a secret under a misspelled name.
                result_.problems.push_back(fmt::format(
                    "environment: \"{}\" is set, must be EXPOHUB_ and the name of a setting; unset "
                    "it or look it up in config/hub.schema.md",
                    name));
            }
        }
        push("environment", sources_.working_folder, values);
    }

    void addOverrides()
    {
        Poco::AutoPtr<MapLayer> values(new MapLayer);
        for (const std::string& text : sources_.overrides) {
            const auto equals = text.find('=');
            if (equals == std::string::npos) {
                result_.problems.push_back(fmt::format(
                    "command line: \"--set {}\" must be --set key=value; add the value", text));
                continue;
            }
            const std::string key = text.substr(0, equals);
            if (checkKnown("command line", key, text.substr(equals + 1))) {
                values->setString(key, text.substr(equals + 1));
            }
        }
        push("command line", sources_.working_folder, values);
    }

    bool checkKnown(const std::string& source, const std::string& key, const std::string& value)
    {
        if (findSetting(key) != nullptr) {
            return true;
        }
        refuse(source,
               key,
               value,
               "must be the name of a setting; remove it or look it up in config/hub.schema.md");
        return false;
    }

    void take(const Setting& setting)
    {
        // The last layer that names the key wins; Poco's layers give the value, ours its origin.
        const auto layer =
            std::find_if(layers_.rbegin(), layers_.rend(), [&setting](const Layer& candidate) {
                return candidate.values->has(setting.key);
            });
        const std::string source = layer->source;
        std::string value;
        try {
            value = layered_->getString(setting.key);
        } catch (const Poco::Exception& problem) {
            result_.problems.push_back(fmt::format("{}: \"{}\" can't be expanded: {}; write its "
                                                   "value without a reference",
                                                   source,
                                                   setting.key,
                                                   problem.displayText()));
            return;
        }
        const std::string shown = setting.sensitive && !value.empty() ? "(hidden)" : value;
        result_.origins[setting.key] = {shown, source};
        if (!assign(setting, value, layer->base, result_.settings)) {
            const bool unset = value.empty() && source == "default";
            refuse(source,
                   setting.key,
                   shown,
                   fmt::format("must be {}; {}",
                               expectation(setting),
                               unset ? "set it in hub.properties" : "correct it"));
        }
    }

    void refuseSetting(const std::string& key, const std::string& rest)
    {
        refuse(result_.origins[key].source, key, result_.origins[key].value, rest);
    }

    void checkTogether()
    {
        Settings& settings = result_.settings;
        while (!settings.public_url.empty() && settings.public_url.back() == '/') {
            settings.public_url.pop_back();
        }
        if (settings.gateway.https_port != 0 && settings.gateway.certificate_file.empty()) {
            refuseSetting("gateway.certificate_file",
                          "must be a path when gateway.https_port is set; name the certificate");
        }
        if (settings.gateway.https_port != 0 && settings.gateway.private_key_file.empty()) {
            refuseSetting("gateway.private_key_file",
                          "must be a path when gateway.https_port is set; name the private key");
        }
        if (settings.store.backend == StoreBackend::PostgreSQL && settings.store.postgres.empty()) {
            refuseSetting("store.postgres",
                          "must be a libpq connection string when store.backend is postgresql; "
                          "set it");
        }
        if (!settings.isDemo()) {
            checkProduction(settings);
        }
    }

    void checkProduction(const Settings& settings)
    {
        if (settings.public_url.rfind("https://", 0) != 0 ||
            pointsAtLoopback(settings.public_url)) {
            refuseSetting("public_url",
                          "must be an https address that is not this machine in profile "
                          "production; set the public one");
        }
        // The gateway always serves plain HTTP beside HTTPS, so its address must stay inside.
        if (!listensOnLoopback(settings.gateway.address)) {
            refuseSetting("gateway.address",
                          "must be a loopback address in profile production, because plain HTTP "
                          "is served there; put a reverse proxy in front of it");
        }
        if (settings.plugin_host.sandbox == "none") {
            refuseSetting("plugin_host.sandbox",
                          "must not be none in profile production; name what this machine lacks");
        }
        if (settings.gateway.plain_cookie) {
            refuseSetting("gateway.plain_cookie",
                          "must be no in profile production, because the cookie of a session would "
                          "cross the net unprotected; serve HTTPS");
        }
        if (settings.gateway.http_port == 0) {
            refuseSetting("gateway.http_port",
                          "must be a fixed port in profile production; set the one that the "
                          "reverse proxy talks to");
        }
    }

    const Sources& sources_;
    Configuration result_;
    std::vector<Layer> layers_;
    Poco::AutoPtr<Poco::Util::LayeredConfiguration> layered_{new Poco::Util::LayeredConfiguration};
};

} // namespace

std::map<std::string, std::string> environmentOf(char** environment)
{
    std::map<std::string, std::string> found;
    for (char** entry = environment; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const auto equals = text.find('=');
        if (equals != std::string_view::npos && text.substr(0, kPrefix.size()) == kPrefix) {
            found.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return found;
}

Configuration readConfiguration(const Sources& sources)
{
    return Reader(sources).read();
}

Settings loadSettings(const Sources& sources)
{
    Configuration configuration = readConfiguration(sources);
    if (!configuration.problems.empty()) {
        throw base::Failure(HUB_BAD_REQUEST, "{}", fmt::join(configuration.problems, "\n"));
    }
    for (const auto& [key, origin] : configuration.origins) {
        configuration.settings.text += fmt::format("{} = {}\n", key, origin.value);
    }
    return configuration.settings;
}

} // namespace hub::config
