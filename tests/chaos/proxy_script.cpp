#include "proxy_script.hpp"

#include <random>
#include <utility>

namespace chaos {

const char* toText(Behavior behavior)
{
    static constexpr std::array<const char*, kBehaviors> kWords{
        "pass", "delay", "drop", "reset", "truncate", "duplicate", "throttle", "half-open"};
    return kWords.at(static_cast<std::size_t>(behavior));
}

Script::Script(std::vector<Rule> rules, std::uint64_t seed)
    : rules_(std::move(rules))
    , seed_(seed)
{}

Plan Script::draw(std::uint64_t connection) const
{
    std::seed_seq mixed{seed_ & 0xffffffffU, seed_ >> 32U, connection};
    std::mt19937_64 random(mixed);
    for (const Rule& rule : rules_) {
        if (std::uniform_int_distribution<int>(0, 99)(random) >= rule.percent) {
            continue;
        }
        Plan plan = rule.plan;
        if (rule.after_bytes_max > plan.after_bytes) {
            plan.after_bytes = std::uniform_int_distribution<std::size_t>(
                plan.after_bytes, rule.after_bytes_max)(random);
        }
        return plan;
    }
    return {};
}

} // namespace chaos
