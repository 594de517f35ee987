// One careful customer's steps, noted in the memory: what the cases of a fault are built of.
#pragma once

#include "https_client.hpp"
#include "installation.hpp"
#include "memory.hpp"
#include "waiting.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chaos {

struct Order {
    std::string key; ///< Idempotency-Key, order_ref and subject
    std::int64_t amount_minor = 0;
    std::string payment_id;
    std::string number;                     ///< of the attempt, at the provider
    std::string code;                       ///< what the QR shows
    std::string trade_number = {};          ///< the provider's, known once it is paid
    Clock::time_point asked = Clock::now(); ///< for a code, the last time
};

/// By which method it is paid, and by which accounts, when a code can't be had again of one.
struct Till {
    std::string method = "scan";
    std::vector<std::string> accounts = {}; ///< empty: the same one is asked again
};

/// A text member of an object; empty when it is not there.
std::string textOf(const Json& object, const char* name);

/// Not thread-safe; every thread has its own.
class Shop {
public:
    Shop(const Installation& installation, Memory& memory, Till till = {});

    void setTill(Till till) { till_ = std::move(till); }
    Json bodyOf(const std::string& key, std::int64_t amount_minor) const;
    /// Repeats under the same key until the answer decides; status 0 when none did in a minute.
    HttpAnswer persist(const std::string& path,
                       const Json& body,
                       const std::string& key,
                       Headers headers = {});
    /// Creates; payment_id is empty unless it was answered 201.
    Order create(const std::string& key, std::int64_t amount_minor);
    /// Waits for number and code.
    bool awaitCode(Order& order, Milliseconds limit = Milliseconds{15'000});
    /// The same, and asks for another attempt when one has come to nothing, as a portal does.
    bool awaitCodeOrNext(Order& order, Milliseconds limit);
    /// Creates and waits; throws std::runtime_error when there is no code in time.
    Order order(const std::string& key, std::int64_t amount_minor);
    /// The wallet pays; false when the provider refuses.
    bool pay(const Order& order) { return !payFor(order).empty(); }
    /// The same; the provider's number of the trade, empty when it refuses.
    std::string payFor(const Order& order);
    /// Sent and not noted.
    HttpAnswer askRefund(const Order& order, std::int64_t amount_minor, const std::string& key);
    /// The refund's id, empty when it was refused.
    std::string refund(const Order& order, std::int64_t amount_minor, const std::string& key);
    /// Repeated over a restart; null when there is no answer even then.
    Json payment(const Order& order);
    std::string stateOf(const Order& order) { return textOf(payment(order), "state"); }
    bool reaches(const Order& order,
                 const std::string& state,
                 Milliseconds limit = Milliseconds{15'000});
    /// The whole amount went back by the provider's books; its clock is moved until it has.
    bool isRefundedAtProvider(const Order& order);
    HttpsClient& hub() noexcept { return hub_; }
    HttpsClient& simulator() noexcept { return simulator_; }
    /// Throws std::runtime_error when the simulator does not take them.
    void setFaults(std::uint64_t seed, const Json& rules);
    void clearFaults() { simulator_.remove("/control/faults"); }

private:
    const std::string& otherThan(const std::string& account) const;

    Memory& memory_;
    Till till_;
    HttpsClient hub_;
    HttpsClient simulator_;
};

} // namespace chaos
