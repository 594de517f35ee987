// What people see of the quotas while a run goes on: every line that was shown is looked at, and
// one that shows more used than given is a finding. Thread-safe.
#pragma once

#include "caller.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

namespace chaos {

class QuotaWatch {
public:
    /// An answer to GET …/quotas: one moment of a node and of those below it.
    void note(const Json& shown);
    /// An answer to PUT …/quotas; whoever asks for less than is used is refused.
    void countGiven(const HttpAnswer& answer, Effort& effort);

    std::int64_t looks() const noexcept { return looks_; }
    std::int64_t given() const noexcept { return given_; }
    std::int64_t refusedBelowUse() const noexcept { return below_used_; }
    std::vector<std::string> exceeded() const;
    std::vector<std::string> unequal() const; ///< allocated is not the sum of what those below have

private:
    std::atomic<std::int64_t> looks_{0};
    std::atomic<std::int64_t> given_{0};
    std::atomic<std::int64_t> below_used_{0};
    mutable std::mutex mutex_;
    std::vector<std::string> exceeded_;
    std::vector<std::string> unequal_;
};

} // namespace chaos
