#include "bench_store.hpp"

#include "content_version.hpp"
#include "rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <stdexcept>

#include <stdlib.h>

namespace bench {

namespace {

namespace fs = std::filesystem;

/// A store is a gigabyte: those of other versions go.
void removeOthers(const fs::path& folder, const std::string& version)
{
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().filename().string().rfind(version, 0) != 0) {
            fs::remove_all(entry.path());
        }
    }
}

} // namespace

void fill(BenchHub& hub, int rows)
{
    Load load;
    load.seconds = 24 * 3600;
    load.count = rows;
    hub.configure(librariesOf(load));
    hub.start();
    Rounds rounds(hub, load);
    const RoundResult result = rounds.play();
    hub.stop();
    std::cerr << fmt::format("bench: {} rows in {:.0f} s\n", rows, result.seconds);
}

fs::path filledInstallation(const Options& options, int rows)
{
    const fs::path all = fs::absolute(options.build).parent_path() / "bench-store";
    const std::string version = contentVersion({"kernel/store"}); // its tables and pages
    const fs::path folder = all / fmt::format("{}-{}", version, rows);
    if (!fs::exists(folder)) {
        std::cerr << "bench: filling a store with " << rows << " rows, kept in " << folder << "\n";
        fs::create_directories(all);
        removeOthers(all, version);
        BenchHub hub({options.build});
        fill(hub, rows);
        hub.keepAs(folder);
    }
    return folder;
}

PostgresServer::PostgresServer()
{
    std::string folder = "/tmp/expohub-bench-XXXXXX"; // short: it holds a socket
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no folder can be made in /tmp");
    }
    fs::remove(folder); // the script makes it and removes only what it made
    folder_ = folder;
    outputOf("tests/support/postgres.sh start " + folder + " >&2");
}

PostgresServer::~PostgresServer()
{
    try {
        outputOf("tests/support/postgres.sh stop " + folder_.string() + " >&2");
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << "\n";
    }
}

std::vector<std::string> PostgresServer::settings() const
{
    return {"store.backend = postgresql",
            "store.postgres = host=" + folder_.string() + " user=hub dbname=hub"};
}

std::string PostgresServer::show() const
{
    std::string text = "PostgreSQL";
    for (const char* name : {"server_version",
                             "fsync",
                             "synchronous_commit",
                             "wal_sync_method",
                             "full_page_writes",
                             "shared_buffers"}) {
        std::string value = outputOf(
            fmt::format("psql -h {} -U hub -d hub -A -t -c 'SHOW {}'", folder_.string(), name));
        text += fmt::format(" {}={}", name, value.substr(0, value.find('\n')));
    }
    return text;
}

} // namespace bench
