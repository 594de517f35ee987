// BurstLoad: a burst of payments as the world makes it. A portal creates them over the public API,
// people pay the codes at once, the providers' notices come by themselves.
#pragma once

#include "burst_portal.hpp"
#include "payers.hpp"
#include "payments_hub.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace bench {

/// Created and acknowledged.
struct BurstPayment {
    std::string key; // of the create; also the order
    std::string payment_id;
    double create_ms = 0; // until its first answer; 0 when that was none of a payment
};

class BurstLoad {
public:
    /// The hub runs.
    explicit BurstLoad(PaymentsHub& hub);

    /// At least `count` payments, and on while `goes_on` holds; returns when everybody who got a
    /// code has paid and all payments are final. Throws std::runtime_error after `limit` with what
    /// is open, and when a request is never answered.
    void run(std::size_t count, const std::function<bool()>& goes_on, std::chrono::seconds limit);

    /// Thread-safe.
    std::size_t created() const { return created_; }
    BurstPortal& portal() { return portal_; }

    /// After run().
    std::vector<BurstPayment> payments() const;
    std::size_t paid() const { return payers_.paid(); }
    std::vector<std::string> refusals() const { return payers_.refusals(); }
    std::int64_t begunAtMs() const { return begun_at_ms_; }

private:
    struct Pending {
        std::string key;
        nlohmann::json body;
        std::string request;
    };

    const std::string* next(std::size_t connection);
    void took(std::size_t connection, const HttpAnswer& answer);
    void remember(const std::string& key, const nlohmann::json& payment, double create_ms);
    void awaitEnd(std::chrono::steady_clock::time_point until);

    PaymentsHub& hub_;
    mutable std::mutex mutex_;
    std::vector<BurstPayment> payments_;
    std::atomic<std::size_t> created_{0};
    Payers payers_;
    BurstPortal portal_; // after what its threads use
    HttpLoad load_;
    std::vector<Pending> pending_; // by connection
    std::string head_;
    std::size_t begun_ = 0;
    std::size_t count_ = 0;
    std::function<bool()> goes_on_;
    std::int64_t begun_at_ms_ = 0;
};

} // namespace bench
