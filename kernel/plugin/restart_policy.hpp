// RestartPolicy: when a crashed host is started again, and when not any more. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

namespace hub::plugin {

struct RestartSettings {
    std::int64_t backoff_first_ms = 200;
    std::int64_t backoff_max_ms = 30000;
    int crashes_max = 5; // in a row, without progress
};

class RestartPolicy {
public:
    RestartPolicy(const RestartSettings& settings, std::uint64_t seed);

    /// How long to wait before the next start: doubled with every crash, capped, and up to half
    /// of it taken off by chance, so that many hosts don't start at once. Empty: not again.
    std::optional<std::int64_t> crashed();
    /// What the host was started for works: earlier crashes don't count any more.
    void progress() noexcept { crashes_ = 0; }
    int crashes() const noexcept { return crashes_; }

private:
    RestartSettings settings_;
    std::mt19937_64 random_;
    int crashes_ = 0;
};

} // namespace hub::plugin
