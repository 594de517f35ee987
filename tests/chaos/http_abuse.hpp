// Requests that no honest client sends, each with the answers that are right for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace chaos {

struct Abuse {
    std::string what;
    std::string bytes;
    std::vector<int> statuses; ///< any of these; 0: ended without an answer
    bool stays_open = false;   ///< the rest of the connection is still understood
};

/// Framing: lengths, chunks, smuggling, sizes. `token` is a valid one of the API.
std::vector<Abuse> framingAbuses(const std::string& token);
/// Bodies for POST /api/v1/payments: depth, doubles, numbers, encodings.
std::vector<Abuse> jsonAbuses(const std::string& token, std::uint64_t seed);

} // namespace chaos
