#include "config/setting_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <regex>

namespace hub::config {

namespace {

constexpr std::int64_t kKibibyte = 1024;
constexpr std::int64_t kMebibyte = 1024 * kKibibyte;
constexpr std::int64_t kMinute = 60'000;

// A setting's place in Settings, as a function without a capture.
#define HUB_TEXT(member)                                                                           \
    [](Settings& settings) -> std::string& {                                                       \
        return settings.member;                                                                    \
    }
#define HUB_INTEGER(low, high, member)                                                             \
    IntegerRule                                                                                    \
    {                                                                                              \
        low, high, [](Settings& settings) -> std::int64_t& {                                       \
            return settings.member;                                                                \
        }                                                                                          \
    }
#define HUB_PATH(required, member)                                                                 \
    PathRule                                                                                       \
    {                                                                                              \
        required, [](Settings& settings) -> std::filesystem::path& {                               \
            return settings.member;                                                                \
        }                                                                                          \
    }

constexpr const char* kUrlPattern = "^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$";
constexpr const char* kAddressPattern = "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:]{2,39})$";
constexpr const char* kAddressesPattern = "^([0-9A-Fa-f.:]{2,39}(, *[0-9A-Fa-f.:]{2,39})*)?$";

void addHub(std::vector<Setting>& table)
{
    table.push_back({"profile",
                     "production",
                     ChoiceRule{{"demo", "production"},
                                [](Settings& settings, std::size_t index) {
                                    settings.profile =
                                        index == 0 ? Profile::Demo : Profile::Production;
                                }},
                     "`demo` allows providers on loopback and shorter schedules."});
    table.push_back(
        {"public_url",
         "",
         TextRule{kUrlPattern,
                  "an address such as https://fair.example.com without a query",
                  HUB_TEXT(public_url)},
         "Where providers and people reach this hub; callback addresses begin with it."});
    table.push_back({"site",
                     "00000",
                     TextRule{"^[0-9]{5}$", "five digits", HUB_TEXT(site)},
                     "First digits of every provider number: unique among hubs that share a "
                     "merchant account."});
    table.push_back(
        {"edition",
         "",
         TextRule{"^[a-z0-9][a-z0-9-]{0,31}$", "1 to 32 of a-z, 0-9 and -", HUB_TEXT(edition)},
         "The edition that events carry when a request names none."});
    table.push_back({"secrets.folder",
                     "secrets",
                     HUB_PATH(true, secrets.folder),
                     "Encrypted secrets, one file per version."});
    table.push_back({"secrets.master_key_file",
                     "",
                     HUB_PATH(false, secrets.master_key_file),
                     "File of the master key (hex, mode 0600), when neither EXPOHUB_MASTER_KEY nor "
                     "the credential expohub-master-key is there."});
    table.push_back({"plugins.folder",
                     "lib",
                     HUB_PATH(true, plugins.folder),
                     "One folder per installed library, each with its manifest.json."});
    table.push_back({"plugins.config_folder",
                     "plugins.d",
                     HUB_PATH(true, plugins.config_folder),
                     "One .json file per library that the operator enables."});
    table.push_back({"contracts.folder",
                     "contracts",
                     HUB_PATH(true, contracts_folder),
                     "The contracts between plugins and connectors."});
    table.push_back({"run.folder",
                     "run",
                     HUB_PATH(true, run_folder),
                     "Admin socket, process id and marker file of the running hub."});
}

void addGateway(std::vector<Setting>& table)
{
    table.push_back(
        {"gateway.address",
         "127.0.0.1",
         TextRule{kAddressPattern, "an IP address", HUB_TEXT(gateway.address)},
         "Address to listen on. Production listens on loopback, behind a reverse proxy."});
    table.push_back({"gateway.http_port",
                     "8080",
                     HUB_INTEGER(0, 65535, gateway.http_port),
                     "Port for HTTP; 0: any free one, in profile `demo` only."});
    table.push_back({"gateway.https_port",
                     "0",
                     HUB_INTEGER(0, 65535, gateway.https_port),
                     "Port for HTTPS; 0: off. Needs certificate and private key."});
    table.push_back({"gateway.certificate_file",
                     "",
                     HUB_PATH(false, gateway.certificate_file),
                     "PEM: the server's certificate, then its issuers."});
    table.push_back({"gateway.private_key_file",
                     "",
                     HUB_PATH(false, gateway.private_key_file),
                     "PEM: the server's private key."});
    table.push_back({"gateway.threads_max",
                     "64",
                     HUB_INTEGER(4, 1024, gateway.threads_max),
                     "Requests served at once."});
    table.push_back({"gateway.connections_per_address_max",
                     "32",
                     HUB_INTEGER(1, 65536, gateway.connections_per_address_max),
                     "Open connections of one address; trusted proxies are not limited."});
    table.push_back({"gateway.header_bytes_max",
                     "16384",
                     HUB_INTEGER(1 * kKibibyte, 256 * kKibibyte, gateway.header_bytes_max),
                     "Size of a request's header."});
    table.push_back({"gateway.body_bytes_max",
                     "1048576",
                     HUB_INTEGER(1 * kKibibyte, 64 * kMebibyte, gateway.body_bytes_max),
                     "Size of a request's body; a larger one is answered 413."});
    table.push_back({"gateway.header_timeout_ms",
                     "10000",
                     HUB_INTEGER(100, 10 * kMinute, gateway.header_timeout_ms),
                     "Time for a whole header; a slower client is closed and counted."});
    table.push_back({"gateway.body_timeout_ms",
                     "20000",
                     HUB_INTEGER(100, 10 * kMinute, gateway.body_timeout_ms),
                     "Time for a whole body; a slower client is answered 408."});
    table.push_back({"gateway.idle_timeout_ms",
                     "30000",
                     HUB_INTEGER(100, 10 * kMinute, gateway.idle_timeout_ms),
                     "Time that a connection may stay open between requests."});
    table.push_back({"gateway.answer_timeout_ms",
                     "30000",
                     HUB_INTEGER(1000, 10 * kMinute, gateway.answer_timeout_ms),
                     "Time for a request in the hub; afterwards it is answered 503."});
    table.push_back({"gateway.sessions_per_subject_max",
                     "20",
                     HUB_INTEGER(1, 1000, gateway.sessions_per_subject_max),
                     "Open sessions of one person; a further one ends the oldest."});
    table.push_back({"gateway.plain_cookie",
                     "no",
                     ChoiceRule{{"no", "yes"},
                                [](Settings& settings, std::size_t index) {
                                    settings.gateway.plain_cookie = index == 1;
                                }},
                     "`yes`, in profile `demo` only: over plain HTTP people are logged in by a "
                     "cookie `expohub` without `Secure`, which anybody on the way can read."});
}

void addStore(std::vector<Setting>& table)
{
    table.push_back({"store.backend",
                     "sqlite",
                     ChoiceRule{{"sqlite", "postgresql"},
                                [](Settings& settings, std::size_t index) {
                                    settings.store.backend = index == 0 ? StoreBackend::SQLite
                                                                        : StoreBackend::PostgreSQL;
                                }},
                     "Where the journal and all tables live."});
    table.push_back({"store.folder",
                     "store",
                     HUB_PATH(true, store.folder),
                     "SQLite file, lock and blobs. A local disk: no network file system."});
    table.push_back({"store.postgres",
                     "",
                     TextRule{".*", "a libpq connection string", HUB_TEXT(store.postgres)},
                     "Connection to PostgreSQL; needed for that back end. Name a passfile or a "
                     "service in it rather than a password.",
                     true});
    table.push_back({"store.postgres_schema",
                     "expohub",
                     TextRule{"^[a-z_][a-z0-9_]{0,47}$",
                              "1 to 48 of a-z, 0-9 and _, not beginning with a digit",
                              HUB_TEXT(store.postgres_schema)},
                     "Schema of the hub's own tables; libraries get theirs beside it."});
    table.push_back({"store.readers_max",
                     "16",
                     HUB_INTEGER(1, 256, store.readers_max),
                     "Read snapshots at once."});
    table.push_back({"store.busy_timeout_ms",
                     "5000",
                     HUB_INTEGER(0, kMinute, store.busy_timeout_ms),
                     "How long SQLite waits for a lock."});
    table.push_back({"store.snapshot_ms_max",
                     "250",
                     HUB_INTEGER(10, kMinute, store.snapshot_ms_max),
                     "How long one read may hold its snapshot."});
    table.push_back({"store.wal_bytes_max",
                     "67108864",
                     HUB_INTEGER(kMebibyte, 16 * 1024 * kMebibyte, store.wal_bytes_max),
                     "Size of SQLite's log at which the lane truncates it."});
}

void addLane(std::vector<Setting>& table)
{
    table.push_back({"lane.queue_max",
                     "10000",
                     HUB_INTEGER(16, 1'000'000, lane.queue_max),
                     "Units that wait for the lane; more are refused with 503."});
    table.push_back({"lane.group_units_max",
                     "256",
                     HUB_INTEGER(1, 4096, lane.group_units_max),
                     "Units that are committed together."});
    table.push_back({"lane.group_ms_max",
                     "5",
                     HUB_INTEGER(0, 1000, lane.group_ms_max),
                     "How long a group may stay open; it never waits for more units."});
    table.push_back({"lane.attempts_max",
                     "3",
                     HUB_INTEGER(1, 100, lane.attempts_max),
                     "Attempts before an event becomes a dead letter."});
}

void addPluginHost(std::vector<Setting>& table)
{
    table.push_back({"plugin_host.path",
                     "expohub-plugin-host",
                     HUB_PATH(true, plugin_host.path),
                     "The program that loads libraries in processes of their own."});
    table.push_back(
        {"plugin_host.sandbox",
         "full",
         TextRule{"^(full|without_landlock|without_namespaces|without_both|none)$",
                  "one of full, without_landlock, without_namespaces, without_both, none",
                  HUB_TEXT(plugin_host.sandbox)},
         "What this machine may lack of what confines a process: with `full`, a "
         "library that can't be confined is not run; otherwise it is, with a warning. `none` "
         "confines nothing, for debuggers, in profile `demo` only."});
    table.push_back({"plugin_host.uid_first",
                     "60800",
                     HUB_INTEGER(1000, 4'000'000'000, plugin_host.uid_first),
                     "When root runs the hub: the first of 256 user ids that nobody else has, one "
                     "for each library's process."});
    table.push_back({"plugin_host.start_timeout_ms",
                     "10000",
                     HUB_INTEGER(100, 10 * kMinute, plugin_host.start_timeout_ms),
                     "Time from the start of a process to its readiness."});
    table.push_back({"plugin_host.probation_ms",
                     "60000",
                     HUB_INTEGER(1000, 60 * kMinute, plugin_host.probation_ms),
                     "How long a library that replaced another is watched; if it does worse, the "
                     "former one is put back."});
    table.push_back({"plugin_host.stop_timeout_ms",
                     "5000",
                     HUB_INTEGER(100, 10 * kMinute, plugin_host.stop_timeout_ms),
                     "Time to stop; then the process is killed."});
    table.push_back({"plugin_host.restarts_max",
                     "5",
                     HUB_INTEGER(1, 100, plugin_host.restarts_max),
                     "Crashes without progress before a library is faulted."});
    table.push_back({"plugin_host.restart_delay_ms_max",
                     "10000",
                     HUB_INTEGER(0, 10 * kMinute, plugin_host.restart_delay_ms_max),
                     "The longest pause before a restart; it doubles from 100 ms."});
    table.push_back({"plugin_host.credit_max",
                     "64",
                     HUB_INTEGER(1, 65536, plugin_host.credit_max),
                     "Calls and events that a process may hold."});
    table.push_back({"plugin_host.heartbeat_ms",
                     "1000",
                     HUB_INTEGER(50, kMinute, plugin_host.heartbeat_ms),
                     "Pause between heartbeats."});
    table.push_back({"plugin_host.heartbeats_missed_max",
                     "3",
                     HUB_INTEGER(1, 100, plugin_host.heartbeats_missed_max),
                     "Silent heartbeats before a process counts as lost."});
    table.push_back({"plugin_host.hang_ms",
                     "60000",
                     HUB_INTEGER(1000, 60 * kMinute, plugin_host.hang_ms),
                     "A process that holds an event for so long, or a call for so long after its "
                     "deadline, is ended and started again."});
    table.push_back({"plugin_host.queue_max",
                     "100000",
                     HUB_INTEGER(100, 10'000'000, plugin_host.queue_max),
                     "Messages that wait for the router."});
}

void addEgress(std::vector<Setting>& table)
{
    table.push_back({"egress.ca_file",
                     "",
                     HUB_PATH(false, egress.ca_file),
                     "PEM: authorities that providers' certificates are checked against; empty: "
                     "the system's."});
    table.push_back({"egress.threads",
                     "32",
                     HUB_INTEGER(1, 1024, egress.threads),
                     "Exchanges with providers at once."});
    table.push_back({"egress.queue_max",
                     "1024",
                     HUB_INTEGER(1, 1'000'000, egress.queue_max),
                     "Exchanges that wait for a thread; more are not sent."});
    table.push_back({"egress.per_account_max",
                     "16",
                     HUB_INTEGER(1, 1024, egress.per_account_max),
                     "Exchanges of one account at once."});
    table.push_back({"egress.connect_timeout_ms",
                     "3000",
                     HUB_INTEGER(50, kMinute, egress.connect_timeout_ms),
                     "Time to connect, with TLS."});
    table.push_back({"egress.first_byte_timeout_ms",
                     "10000",
                     HUB_INTEGER(50, 10 * kMinute, egress.first_byte_timeout_ms),
                     "Time from the request to the answer's first byte."});
    table.push_back({"egress.total_timeout_ms",
                     "15000",
                     HUB_INTEGER(100, 10 * kMinute, egress.total_timeout_ms),
                     "Time of a whole exchange."});
    table.push_back({"egress.response_bytes_max",
                     "1048576",
                     HUB_INTEGER(kKibibyte, 64 * kMebibyte, egress.response_bytes_max),
                     "Size of an answer."});
    table.push_back({"egress.breaker_failures",
                     "5",
                     HUB_INTEGER(1, 1000, egress.breaker_failures),
                     "Failures of an account in a row that open its breaker."});
    table.push_back({"egress.breaker_open_ms",
                     "5000",
                     HUB_INTEGER(10, 10 * kMinute, egress.breaker_open_ms),
                     "How long an open breaker refuses before it lets one exchange probe."});
    table.push_back({"egress.streams_per_library_max",
                     "64",
                     HUB_INTEGER(1, 4096, egress.streams_per_library_max),
                     "Streams (hub.stream) that one connector may hold at once."});
}

void addLog(std::vector<Setting>& table)
{
    static const char* const kLevels = "^(trace|debug|info|warning|error|critical)$";
    table.push_back({"log.level",
                     "info",
                     TextRule{kLevels,
                              "one of trace, debug, info, warning, error, critical",
                              HUB_TEXT(log.level)},
                     "The least severe line that is written."});
    table.push_back({"log.format",
                     "text",
                     TextRule{"^(text|json)$", "one of text, json", HUB_TEXT(log.format)},
                     "Lines for people or for programs."});
    table.push_back(
        {"log.file", "", HUB_PATH(false, log.file), "Log file; empty: standard error."});
    table.push_back({"log.file_bytes_max",
                     "67108864",
                     HUB_INTEGER(64 * kKibibyte, 16 * 1024 * kMebibyte, log.file_bytes_max),
                     "Size at which a log file is rotated."});
    table.push_back({"log.files_max",
                     "8",
                     HUB_INTEGER(1, 1000, log.files_max),
                     "Rotated log files that are kept."});
}

#undef HUB_TEXT
#undef HUB_INTEGER
#undef HUB_PATH

bool assignText(const TextRule& rule, const std::string& value, Settings& settings)
{
    // std::regex recurses with the length of a text.
    constexpr std::size_t kTextBytesMax = 4096;
    if (value.size() > kTextBytesMax || !std::regex_match(value, std::regex(rule.pattern))) {
        return false;
    }
    rule.target(settings) = value;
    return true;
}

bool assignInteger(const IntegerRule& rule, const std::string& value, Settings& settings)
{
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, number);
    if (parsed.ec != std::errc{} || parsed.ptr != end || number < rule.minimum ||
        number > rule.maximum) {
        return false;
    }
    rule.target(settings) = number;
    return true;
}

bool assignPath(const PathRule& rule,
                const std::string& value,
                const std::filesystem::path& base,
                Settings& settings)
{
    if (value.empty()) {
        rule.target(settings).clear();
        return !rule.required;
    }
    rule.target(settings) = (base / value).lexically_normal();
    return true;
}

bool assignChoice(const ChoiceRule& rule, const std::string& value, Settings& settings)
{
    const auto word = std::find(rule.words.begin(), rule.words.end(), value);
    if (word == rule.words.end()) {
        return false;
    }
    rule.assign(settings, static_cast<std::size_t>(word - rule.words.begin()));
    return true;
}

struct Expectation {
    std::string operator()(const TextRule& rule) const { return rule.expectation; }
    std::string operator()(const IntegerRule& rule) const
    {
        return fmt::format("an integer from {} to {}", rule.minimum, rule.maximum);
    }
    std::string operator()(const PathRule& rule) const
    {
        return rule.required ? "a path" : "a path or empty";
    }
    std::string operator()(const ChoiceRule& rule) const
    {
        return fmt::format("one of {}", fmt::join(rule.words, ", "));
    }
};

} // namespace

const std::vector<Setting>& settingTable()
{
    static const std::vector<Setting> kTable = [] {
        std::vector<Setting> table;
        addHub(table);
        addGateway(table);
        addStore(table);
        addLane(table);
        addPluginHost(table);
        addEgress(table);
        addLog(table);
        return table;
    }();
    return kTable;
}

const Setting* findSetting(std::string_view key)
{
    const auto& table = settingTable();
    const auto found = std::find_if(
        table.begin(), table.end(), [key](const Setting& setting) { return key == setting.key; });
    return found == table.end() ? nullptr : &*found;
}

std::string environmentName(std::string_view key)
{
    std::string name = "EXPOHUB_";
    for (const char letter : key) {
        const bool lower = letter >= 'a' && letter <= 'z';
        name += letter == '.' ? '_' : (lower ? static_cast<char>(letter - 'a' + 'A') : letter);
    }
    return name;
}

std::string expectation(const Setting& setting)
{
    return std::visit(Expectation{}, setting.rule);
}

bool assign(const Setting& setting,
            const std::string& value,
            const std::filesystem::path& base,
            Settings& settings)
{
    if (const auto* text = std::get_if<TextRule>(&setting.rule)) {
        return assignText(*text, value, settings);
    }
    if (const auto* integer = std::get_if<IntegerRule>(&setting.rule)) {
        return assignInteger(*integer, value, settings);
    }
    if (const auto* path = std::get_if<PathRule>(&setting.rule)) {
        return assignPath(*path, value, base, settings);
    }
    return assignChoice(std::get<ChoiceRule>(setting.rule), value, settings);
}

std::string settingsDocument()
{
    std::string text =
        "# Settings\n\n"
        "Made from the hub's list of settings (`kernel/config/setting_table.cpp`). A value comes "
        "from the\nlast of these that names it: the default, `hub.properties`, the environment, "
        "`--set key=value`.\nRelative paths in `hub.properties` begin at its folder, others at the "
        "working directory. All take effect when the hub starts.\n\n"
        "| Setting | Environment | Must be | Default | What it is |\n"
        "|---|---|---|---|---|\n";
    for (const Setting& setting : settingTable()) {
        const std::string value =
            *setting.default_value == '\0' ? "" : fmt::format("`{}`", setting.default_value);
        text += fmt::format("| `{}` | `{}` | {} | {} | {} |\n",
                            setting.key,
                            environmentName(setting.key),
                            expectation(setting),
                            value,
                            setting.text);
    }
    return text;
}

} // namespace hub::config
