// ServiceDesk: host services for libraries in other processes. Each request is checked against
// the live call, the manifest and the operator's grants before anything is touched; exchanges and
// cryptography run on their own threads.
#pragma once

#include "app/bridge.hpp"
#include "app/host_table.hpp"
#include "app/live_calls.hpp"
#include "app/stream_desk.hpp"
#include "base/clock.hpp"
#include "base/queue.hpp"
#include "bus/router.hpp"
#include "egress/exchanger.hpp"
#include "security/audit.hpp"
#include "security/keys.hpp"
#include "store/blobs.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace hub::app {

struct ServiceParts {
    const HostTable& hosts;
    LiveCalls& live;
    security::Secrets& secrets;
    security::Keys& keys;
    egress::Exchanger& exchanger;
    StreamDesk& streams;
    store::Blobs& blobs;
    bus::Router& router;
    const base::Clock& clock;
    std::function<void(const security::AuditEntry&)> audit;
};

class ServiceDesk final : public ServiceProvider {
public:
    explicit ServiceDesk(ServiceParts parts);
    ~ServiceDesk() override;

    void serve(const bus::HostId& host, bus::ServiceFrame frame) override;
    /// Abandons what the process had open.
    void hostLost(const bus::HostId& host);
    /// The same for one delivery.
    void callEnded(const bus::HostId& host, hub_call_id call);

private:
    struct Served {
        hub_status status = HUB_INTERNAL;
        std::string result;
    };
    struct OpenBlob {
        bus::HostId host;
        hub_call_id call = 0;
        std::shared_ptr<store::BlobWriter> writer;
    };

    void answer(const bus::HostId& host, std::uint64_t service_id, Served served);
    void serveNow(const bus::HostId& host, const bus::ServiceFrame& frame);
    const plugin::Package& packageOf(const bus::HostId& host) const;
    void exchange(const bus::HostId& host, const LiveCall& live, const bus::ServiceFrame& frame);
    Result<std::vector<std::pair<std::string, std::string>>>
    secretsInUrl(const plugin::Manifest& manifest,
                 const config::Account* account,
                 const std::string& url) const;
    Served useKey(const LiveCall& live, const bus::ServiceFrame& frame);
    Served addPublic(const LiveCall& live, const std::string& secret, const std::string& pem);
    Served digest(const LiveCall& live, const std::string& arguments);
    Served cipher(const LiveCall& live, const bus::ServiceFrame& frame);
    Served reveal(const LiveCall& live, const std::string& arguments);
    Served blob(const LiveCall& live, const bus::ServiceFrame& frame);
    Served writeBlob(const LiveCall& live, const bus::ServiceFrame& frame);
    Result<std::string> secretOf(const LiveCall& live,
                                 const std::string& role,
                                 const std::string& use,
                                 const std::string& algorithm) const;

    ServiceParts parts_;
    std::mutex blobs_mutex_;
    std::map<std::uint64_t, OpenBlob> open_blobs_;
    std::uint64_t next_blob_ = 1;
    base::WorkQueue queue_; // last: its threads end first
};

} // namespace hub::app
