// Host: one process of a library, as the hub sees it over its connection: says HELLO, grants
// credit, takes calls and events, answers, hangs, dies. Connector and Subscriber are its kinds.
#pragma once

#include "bus/router.hpp"
#include "hubp/frames.hpp"
#include "network.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace hub::simulation {

class Host : public std::enable_shared_from_this<Host> {
public:
    Host(Surroundings& world, Network& network, bus::HostId id, std::uint32_t credit);
    virtual ~Host() = default;
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    void start(const std::string& token, std::function<void()> died);
    /// Everything that it has not sent is lost.
    void die(const std::string& why);
    bool isAlive() const noexcept { return alive_; }
    const bus::HostId& id() const noexcept { return id_; }

protected:
    virtual void ready() {}
    virtual void takeCall(const hubp::Call&) {}
    virtual void takeEvent(const hubp::Event&) {}
    virtual void takePublished(const hubp::Published&) {}
    virtual void takeServed(const hubp::Served&) {}

    void send(const hubp::Frame& frame);
    void grant(std::uint32_t count);
    /// After some thinking, unless the process is gone by then.
    void soon(std::function<void()> what);
    void after(std::int64_t delay_ms, std::function<void()> what);

    Surroundings& world_;

private:
    void receive(const hubp::Frame& frame);
    void work();
    void hear(const hubp::Frame& frame);
    void charge();
    bool survives();

    Network& network_;
    bus::HostId id_;
    std::uint32_t credit_;
    LinkPtr link_;
    std::function<void()> died_;
    bool alive_ = true;
    bool hangs_ = false;
    std::uint32_t open_credit_ = 0;
    std::deque<std::function<void()>> waiting_; // while it hangs, in order
};

/// Sends what it is told to the provider, through an exchange of the hub's.
class Connector final : public Host {
public:
    using Host::Host;

private:
    void takeCall(const hubp::Call& call) override;
    void takeServed(const hubp::Served& served) override;
    void answer(const hubp::Call& call, hub_status status, const std::string& state);
    void exchange(const hubp::Call& call);
    hub_status lie(const hubp::Call& call);

    std::uint64_t last_service_ = 0;
    std::map<std::uint64_t, hubp::Call> exchanges_;
    std::set<std::pair<hub_call_id, std::uint32_t>> answered_;
};

/// What a publisher has to say until the hub has acknowledged it; outlives its processes.
struct Unsaid {
    std::string id;
    std::string key;
    std::string payload;
};
using Outbox = std::map<std::uint64_t, Unsaid>; // by token

/// Takes events in the way of plugin_host::Deliveries, and publishes what is in its outbox.
class Subscriber final : public Host {
public:
    Subscriber(
        Surroundings& world, Network& network, bus::HostId id, std::uint32_t credit, Outbox& outbox)
        : Host(world, network, std::move(id), credit)
        , outbox_(outbox)
    {}
    void publish(std::uint64_t token);

private:
    struct Key {
        bool running = false;
        bool blocked = false;
        std::deque<hubp::Event> waiting;
    };

    void ready() override;
    void takeEvent(const hubp::Event& event) override;
    void takePublished(const hubp::Published& published) override;
    void begin(const hubp::Event& event);
    void run(const hubp::Event& event);
    void settle(const hubp::Event& event, bool worked);
    void acknowledge(const hubp::Event& event, hub_status status);

    Outbox& outbox_;
    bool ready_ = false;
    std::map<std::string, Key> keys_;
    std::set<std::int64_t> live_;
};

} // namespace hub::simulation
