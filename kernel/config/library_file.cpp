#include "config/library_file.hpp"

#include "config/addresses.hpp"
#include "config/json_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hub::config {

namespace {

using base::Json;

constexpr std::size_t kShownBytesMax = 80;

constexpr const char* kForm = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["library"],
  "properties": {
    "library": { "$ref": "#/definitions/library" },
    "enabled": { "type": "boolean" },
    "isolation": { "enum": ["in_process", "process"] },
    "config": { "type": "object" },
    "accounts": {
      "type": "object",
      "propertyNames": { "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$" },
      "additionalProperties": { "$ref": "#/definitions/account" }
    },
    "grants": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "secrets": { "type": "array", "uniqueItems": true, "items": { "$ref": "#/definitions/role" } }
      }
    }
  },
  "definitions": {
    "library": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$" },
    "role": { "type": "string", "pattern": "^[a-z][a-z0-9_]{0,62}$" },
    "secret": { "type": "string", "pattern": "^[a-z0-9_-]+(/[a-z0-9_-]+)*$" },
    "token": { "type": "string", "pattern": "^[A-Za-z0-9_-]{22,128}$" },
    "roles": {
      "type": "object",
      "propertyNames": { "$ref": "#/definitions/role" },
      "additionalProperties": { "$ref": "#/definitions/secret" }
    },
    "account": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "state": { "enum": ["enabled", "draining", "retired"] },
        "config": { "type": "object" },
        "keys": { "$ref": "#/definitions/roles" },
        "secrets": { "$ref": "#/definitions/roles" },
        "callback_token": {
          "type": ["string", "array"],
          "minItems": 1,
          "maxItems": 8,
          "uniqueItems": true,
          "items": { "$ref": "#/definitions/token" },
          "if": { "type": "string" },
          "then": { "$ref": "#/definitions/token" }
        },
        "http_exact": { "$ref": "#/definitions/origins" },
        "stream_exact": { "$ref": "#/definitions/origins" }
      }
    },
    "origins": {
      "type": "array",
      "uniqueItems": true,
      "items": { "type": "string", "pattern": "^([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\]):[0-9]{1,5}$" }
    }
  }
})json";

const Schema& form()
{
    static const Schema kSchema(Json::parse(kForm), "the form of plugins.d files");
    return kSchema;
}

/// What a person should do about a violation of this form, where the message alone does not say.
std::string remedyFor(const std::string& pointer)
{
    if (pointer.find("/callback_token") != std::string::npos) {
        return "use at least 22 of A-Z, a-z, 0-9, _ and -, drawn at random";
    }
    return "correct it";
}

/// A key written into the configuration by mistake must not reach the log.
bool soundsSecret(const std::string& pointer)
{
    for (const char* word : {"key", "token", "secret", "password"}) {
        if (pointer.find(word) != std::string::npos) {
            return true;
        }
    }
    return false;
}

std::vector<std::string> texts(const Json& value)
{
    if (value.is_string()) {
        return {value.get<std::string>()};
    }
    return value.get<std::vector<std::string>>();
}

Account::State toState(const std::string& text)
{
    if (text == "draining") {
        return Account::State::Draining;
    }
    return text == "retired" ? Account::State::Retired : Account::State::Enabled;
}

Account parseAccount(const Json& json)
{
    Account account;
    account.state = toState(json.value("state", "enabled"));
    account.config = json.value("config", Json::object());
    account.keys = json.value("keys", account.keys);
    account.secrets = json.value("secrets", account.secrets);
    account.http_exact = json.value("http_exact", account.http_exact);
    account.stream_exact = json.value("stream_exact", account.stream_exact);
    if (json.contains("callback_token")) {
        account.callback_tokens = texts(json.at("callback_token"));
    }
    return account;
}

LibraryFile parseLibraryFile(const Json& json, const std::string& file)
{
    LibraryFile parsed;
    parsed.library = json.at("library").get<std::string>();
    parsed.file = file;
    parsed.json = json;
    parsed.enabled = json.value("enabled", true);
    if (json.contains("isolation")) {
        parsed.isolation =
            json.at("isolation") == "process" ? Isolation::Process : Isolation::InProcess;
    }
    parsed.config = json.value("config", Json::object());
    const Json accounts = json.value("accounts", Json::object());
    for (const auto& [name, account] : accounts.items()) {
        parsed.accounts.emplace(name, parseAccount(account));
    }
    const Json grants = json.value("grants", Json::object());
    parsed.granted_secrets = grants.value("secrets", parsed.granted_secrets);
    return parsed;
}

/// Pointers of the strings that name this machine.
void findLoopback(const Json& node, const std::string& pointer, std::vector<std::string>& found)
{
    if (node.is_string() && pointsAtLoopback(node.get_ref<const std::string&>())) {
        found.push_back(pointer);
    } else if (node.is_structured()) {
        for (const auto& [name, value] : node.items()) {
            findLoopback(value, pointer + "/" + name, found);
        }
    }
}

void checkProduction(const LibraryFile& file, std::vector<std::string>& problems)
{
    for (const auto& [name, account] : file.accounts) {
        const std::string place = "/accounts/" + name;
        if (!account.http_exact.empty()) {
            problems.push_back(fmt::format("{}: \"{}/http_exact\" is \"{}\", must be absent in "
                                           "profile production; remove it",
                                           file.file,
                                           place,
                                           account.http_exact.front()));
        }
        std::vector<std::string> loopback;
        findLoopback(account.config, place + "/config", loopback);
        findLoopback(account.stream_exact, place + "/stream_exact", loopback);
        for (const std::string& pointer : loopback) {
            problems.push_back(fmt::format("{}: \"{}\" names this machine, must be the provider's "
                                           "address in profile production; correct it",
                                           file.file,
                                           pointer));
        }
    }
}

class FolderReader {
public:
    FolderReader(std::filesystem::path folder, Profile profile)
        : folder_(std::move(folder))
        , profile_(profile)
    {}

    LibraryFiles read()
    {
        std::error_code failed;
        std::vector<std::filesystem::path> paths;
        for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
            if (entry.path().extension() == ".json") {
                paths.push_back(entry.path());
            }
        }
        if (failed) {
            result_.problems.push_back(
                fmt::format("{}: can't be read ({}); create the folder or correct "
                            "plugins.config_folder",
                            folder_.string(),
                            failed.message()));
        }
        std::sort(paths.begin(), paths.end());
        for (const auto& path : paths) {
            readFile(path);
        }
        checkAccountsUnique();
        return std::move(result_);
    }

private:
    void readFile(const std::filesystem::path& path)
    {
        const std::string name = (folder_.filename() / path.filename()).string();
        const Result<Json> json = readJsonFile(path, name);
        if (!json.ok()) {
            result_.problems.push_back(json.error().message);
            return;
        }
        const auto violations = form().check(json.value());
        for (const Violation& violation : violations) {
            result_.problems.push_back(describeViolation(name, json.value(), violation) + "; " +
                                       remedyFor(violation.pointer));
        }
        if (violations.empty()) {
            take(parseLibraryFile(json.value(), name), path.stem().string());
        }
    }

    void take(LibraryFile file, const std::string& stem)
    {
        const std::size_t before = result_.problems.size();
        if (file.library != stem) {
            result_.problems.push_back(
                fmt::format("{}: \"/library\" is \"{}\", must be \"{}\" like the file; rename one",
                            file.file,
                            file.library,
                            stem));
        }
        if (profile_ == Profile::Production) {
            checkProduction(file, result_.problems);
        }
        if (result_.problems.size() == before) {
            result_.files.push_back(std::move(file));
        }
    }

    void checkAccountsUnique()
    {
        std::map<std::string, std::string> owners;
        for (const LibraryFile& file : result_.files) {
            for (const auto& [name, account] : file.accounts) {
                const auto [owner, fresh] = owners.emplace(name, file.file);
                if (!fresh) {
                    result_.problems.push_back(fmt::format(
                        "{}: \"/accounts/{}\" is also an account of {}, must be unique; "
                        "rename one",
                        file.file,
                        name,
                        owner->second));
                }
            }
        }
    }

    std::filesystem::path folder_;
    Profile profile_;
    LibraryFiles result_;
};

} // namespace

std::string describeViolation(const std::string& file,
                              const Json& document,
                              const Violation& violation,
                              const std::string& place)
{
    std::string value;
    const Json::json_pointer pointer(violation.pointer);
    if (!soundsSecret(violation.pointer) && document.contains(pointer) &&
        document.at(pointer).is_primitive()) {
        value = document.at(pointer).dump();
    }
    const std::string where = place + violation.pointer;
    const std::string subject =
        where.empty() ? file + ": the document" : fmt::format("{}: \"{}\"", file, where);
    if (value.empty() || value.size() > kShownBytesMax) {
        return fmt::format("{} {}", subject, violation.message);
    }
    return fmt::format("{} is {}, {}", subject, value, violation.message);
}

LibraryFiles readLibraryFiles(const std::filesystem::path& folder, Profile profile)
{
    return FolderReader(folder, profile).read();
}

const char* toText(Account::State state) noexcept
{
    switch (state) {
    case Account::State::Draining:
        return "draining";
    case Account::State::Retired:
        return "retired";
    default:
        return "enabled";
    }
}

std::vector<std::string> unitedTokens(const std::vector<std::string>& first,
                                      const std::vector<std::string>& others)
{
    std::vector<std::string> united(first.begin(), first.begin() + (first.empty() ? 0 : 1));
    for (const auto* list : {&others, &first}) {
        for (const std::string& token : *list) {
            if (std::find(united.begin(), united.end(), token) == united.end()) {
                united.push_back(token);
            }
        }
    }
    return united;
}

} // namespace hub::config
