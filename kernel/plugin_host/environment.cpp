#include "plugin_host/environment.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <utility>

namespace hub::plugin_host {

namespace {

constexpr unsigned kConcurrencyMax = 256;

std::string take(const char* name)
{
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): single-threaded yet
    std::string text = value == nullptr ? "" : value;
    ::unsetenv(name); // NOLINT(concurrency-mt-unsafe)
    return text;
}

Error wrong(const std::string& source, std::string_view what)
{
    return Error{
        HUB_BAD_REQUEST,
        fmt::format("{}: {}; install the library with the manifest of its build", source, what)};
}

} // namespace

Result<Environment> takeEnvironment()
{
    Environment environment;
    std::string library;
    std::string manifest;
    const std::array<std::pair<const char*, std::string*>, 4> variables = {
        {{"HUB_HOST_ENDPOINT", &environment.endpoint},
         {"HUB_HOST_TOKEN", &environment.token},
         {"HUB_HOST_LIBRARY", &library},
         {"HUB_HOST_MANIFEST", &manifest}}};
    for (const auto& [name, value] : variables) {
        *value = take(name);
        if (value->empty()) {
            return Error{HUB_BAD_REQUEST,
                         fmt::format("expohub-plugin-host runs one library for a hub, which starts "
                                     "it by itself; {} is not set. Start the hub instead: expohub "
                                     "serve",
                                     name)};
        }
    }
    environment.library = std::filesystem::absolute(library);
    environment.manifest = std::filesystem::absolute(manifest);
    return environment;
}

Result<ManifestFacts> parseManifest(const std::string& source, std::string_view json)
{
    const Result<base::Json> parsed = base::parseJson(json);
    if (!parsed.ok()) {
        return wrong(source, parsed.error().message);
    }
    ManifestFacts facts;
    try {
        const base::Json& manifest = parsed.value();
        facts.id = manifest.at("id").get<std::string>();
        facts.version = manifest.at("version").get<std::string>();
        facts.sha256 = manifest.value("sha256", std::string());
        facts.extensions = manifest.value("extensions", std::vector<std::string>());
        facts.concurrency_max = manifest.value("concurrency_max", 1U);
    } catch (const base::Json::exception& problem) {
        return wrong(source, problem.what());
    }
    if (facts.concurrency_max == 0 || facts.concurrency_max > kConcurrencyMax) {
        return wrong(source,
                     fmt::format("\"concurrency_max\" is {}, must be 1 to {}",
                                 facts.concurrency_max,
                                 kConcurrencyMax));
    }
    return facts;
}

Result<ManifestFacts> readManifest(const std::filesystem::path& path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        return wrong(path.string(), "can't be read");
    }
    return parseManifest(path.string(), text.str());
}

} // namespace hub::plugin_host
