// DomainHub: the installation that registration is measured on: a real hub with the plugins
// identity, messaging and registration, and a fair's applications in its store.
#pragma once

#include "bench_store.hpp"
#include "domain_meter.hpp"
#include "figure.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include <sample_data.hpp>
#include <sys/types.h>

namespace hub::test {
class HubProcess;
} // namespace hub::test

namespace bench {

enum class StoreKind { Sqlite, Postgres };

class DomainHub {
public:
    /// A copy of the filled installation, which is made first when there is none of this version.
    /// Nothing runs yet but, for it, PostgreSQL. Throws std::runtime_error, as all here do.
    DomainHub(const Options& options, StoreKind store, const sample::Sizes& sizes);
    /// Stops the hub and removes the folder.
    ~DomainHub();
    DomainHub(const DomainHub&) = delete;
    DomainHub& operator=(const DomainHub&) = delete;

    void start();
    void stop();
    /// An API key of staff, who may do for each organization what it may do itself.
    std::string token() const;

    hub::test::HubProcess& hub() { return *hub_; }
    std::uint16_t httpsPort() const;
    pid_t pid() const;
    /// Reads the store beside the hub.
    std::unique_ptr<StatementMeter> meter() const;
    /// Where the store's files are: fdatasync is measured on the same disk.
    std::filesystem::path storeFolder() const;
    /// The store's settings, as the hub or the server says them.
    std::string store() const;

private:
    std::unique_ptr<PostgresServer> postgres_;
    std::unique_ptr<hub::test::HubProcess> hub_;
};

} // namespace bench
