#include "flow/read_mode.hpp"

#include "domain/weakness.hpp" // its sources are compiled with the switches

#ifdef HUB_CHAOS

#include <map>
#include <mutex>
#include <string>

namespace registration {

namespace {

/// Reads come from several threads, units from another.
struct Shown {
    std::mutex mutex;
    std::map<std::string, Quota> quotas;
};

Shown& shown()
{
    static Shown all;
    return all;
}

std::string keyOf(std::string_view edition, const QuotaNode& node, std::string_view category)
{
    return std::string(edition) + " " + node.kind + " " + node.id + " " + std::string(category);
}

} // namespace

void rememberShown(std::string_view edition, const Quota& quota)
{
    const std::lock_guard lock(shown().mutex);
    shown().quotas[keyOf(edition, quota.node, quota.category)] = quota;
}

Quota lastShown(const hub::Snapshot& snapshot,
                std::string_view edition,
                const QuotaNode& node,
                std::string_view category)
{
    const std::lock_guard lock(shown().mutex);
    const auto found = shown().quotas.find(keyOf(edition, node, category));
    return found == shown().quotas.end() ? findQuota(snapshot, edition, node, category)
                                         : found->second;
}

} // namespace registration

#endif
