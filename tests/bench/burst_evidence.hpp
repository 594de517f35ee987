// BurstEvidence: what hub and providers hold of a burst, read from both stores and compared.
#pragma once

#include "burst_load.hpp"
#include "store_reader.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace bench {

/// Payments that are not final.
std::int64_t countOpen(const StoreReader& hub);
/// The first of them, with their attempts.
std::string describeOpen(const StoreReader& hub);

struct BurstEvidence {
    std::vector<std::string> lost;    ///< acknowledged or paid, and not there
    std::vector<std::string> doubled; ///< one order paid, booked or told of more than once
    std::vector<std::string> unequal; ///< the ledger and the books of a provider
    std::int64_t last_final_ms = 0;   ///< when the last payment became final
    std::int64_t not_sent = 0;        ///< attempts that ended so
    std::int64_t ended_unpaid = 0;    ///< payments that are final and not paid
    std::int64_t callbacks = 0;       ///< that the hub answered
    /// Of each payment: the request that created it without the provider's part, and the notice
    /// that paid it.
    std::vector<double> own_us;
};

/// Neither hub nor simulator runs.
BurstEvidence readEvidence(const std::filesystem::path& hub_store,
                           const std::filesystem::path& books,
                           const std::vector<BurstPayment>& payments);

} // namespace bench
