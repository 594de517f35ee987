// Settings: what an operator decides, typed and checked. The one list of keys, defaults and texts
// is setting_table.cpp; this file only gives the values a place.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace hub::config {

/// Demo allows loopback providers and shorter schedules; production refuses both.
enum class Profile { Demo, Production };

enum class StoreBackend { SQLite, PostgreSQL };

struct Settings {
    Profile profile = Profile::Production;
    std::string public_url; // without a trailing slash
    std::string site;       // five digits
    std::string edition;

    struct Gateway {
        std::string address;
        std::int64_t http_port = 0; // 0: off
        std::int64_t https_port = 0;
        std::filesystem::path certificate_file;
        std::filesystem::path private_key_file;
        std::int64_t threads_max = 0;
        std::int64_t connections_per_address_max = 0;
        std::int64_t header_bytes_max = 0;
        std::int64_t body_bytes_max = 0;
        std::int64_t header_timeout_ms = 0;
        std::int64_t body_timeout_ms = 0;
        std::int64_t idle_timeout_ms = 0;
        std::int64_t answer_timeout_ms = 0;
        std::int64_t sessions_per_subject_max = 0;
        bool plain_cookie = false;
    } gateway;

    struct Store {
        StoreBackend backend = StoreBackend::SQLite;
        std::filesystem::path folder;
        std::string postgres; // libpq connection string
        std::string postgres_schema;
        std::int64_t readers_max = 0;
        std::int64_t busy_timeout_ms = 0;
        std::int64_t snapshot_ms_max = 0;
        std::int64_t wal_bytes_max = 0;
    } store;

    struct Secrets {
        std::filesystem::path folder;
        std::filesystem::path master_key_file;
    } secrets;

    struct Plugins {
        std::filesystem::path folder;
        std::filesystem::path config_folder;
    } plugins;

    std::filesystem::path contracts_folder;
    std::filesystem::path run_folder;

    struct PluginHost {
        std::filesystem::path path;
        std::string sandbox; // HUB_HOST_SANDBOX of sdk/PROTOCOL.md
        std::int64_t uid_first = 0;
        std::int64_t start_timeout_ms = 0;
        std::int64_t stop_timeout_ms = 0;
        std::int64_t probation_ms = 0;
        std::int64_t restarts_max = 0;
        std::int64_t restart_delay_ms_max = 0;
        std::int64_t credit_max = 0;
        std::int64_t heartbeat_ms = 0;
        std::int64_t heartbeats_missed_max = 0;
        std::int64_t hang_ms = 0;
        std::int64_t queue_max = 0;
    } plugin_host;

    struct Log {
        std::string level; // of spdlog
        std::string format;
        std::filesystem::path file; // empty: standard error
        std::int64_t file_bytes_max = 0;
        std::int64_t files_max = 0;
    } log;

    struct Egress {
        std::filesystem::path ca_file; // empty: the system's
        std::int64_t threads = 0;
        std::int64_t queue_max = 0;
        std::int64_t per_account_max = 0;
        std::int64_t connect_timeout_ms = 0;
        std::int64_t first_byte_timeout_ms = 0;
        std::int64_t total_timeout_ms = 0;
        std::int64_t response_bytes_max = 0;
        std::int64_t breaker_failures = 0;
        std::int64_t breaker_open_ms = 0;
        std::int64_t streams_per_library_max = 0;
    } egress;

    struct Lane {
        std::int64_t queue_max = 0;
        std::int64_t group_units_max = 0;
        std::int64_t group_ms_max = 0;
        std::int64_t attempts_max = 0;
    } lane;

    /// All settings in force, one "key = value" a line, sensitive values hidden.
    std::string text;

    bool isDemo() const noexcept { return profile == Profile::Demo; }
};

} // namespace hub::config
