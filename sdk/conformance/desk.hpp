// The hub's services for one session, as its manifest grants them, and the wire between connector
// and provider, which a rule may cut, hold or bend.
#pragma once

#include "provider.hpp"
#include "session.hpp"
#include "stream_peer.hpp"

#include <atomic>
#include <set>

namespace hub::conformance {

enum class Fate {
    Deliver,
    NotSent,      // certainly not sent
    CutAfterSend, // the provider gets it, its answer is lost
    Hold          // the provider gets it, its answer waits for release() or the hold's end
};

/// One exchange that the library asked for.
struct Sent {
    hub_call_id call = 0;
    hubp::HttpExchange request;
    hubp::HttpAnswer answer; // empty when none was given out
};

/// Thread-safe.
class HubDesk final : public Desk {
public:
    HubDesk(const Description& description, Keyring& keys, Provider* provider);
    /// close() must have been called.
    ~HubDesk() override = default;

    void setFate(Fate fate);
    /// What an answer that is delivered goes through.
    void setBend(std::function<void(hubp::HttpAnswer&)> bend);
    /// Held exchanges end unknown at this time, as the hub ends them at a call's deadline.
    void setHoldEnd(std::int64_t unix_ms);
    void release();
    void setKeysDown(bool are_down);
    /// What publications are answered with.
    void setPublishStatus(hub_status status);
    /// What the hub holds from now on, under the digest of its bytes.
    void keepBlob(const std::string& bytes);

    std::vector<Sent> sent();
    /// Waits until that many exchanges were asked for.
    bool waitForSent(std::size_t count, Milliseconds patience);
    std::vector<hubp::Publish> published();
    bool waitForPublished(std::size_t count, Milliseconds patience);
    /// What the library asked for without a right to it, each as a sentence.
    std::vector<std::string> trespasses();
    /// Ends what is held and waits for every exchange.
    void close();

    void serve(hubp::Service service, bool is_live, Reply reply) override;
    hub_status publish(const hubp::Publish& publish) override;
    void ended(hub_call_id delivery) override { peer_.endOf(delivery); }
    StreamPeer& peer() { return peer_; }

private:
    using Served = std::pair<hub_status, std::string>;

    void trespass(std::string what);
    Served useKey(const hubp::Service& service);
    Served cipher(const hubp::Service& service);
    Served digest(const hubp::Service& service);
    Served reveal(const hubp::Service& service);
    Served blob(const hubp::Service& service);
    bool mayUse(const std::string& key, const std::string& use, const std::string& algorithm);
    bool maySend(const hubp::HttpExchange& request);
    bool mayOpen(const std::string& address);
    void begin(hub_call_id call, hubp::HttpExchange request, Reply reply);
    void exchange(hub_call_id call, hubp::HttpExchange request, const Reply& reply);

    const Description& description_;
    Keyring& keys_;
    Provider* provider_;
    StreamPeer peer_;
    std::mutex mutex_;
    std::condition_variable changed_;
    Fate fate_ = Fate::Deliver;
    std::function<void(hubp::HttpAnswer&)> bend_;
    std::int64_t hold_end_ms_ = 0;
    bool released_ = false;
    bool closed_ = false;
    bool keys_down_ = false;
    hub_status publish_status_ = HUB_OK;
    std::vector<Sent> sent_;
    std::vector<hubp::Publish> published_;
    std::set<std::string> trespasses_;
    std::map<std::uint64_t, std::string> writers_;
    std::map<std::string, std::string> blobs_; // by digest
    std::vector<std::thread> threads_;
};

} // namespace hub::conformance
