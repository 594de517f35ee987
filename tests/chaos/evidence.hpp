// What the oracle looks at: the hub through its public API, the simulator's books, the record of
// the subscriber. Reads only.
#pragma once

#include "https_client.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace chaos {

struct Charge {
    std::string number;
    std::string code;
    std::int64_t amount_minor = 0;
    std::int64_t refunded_minor = 0;
};

struct BookedRefund {
    std::int64_t amount_minor = 0;
    std::string state;
};

/// The simulator's side, by the subject of the order.
struct Books {
    std::map<std::string, std::vector<Charge>> charges; ///< money moved
    /// By the reason of the refund, which is its key.
    std::map<std::string, std::vector<std::int64_t>> refunds;
    std::map<std::string, BookedRefund> numbered_refunds; ///< by the merchant's number
    std::map<std::string, std::int64_t> kept_minor;       ///< by provider: charged, not given back
    std::int64_t charge_count = 0;
    std::int64_t refund_count = 0;
    std::int64_t balance_minor = 0;
    std::int64_t deliveries = 0;
};

struct RecordedEvent {
    std::int64_t seq = 0;
    std::string id;
    std::string type;
    std::string key;
};

/// The subscriber's file.
struct Record {
    std::vector<RecordedEvent> events; ///< first deliveries, in their order
    /// What hub_test_burst published, in its own process, for every created payment.
    std::vector<RecordedEvent> numbered;
    std::int64_t redeliveries = 0;
    std::vector<std::string> contradictions; ///< one id with two contents, or no line of ours
    std::int64_t count(const std::string& key, const std::string& type) const;

    std::map<std::pair<std::string, std::string>, std::int64_t> counts; ///< by key and type
};

/// Throws std::runtime_error when the simulator does not answer. A provider that is told neither
/// subject nor reason keeps numbers only: whose they are, the payments say.
Books readBooks(const Server& simulator, const std::map<std::string, Json>& payments = {});
/// Every payment that the API lists, by payment_id. Throws when the hub stops answering.
std::map<std::string, Json> readPayments(const Server& hub);
Record readRecord(const std::filesystem::path& file);

} // namespace chaos
