// Quotas and the places that persons hold, as values. Every change keeps
// 0 <= allocated + reserved <= total by its own WHERE, whatever was read before.
#pragma once

#include <hub/plugin.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace registration {

/// Of the tree edition, delegation, sub-delegation, organization.
struct QuotaNode {
    std::string kind; // 'edition', 'delegation', 'sub_delegation' or 'organization'
    std::string id;

    bool operator==(const QuotaNode&) const = default;
};

struct Quota {
    QuotaNode node;
    std::string category;
    std::int64_t total = 0;
    std::int64_t allocated = 0; // to nodes below
    std::int64_t reserved = 0;  // by persons

    std::int64_t used() const noexcept { return allocated + reserved; }
    std::int64_t available() const noexcept { return total - used(); }
};

/// The place of one person.
struct Reservation {
    std::string person_id;
    std::string edition;
    QuotaNode node;
    std::string category;
};

/// All zero when nobody gave the node any.
Quota findQuota(const hub::Snapshot& snapshot,
                std::string_view edition,
                const QuotaNode& node,
                std::string_view category);
/// By category.
std::vector<Quota>
quotasOf(const hub::Snapshot& snapshot, std::string_view edition, const QuotaNode& node);

/// Of the nodes right below, as far as they were given any; at most 1,000.
std::vector<Quota>
quotasBelow(const hub::Snapshot& snapshot, std::string_view edition, const QuotaNode& node);
/// How many persons of a node have a category, limited or not.
std::int64_t countCategorized(const hub::Snapshot& snapshot,
                              std::string_view edition,
                              const QuotaNode& node,
                              std::string_view category);
/// Its statement, for whoever asks the store how it carries it out.
std::string categorizedSql(const QuotaNode& node);

/// False when more of it is used; then nothing was changed.
bool setTotal(const hub::Unit& unit,
              std::string_view edition,
              const QuotaNode& node,
              std::string_view category,
              std::int64_t total);
/// `n` more (or less) given to nodes below; false when there is not that much.
bool allocate(const hub::Unit& unit,
              std::string_view edition,
              const QuotaNode& node,
              std::string_view category,
              std::int64_t n);
/// One place for the person, who holds none; false when none is left.
bool reserve(const hub::Unit& unit, const Reservation& reservation);
/// Its place is free again. Throws hub::UnitFailure when the node does not know of it.
void release(const hub::Unit& unit, const Reservation& reservation);

std::optional<Reservation> findReservation(const hub::Snapshot& snapshot,
                                           std::string_view person_id);
/// Of all persons of an organization.
std::vector<Reservation> reservationsOf(const hub::Snapshot& snapshot,
                                        std::string_view organization_id);
/// For a test of its plan.
std::string_view reservationsStatement();

} // namespace registration
