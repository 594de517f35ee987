// A TCP proxy on loopback that does to connections what networks do. It knows no protocol: TLS
// passes through. One thread; bounded in connections and in bytes on their way.
#pragma once

#include "proxy_link.hpp"
#include "proxy_script.hpp"

#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <thread>

namespace chaos {

class Proxy {
public:
    /// Listens on a free port of 127.0.0.1 and connects to `target` there. Throws
    /// std::runtime_error when there is no port or thread.
    explicit Proxy(std::uint16_t target, Script script = {}, std::size_t connections_max = 1024);
    /// Resets what is open.
    ~Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// For connections from now on; their numbers begin at 0 again.
    void setScript(Script script);
    void setTarget(std::uint16_t target);
    /// RST to everything that is open now; returns after it is done.
    void cut();
    ProxyCounts counts() const;
    std::size_t openConnections() const;

private:
    void listen();
    void serve();
    void accept(Clock::time_point now);
    /// Links that are over go; each that just felt its fault is counted.
    void settle();
    void resetAll() noexcept;
    /// For sockets, at the latest until a link has something to do.
    void wait(Clock::time_point now);
    void wake() const noexcept;

    Socket listener_;
    Socket wake_;
    std::uint16_t port_ = 0;
    std::size_t connections_max_;

    mutable std::mutex mutex_; ///< all below
    std::uint16_t target_;
    Script script_;
    std::uint64_t next_connection_ = 0;
    std::list<Link> links_;
    ProxyCounts counts_;
    bool cutting_ = false;
    std::condition_variable was_cut_;
    bool stopping_ = false;

    std::thread thread_; ///< last: it uses all above
};

} // namespace chaos
