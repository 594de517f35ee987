// The hub's side of the host tests: a real router that writes down what it hears, and a real
// supervisor of one real host process.
#pragma once

#include "bus/router.hpp"
#include "plugin/host_process.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hub::test {

class HubSide final : public bus::RouterListener, public plugin::HostProcessListener {
public:
    /// Waits for a line that begins so; its whole text, or empty after the patience of a test.
    std::string waitFor(const std::string& start);
    /// False when fewer lines begin so after the patience of a test.
    bool waitForCount(const std::string& start, int count);
    /// How many lines begin so.
    int seen(const std::string& start);
    /// All lines, for the message of an assertion.
    std::string all();
    bus::ServiceFrame waitForService(const std::string& operation);
    /// The host that is ready now.
    bus::HostId host();

    /// Who holds it stops the router's thread at its next line.
    std::mutex hold;
    bus::Welcome next_welcome;
    /// Told about lost hosts, as the hub does.
    plugin::HostProcess* process = nullptr;

    void hostReady(const bus::HostId& host) override;
    void hostLost(const bus::HostId& host, const std::string& reason) override;
    void credit(const bus::HostId& host, std::uint32_t count) override;
    void answered(const bus::HostId& host, journal::CallAnswer answer) override;
    void acknowledged(const bus::HostId& host, journal::Acknowledgement ack) override;
    void published(const bus::HostId& host, bus::PublishFrame frame) override;
    void service(const bus::HostId& host, bus::ServiceFrame frame) override;
    void logged(const bus::HostId& host, int level, const std::string& message) override;

    bus::Welcome welcome(const bus::HostId& host) override;
    void hostOutput(const std::string& library, std::string_view line) override;
    void hostChanged(const std::string& library,
                     plugin::HostProcessState state,
                     const std::string& reason) override;

private:
    void note(std::string line);
    int count(const std::string& start) const;
    const std::string* find(const std::string& start) const;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> lines_;
    std::deque<bus::ServiceFrame> services_;
    bus::HostId host_;
};

} // namespace hub::test
