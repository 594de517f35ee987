#include "app/translate.hpp"

#include "base/exception.hpp"

#include <array>
#include <string>

#include <stdlib.h>

namespace hub::app {

store::Settings storeSettings(const config::Settings& settings)
{
    store::Settings store;
    store.backend = settings.store.backend == config::StoreBackend::SQLite
                        ? store::Backend::SQLite
                        : store::Backend::PostgreSQL;
    store.folder = settings.store.folder;
    store.postgres = settings.store.postgres;
    store.postgres_schema = settings.store.postgres_schema;
    store.readers_max = static_cast<std::size_t>(settings.store.readers_max);
    store.busy_timeout_ms = static_cast<int>(settings.store.busy_timeout_ms);
    store.snapshot_ms_max = static_cast<int>(settings.store.snapshot_ms_max);
    store.wal_bytes_max = settings.store.wal_bytes_max;
    return store;
}

journal::LaneSettings laneSettings(const config::Settings& settings,
                                   const journal::PayloadSeal& seal)
{
    journal::LaneSettings lane;
    lane.group_max = static_cast<std::size_t>(settings.lane.group_units_max);
    lane.group_ms_max = settings.lane.group_ms_max;
    lane.inbox_max = static_cast<int>(settings.lane.queue_max);
    lane.marker_file = settings.store.folder / "marker";
    lane.retry.attempts_max = static_cast<std::uint32_t>(settings.lane.attempts_max);
    lane.seal = &seal;
    return lane;
}

void fillKnown(base::Json& config, const plugin::Manifest& manifest, const base::Json& values)
{
    const base::Json known = manifest.configuration.value("properties", base::Json::object());
    for (const auto& [name, value] : values.items()) {
        if (known.contains(name)) {
            config["config"][name] = value;
        }
    }
}

bus::RouterSettings routerSettings(const config::Settings& settings)
{
    std::string folder = "/tmp/expohub-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) {
        throw base::Failure(
            HUB_UNAVAILABLE,
            "no folder for the hosts' socket can be made in /tmp; free space there");
    }
    bus::RouterSettings router;
    router.endpoint = "ipc://" + folder + "/hub.sock";
    router.heartbeat_ms = settings.plugin_host.heartbeat_ms;
    router.heartbeats_missed_max = static_cast<int>(settings.plugin_host.heartbeats_missed_max);
    router.queue_max = static_cast<int>(settings.plugin_host.queue_max);
    router.ready_timeout_ms = settings.plugin_host.start_timeout_ms;
    return router;
}

egress::Settings exchangerSettings(const config::Settings& settings)
{
    egress::Settings egress;
    egress.ca_file = settings.egress.ca_file;
    egress.threads = static_cast<std::size_t>(settings.egress.threads);
    egress.queue_max = static_cast<std::size_t>(settings.egress.queue_max);
    egress.per_account_max = static_cast<std::size_t>(settings.egress.per_account_max);
    egress.connect_timeout_ms = settings.egress.connect_timeout_ms;
    egress.first_byte_timeout_ms = settings.egress.first_byte_timeout_ms;
    egress.total_timeout_ms = settings.egress.total_timeout_ms;
    egress.response_bytes_max = static_cast<std::size_t>(settings.egress.response_bytes_max);
    egress.breaker_failures = static_cast<int>(settings.egress.breaker_failures);
    egress.breaker_open_ms = settings.egress.breaker_open_ms;
    return egress;
}

egress::StreamSettings streamSettings(const config::Settings& settings)
{
    egress::StreamSettings streams;
    streams.ca_file = settings.egress.ca_file;
    streams.connect_timeout_ms = settings.egress.connect_timeout_ms;
    streams.read_timeout_ms = settings.egress.first_byte_timeout_ms;
    streams.write_timeout_ms = settings.egress.total_timeout_ms;
    return streams;
}

gateway::GatewaySettings gatewaySettings(const config::Settings& settings)
{
    const config::Settings::Gateway& from = settings.gateway;
    gateway::GatewaySettings gateway;
    gateway.server.host = from.address;
    gateway.server.port = static_cast<std::uint16_t>(from.http_port);
    gateway.server.https = from.https_port != 0;
    gateway.server.https_port = static_cast<std::uint16_t>(from.https_port);
    gateway.server.certificate = from.certificate_file;
    gateway.server.private_key = from.private_key_file;
    gateway.server.limits.header_bytes_max = static_cast<std::size_t>(from.header_bytes_max);
    gateway.server.limits.body_bytes_max = static_cast<std::size_t>(from.body_bytes_max);
    gateway.server.limits.header_ms = from.header_timeout_ms;
    gateway.server.limits.body_ms = from.body_timeout_ms;
    gateway.server.limits.idle_ms = from.idle_timeout_ms;
    gateway.server.write_ms = from.answer_timeout_ms;
    gateway.server.threads = static_cast<int>(from.threads_max);
    gateway.server.connections_per_address = static_cast<int>(from.connections_per_address_max);
    gateway.api.edition = settings.edition;
    gateway.api.waiters_max = static_cast<int>(from.threads_max / 2);
    gateway.public_url = settings.public_url;
    gateway.plain_cookie = settings.gateway.plain_cookie;
    return gateway;
}

observe::LogSettings logSettings(const config::Settings& settings)
{
    observe::LogSettings log;
    log.file = settings.log.file;
    log.file_bytes_max = static_cast<std::size_t>(settings.log.file_bytes_max);
    log.files_max = static_cast<std::size_t>(settings.log.files_max);
    log.console = settings.log.file.empty();
    log.console_json = settings.log.format == "json";
    static constexpr std::array<const char*, 6> kLevels = {
        "trace", "debug", "info", "warning", "error", "critical"};
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
        if (settings.log.level == kLevels[i]) {
            log.level = static_cast<observe::Level>(i);
        }
    }
    return log;
}

} // namespace hub::app
