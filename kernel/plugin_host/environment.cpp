#include "plugin_host/environment.hpp"

#include "base/json.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace hub::plugin_host {

namespace {

constexpr unsigned kConcurrencyMax = 256;

/// unsetenv() forgets where a value is, but leaves it there.
std::string take(const char* name)
{
    char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): single-threaded yet
    std::string text = value == nullptr ? "" : value;
    if (value != nullptr) {
        OPENSSL_cleanse(value, text.size());
    }
    ::unsetenv(name); // NOLINT(concurrency-mt-unsafe)
    return text;
}

Result<void> takeSandbox(Environment& environment)
{
    const std::string sandbox = take("HUB_HOST_SANDBOX");
    const bool without_both = sandbox == "without_both";
    environment.may_lack_landlock = without_both || sandbox == "without_landlock";
    environment.may_lack_namespaces = without_both || sandbox == "without_namespaces";
    environment.confined = sandbox != "none";
    const bool lacks =
        !environment.confined || environment.may_lack_landlock || environment.may_lack_namespaces;
    if (!lacks && !sandbox.empty() && sandbox != "full") {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("HUB_HOST_SANDBOX is \"{}\", must be full, without_landlock, "
                                 "without_namespaces, without_both or none",
                                 sandbox)};
    }
    const std::string uid = take("HUB_HOST_UID");
    const auto parsed = std::from_chars(uid.data(), uid.data() + uid.size(), environment.uid);
    if (!uid.empty() && (parsed.ec != std::errc{} || parsed.ptr != uid.data() + uid.size())) {
        return Error{HUB_BAD_REQUEST,
                     fmt::format("HUB_HOST_UID is \"{}\", must be the number of a user", uid)};
    }
    return {};
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
    if (const Result<void> taken = takeSandbox(environment); !taken.ok()) {
        return taken.error();
    }
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
