#include "description.hpp"

#include "keyring.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace hub::conformance {

namespace {

namespace fs = std::filesystem;

// Nobody's on most machines; limits count by user, so that runs side by side have each their own.
constexpr int kUidFirst = 200000;
constexpr int kUids = 60000;

Json readJson(const fs::path& path)
{
    Json parsed = Json::parse(readFile(path), nullptr, false);
    if (!parsed.is_object()) {
        throw std::runtime_error(path.string() + ": is no JSON object; correct it");
    }
    return parsed;
}

fs::path programFolder()
{
    std::error_code failed;
    return fs::read_symlink("/proc/self/exe", failed).parent_path();
}

void mustExist(const fs::path& path, const std::string& remedy)
{
    if (!fs::exists(path)) {
        throw std::runtime_error(path.string() + ": is not there; " + remedy);
    }
}

std::vector<std::string> textsOf(const Json& object, const std::string& name)
{
    std::vector<std::string> texts;
    const auto found = object.find(name);
    if (found != object.end() && found->is_array()) {
        for (const Json& text : *found) {
            texts.push_back(text.is_string() ? text.get<std::string>() : "");
        }
    }
    return texts;
}

Contract readContract(const Json& entry, const fs::path& folder)
{
    Contract contract;
    contract.name = textOf(entry, "contract");
    const fs::path path = folder / (contract.name + ".json");
    mustExist(path, "the manifest implements a contract that this SDK does not have");
    contract.document = readJson(path);
    contract.digest = toHex(Keyring::digest("sha256", readFile(path)).value());
    contract.version = entry.value("version", 0);
    if (contract.document.value("version", 0) != contract.version) {
        throw std::runtime_error(path.string() + ": is version " +
                                 std::to_string(contract.document.value("version", 0)) +
                                 ", the manifest implements version " +
                                 std::to_string(contract.version));
    }
    contract.operations = textsOf(entry, "operations");
    contract.products = textsOf(entry, "products");
    const Json operations = objectOf(contract.document, "operations");
    for (const std::string& operation : contract.operations) {
        if (!operations.contains(operation)) {
            throw std::runtime_error("manifest.json: contract " + contract.name +
                                     " has no operation \"" + operation + "\"; correct it");
        }
    }
    return contract;
}

constexpr const char* kUsage =
    "usage: expohub-conform LIBRARY.so [--manifest FILE] [--description FILE] [--report FILE]\n"
    "           [--rule NAME] [--host PROGRAM] [--simulator PROGRAM] [--contracts FOLDER]\n"
    "           [--sandbox WORD] [--uid NUMBER]\n"
    "       expohub-conform --list\n"
    "\n"
    "Starts the library in the hub's own host process, plays the hub and the provider, and says\n"
    "for each rule whether the library keeps it. Needs no network.\n"
    "\n"
    "--manifest     default: manifest.json beside the library\n"
    "--description  default: conformance.json beside the manifest\n"
    "--report       writes the verdicts as JSON\n"
    "--rule         judges this rule alone\n"
    "--simulator    plays the provider: where conformance.json has a script, too, only if named\n"
    "--host, --simulator, --contracts   default: those of the SDK that this program belongs to\n"
    "--sandbox      what this machine may lack: full (default), without_landlock,\n"
    "               without_namespaces, without_both; none is for debuggers\n"
    "--uid          whom the host becomes when root runs this; default: a number above 200000\n"
    "\n"
    "exit codes: 0 every rule that applies is kept, 1 a rule is broken, 2 nothing was judged\n";

} // namespace

std::string usage()
{
    return kUsage;
}

Options readOptions(const std::vector<std::string>& arguments)
{
    Options options;
    const fs::path here = programFolder();
    options.host = here / "expohub-plugin-host";
    options.simulator = here / "expohub-simulator";
    options.contracts = here.parent_path() / "share/hub_sdk/contracts";
    options.uid = std::to_string(kUidFirst + ::getpid() % kUids);
    const std::vector<std::pair<std::string, std::string*>> texts = {
        {"--rule", &options.rule}, {"--sandbox", &options.sandbox}, {"--uid", &options.uid}};
    const std::vector<std::pair<std::string, fs::path*>> paths = {
        {"--manifest", &options.manifest},
        {"--description", &options.description},
        {"--report", &options.report},
        {"--host", &options.host},
        {"--simulator", &options.simulator},
        {"--contracts", &options.contracts}};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        const auto named = [&](const auto& one) {
            return one.first == argument;
        };
        const auto path = std::find_if(paths.begin(), paths.end(), named);
        const auto text = std::find_if(texts.begin(), texts.end(), named);
        if (argument == "--list") {
            options.only_list = true;
        } else if (!argument.starts_with("--") && options.library.empty()) {
            options.library = fs::absolute(argument);
        } else if ((path == paths.end() && text == texts.end()) || i + 1 == arguments.size()) {
            throw std::invalid_argument(argument + ": is no option, or its value is missing");
        } else if (text != texts.end()) {
            *text->second = arguments[++i];
        } else {
            *path->second = fs::absolute(arguments[++i]);
            options.is_simulator_named |= argument == "--simulator";
        }
    }
    if (options.library.empty() && !options.only_list) {
        throw std::invalid_argument("the library is missing");
    }
    if (options.manifest.empty()) {
        options.manifest = options.library.parent_path() / "manifest.json";
    }
    if (options.description.empty()) {
        options.description = options.manifest.parent_path() / "conformance.json";
    }
    return options;
}

bool Contract::has(const std::string& operation) const
{
    return std::find(operations.begin(), operations.end(), operation) != operations.end();
}

bool Contract::isSafe(const std::string& operation) const
{
    return objectOf(objectOf(document, "operations"), operation).value("safe", false);
}

bool Contract::isInbound(const std::string& operation) const
{
    return objectOf(objectOf(document, "operations"), operation).value("inbound", false);
}

bool Description::wants(const std::string& extension) const
{
    const auto listed = textsOf(manifest, "extensions");
    return std::find(listed.begin(), listed.end(), extension) != listed.end();
}

Description readDescription(const Options& options)
{
    Description description;
    description.options = options;
    mustExist(options.library, "build it, or correct the path");
    mustExist(options.manifest, "it lies beside a library that hub_loadable() built");
    mustExist(options.host, "name it with --host");
    description.manifest = readJson(options.manifest);
    description.text =
        fs::exists(options.description) ? readJson(options.description) : Json::object();
    description.digest = toHex(Keyring::digest("sha256", readFile(options.library)).value());
    const std::string kind = textOf(description.manifest, "kind");
    if (kind != "connector" && kind != "subscriber") {
        throw std::runtime_error(options.manifest.string() + ": \"kind\" is \"" + kind +
                                 "\"; the suite judges connectors and subscribers, which run in a "
                                 "process of their own");
    }
    const auto implements = description.manifest.find("implements");
    if (implements != description.manifest.end() && implements->is_array()) {
        for (const Json& entry : *implements) {
            description.contracts.push_back(readContract(entry, options.contracts));
        }
    }
    return description;
}

std::string readFile(const fs::path& path)
{
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        throw std::runtime_error(path.string() + ": can't be read");
    }
    return text.str();
}

} // namespace hub::conformance
