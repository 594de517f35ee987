// What a proxy does to its connections: a plan for each, drawn from rules by seed and number, so
// that the same seed and order of connections give the same faults.
#pragma once

#include "waiting.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace chaos {

enum class Behavior {
    Pass,
    Delay,     ///< every block waits `pause`
    Drop,      ///< what comes after `after_bytes` is swallowed; the connection stays
    Reset,     ///< RST to both sides once `after_bytes` went through
    Truncate,  ///< both sides see an orderly end once `after_bytes` went through
    Duplicate, ///< blocks after `after_bytes` arrive twice
    Throttle,  ///< at most `bytes_per_second`
    HalfOpen   ///< silence both ways after `after_bytes`, and nobody is told
};
inline constexpr std::size_t kBehaviors = 8;
const char* toText(Behavior behavior);

enum class Direction { ToServer, ToClient };

struct Plan {
    Behavior behavior = Behavior::Pass;
    Direction direction = Direction::ToClient; ///< whose bytes are counted and concerned
    std::size_t after_bytes = 0;
    Milliseconds pause{0};
    std::size_t bytes_per_second = 0;
};

struct Rule {
    Plan plan;
    int percent = 100;               ///< of the connections that no earlier rule took
    std::size_t after_bytes_max = 0; ///< when larger than plan.after_bytes: drawn in between
};

/// The first rule that is drawn wins; a connection without one passes.
class Script {
public:
    Script() = default;
    explicit Script(std::vector<Rule> rules, std::uint64_t seed = 0);

    /// A function of seed and number alone.
    Plan draw(std::uint64_t connection) const;

private:
    std::vector<Rule> rules_;
    std::uint64_t seed_ = 0;
};

struct ProxyCounts {
    std::int64_t connections = 0;
    std::int64_t refused = 0;                        ///< above the limit
    std::array<std::int64_t, kBehaviors> happened{}; ///< connections that felt it, by Behavior

    std::int64_t of(Behavior behavior) const
    {
        return happened.at(static_cast<std::size_t>(behavior));
    }
};

} // namespace chaos
