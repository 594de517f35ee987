#include "domain_hub.hpp"

#include "child.hpp"
#include "content_version.hpp"
#include "domain_data.hpp"
#include "process.hpp"
#include "support/hub_process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <vector>

#include <unistd.h>

namespace bench {

namespace fs = std::filesystem;

namespace {

using hub::test::HubProcess;
using nlohmann::json;

constexpr std::uint64_t kBatch = 200;
constexpr std::uint64_t kGrowth = 10;
constexpr std::uint64_t kProgress = 20'000;
constexpr std::chrono::seconds kImportLimit{60};

// What belongs together: the seals of the store, the keys that they need, the simulator's CA.
constexpr std::array kParts = {"hub/store", "hub/secrets", "hub/master.key", "simulator"};

void setEnvironment(const char* name, const fs::path& value)
{
    if (::setenv(name, value.c_str(), 1) != 0) {
        throw std::runtime_error(std::string(name) + " can't be set");
    }
}

void copyPart(const fs::path& from, const fs::path& to)
{
    fs::remove_all(to);
    fs::create_directories(to.parent_path());
    outputOf(fmt::format("cp -a --reflink=auto '{}' '{}'", from.string(), to.string()));
}

void enable(HubProcess& hub, const std::vector<std::string>& libraries)
{
    fs::remove_all(hub.folder() / "hub/plugins.d");
    fs::create_directories(hub.folder() / "hub/plugins.d");
    for (const std::string& library : libraries) {
        hub.configure(library, {{"library", library}, {"enabled", true}});
    }
}

std::string keyOf(const HubProcess& hub)
{
    std::vector<std::string> words = {"api-key", "create", "--holder", "bench"};
    for (const char* scope : {"persons:read",
                              "persons:write",
                              "persons:list",
                              "organizations:read",
                              "editions:write"}) {
        words.insert(words.end(), {"--scope", scope});
    }
    return hub.ask(words).at("token");
}

/// The shipped rules, with a deadline that no run of this benchmark meets.
void putEdition(const HubProcess& hub)
{
    const std::string file = fmt::format("plugins/registration/editions/{}.json", kEdition);
    json pack = json::parse(std::ifstream(file));
    pack["deadlines"] = {{"registration", "2099-10-20T24:00:00+08:00"}};
    const std::string key = keyOf(hub);
    const auto put = [&](const std::string& what, const json& body) {
        const auto answer =
            hub.request("PUT",
                        fmt::format("/api/v1/editions/{}{}", kEdition, what),
                        body.dump(),
                        {{"Authorization", "Bearer " + key}, {"Content-Type", "application/json"}});
        if (answer.status != 200) {
            throw std::runtime_error("the edition was not taken: " + answer.body.dump());
        }
    };
    put("", pack);
    put("/policies/sensitive",
        {{"version", kSensitiveVersion}, {"address", "/policies/sensitive-1"}});
}

void importDelegations(const HubProcess& hub, sample::Sizes sizes)
{
    sizes.organizations = 0;
    sizes.persons = 0;
    const fs::path folder = hub.folder() / "sample";
    sample::write(folder, sizes);
    const json begun = hub.ask(
        {"import", "delegations", kEdition, "--file", (folder / "delegations.csv").string()});
    json now;
    const bool ended = hub::test::becomesTrue(
        [&] {
            now = hub.ask({"import", "show", begun.at("import_id")});
            return now.at("state") != "running";
        },
        kImportLimit);
    if (!ended || now.at("state") != "done") {
        throw std::runtime_error("the delegations were not imported: " + now.dump());
    }
}

/// Batch by batch. A unit may take two seconds, which is little on a machine that does other
/// things: a batch that took too long is sent again in halves, and the next ones grow again.
void fill(HubProcess& hub, const std::string& what, std::uint64_t rows, std::uint64_t persons)
{
    constexpr int kFailuresMax = 20; // one after the other
    std::uint64_t batch = kBatch;
    std::uint64_t shown = 0;
    int failures = 0;
    for (std::uint64_t first = 0; first < rows;) {
        const json plan = {{"what", what},
                           {"first", first},
                           {"count", std::min(batch, rows - first)},
                           {"persons", persons}};
        if (!hub.isRunning()) {
            hub.start();
        }
        const auto end = hub.command({"bench", "fill", plan.dump()});
        if (end.code == 0) {
            first += batch;
            batch = std::min(kBatch, batch + kGrowth);
            failures = 0;
        } else if (++failures < kFailuresMax) {
            batch = std::max<std::uint64_t>(1, batch / 2);
        } else {
            throw std::runtime_error("the store can't be filled: " + end.output + end.error);
        }
        if (first >= shown) {
            std::cerr << "domain: " << std::min(first, rows) << " of " << rows << " " << what
                      << std::endl;
            shown = first + kProgress;
        }
    }
}

void script(const std::string& action, const PostgresServer& server)
{
    outputOf(fmt::format("tests/support/postgres.sh {} {} >&2", action, server.folder().string()));
}

/// The server's files as they are after a long night: vacuumed, analyzed, nothing left in its log.
void keepPostgres(const PostgresServer& server, const fs::path& folder)
{
    for (const char* sql : {"VACUUM ANALYZE", "CHECKPOINT"}) {
        outputOf(
            fmt::format("psql -q -h {} -U postgres -d hub -c '{}'", server.folder().string(), sql));
    }
    script("halt", server);
    copyPart(server.folder() / "data", folder);
}

void bringBackPostgres(const PostgresServer& server, const fs::path& folder)
{
    script("halt", server);
    copyPart(folder, server.folder() / "data");
    script("resume", server);
}

/// Whatever decides what the filled store looks like.
std::string version()
{
    return contentVersion({"kernel/store",
                           "kernel/security/person_keys.cpp",
                           "plugins/registration/migrations",
                           "plugins/registration/domain",
                           "plugins/registration/flow",
                           "plugins/registration/store",
                           "plugins/registration/editions",
                           "plugins/identifiers",
                           "tests/generator",
                           "tests/bench/domain_data.cpp",
                           "tests/bench/domain_hub.cpp",
                           "tests/bench/libraries/domain_filler.cpp"});
}

std::vector<std::string> settingsOf(const PostgresServer* postgres)
{
    std::vector<std::string> settings = {fmt::format("edition = {}", kEdition)};
    if (postgres != nullptr) {
        for (const std::string& line : postgres->settings()) {
            settings.push_back(line);
        }
    }
    return settings;
}

void makeFilled(const Options& options,
                StoreKind store,
                const sample::Sizes& sizes,
                const fs::path& folder)
{
    std::cerr << "domain: filling a store with " << sizes.persons << " persons, kept in " << folder
              << std::endl;
    const auto begin = std::chrono::steady_clock::now();
    const auto postgres =
        store == StoreKind::Postgres ? std::make_unique<PostgresServer>() : nullptr;
    auto settings = settingsOf(postgres.get());
    settings.push_back("plugins.folder = " +
                       (fs::canonical(options.build) / "bench-filler").string());
    HubProcess hub(hub::test::HubOptions{settings, {}, false});
    enable(hub, {"registration"});
    hub.start();
    putEdition(hub);
    importDelegations(hub, sizes);
    fill(hub, "organizations", sizes.organizations, sizes.persons);
    fill(hub, "persons", sizes.persons, sizes.persons);
    hub.stop();
    const fs::path unfinished = folder.string() + ".unfinished";
    fs::remove_all(unfinished);
    for (const char* part : kParts) {
        copyPart(hub.folder() / part, unfinished / part);
    }
    if (postgres) {
        keepPostgres(*postgres, unfinished / "postgres");
    }
    fs::rename(unfinished, folder);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::cerr << fmt::format("domain: filled in {:.0f} s\n", took.count());
}

/// Stores of other versions go: each takes gigabytes.
void removeOthers(const fs::path& all, const std::string& current)
{
    for (const auto& entry : fs::directory_iterator(all)) {
        if (!entry.path().filename().string().starts_with(current)) {
            fs::remove_all(entry.path());
        }
    }
}

fs::path filled(const Options& options, StoreKind store, const sample::Sizes& sizes)
{
    const fs::path all = fs::absolute(options.build).parent_path() / "bench-domain";
    fs::create_directories(all);
    const std::string current = version();
    const fs::path folder = all / fmt::format("{}-{}-{}",
                                              current,
                                              sizes.persons,
                                              store == StoreKind::Postgres ? "postgres" : "sqlite");
    if (!fs::exists(folder)) {
        removeOthers(all, current);
        makeFilled(options, store, sizes, folder);
    }
    return folder;
}

} // namespace

DomainHub::DomainHub(const Options& options, StoreKind store, const sample::Sizes& sizes)
{
    const fs::path build = fs::canonical(options.build);
    setEnvironment("HUB_BUILD_DIR", build);
    setEnvironment("HUB_SOURCE_DIR", fs::current_path());
    setEnvironment("TMPDIR", build); // the disk that is measured, not one in memory
    const fs::path kept = filled(options, store, sizes);
    if (store == StoreKind::Postgres) {
        postgres_ = std::make_unique<PostgresServer>();
        bringBackPostgres(*postgres_, kept / "postgres");
    }
    hub_ =
        std::make_unique<HubProcess>(hub::test::HubOptions{settingsOf(postgres_.get()), {}, false});
    for (const char* part : kParts) {
        copyPart(kept / part, hub_->folder() / part);
    }
    enable(*hub_, {"identity", "messaging", "registration"});
}

DomainHub::~DomainHub() = default;

void DomainHub::start()
{
    ::sync(); // what was copied is not measured
    hub_->start();
}

void DomainHub::stop()
{
    hub_->stop();
}

std::string DomainHub::token() const
{
    return keyOf(*hub_);
}

pid_t DomainHub::pid() const
{
    return hub_->pid();
}

fs::path DomainHub::storeFolder() const
{
    return postgres_ ? postgres_->folder() : hub_->folder() / "hub/store";
}

std::uint16_t DomainHub::httpsPort() const
{
    const std::string text = hub::test::readFile(hub_->properties());
    const std::string name = "\ngateway.https_port = ";
    return static_cast<std::uint16_t>(std::stoi(text.substr(text.find(name) + name.size())));
}

std::unique_ptr<StatementMeter> DomainHub::meter() const
{
    return postgres_ ? makePostgresMeter(
                           fmt::format("host={} user=postgres dbname=hub", storeFolder().string()))
                     : makeSqliteMeter(storeFolder() / "hub.db");
}

std::string DomainHub::store() const
{
    if (postgres_) {
        return postgres_->show();
    }
    const auto end = hub_->command({"doctor", "--json"}); // its code tells of findings
    const json facts = json::parse(end.output, nullptr, false);
    for (const json& fact : facts.is_array() ? facts : json::array()) {
        if (fact.value("subject", "") == "store settings") {
            return fact.value("finding", "");
        }
    }
    return "";
}

} // namespace bench
