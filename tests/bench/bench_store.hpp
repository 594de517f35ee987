// Stores to begin with: figures mean something for a journal of a certain age only.
#pragma once

#include "bench_hub.hpp"
#include "figure.hpp"

#include <filesystem>
#include <string>

namespace bench {

/// Lets `rows` events run through the hub, from the publisher to a subscriber, until all of them
/// are settled; leaves it stopped.
void fill(BenchHub& hub, int rows);

/// A stopped installation with at least `rows` finished rows in SQLite, for HubSetup::from. It is
/// kept beside the build, made anew when kernel/store changes. Its figures are those of a
/// hub that worked, not of a file that was written by hand.
std::filesystem::path filledInstallation(const Options& options, int rows);

/// A private PostgreSQL server, as long as this object lives.
class PostgresServer {
public:
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// Lines of hub.properties.
    std::vector<std::string> settings() const;
    /// Where its files are: fdatasync is measured on the same disk.
    const std::filesystem::path& folder() const noexcept { return folder_; }
    /// What a session of the hub's user sees: "name=value …".
    std::string show() const;

private:
    std::filesystem::path folder_;
};

} // namespace bench
