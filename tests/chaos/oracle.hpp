// Compares what the clients know with what hub, books and record show. Pure: evidence in,
// sentences out.
#pragma once

#include "evidence.hpp"
#include "memory.hpp"

#include <map>
#include <string>
#include <vector>

namespace chaos {

struct Findings {
    std::vector<std::string> lost;
    std::vector<std::string> doubled;
    std::vector<std::string> forged; ///< took effect without a genuine cause at the provider
    std::vector<std::string> out_of_order;
};

struct Evidence {
    Books books;
    std::map<std::string, Json> payments; ///< of the API, by payment_id
    Record record;
};

/// `lost` may be "not yet": what the hub still works on is named there, too.
Findings judge(const Memory& memory, const Evidence& evidence);

/// Where the hub's ledger (`ledger check --json`) and the books of the simulated providers differ:
/// what each account is owed, and every refund by its number. An account's
/// name begins with its provider's.
std::vector<std::string> differences(const Json& ledger, const Evidence& evidence);

/// What the API says was captured and not refunded.
std::int64_t netOf(const std::map<std::string, Json>& payments);

} // namespace chaos
