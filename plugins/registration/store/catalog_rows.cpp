#include "store/catalog_rows.hpp"

#include <map>

namespace registration {

namespace {

constexpr std::string_view kReferralColumns =
    "SELECT code, owner_kind, owner_id FROM registration_referral_code "
    "WHERE partition = 0 AND edition = ?";
constexpr std::string_view kPolicyColumns =
    "SELECT kind, version, address FROM registration_policy WHERE partition = 0 AND edition = ?";

ReferralCode readReferralCode(const hub::Row& row)
{
    return {row.text(0), row.text(1), row.text(2)};
}

Policy readPolicy(const hub::Row& row)
{
    return {row.text(0), row.text(1), row.text(2)};
}

std::vector<IndustryNode> parentsFirst(std::multimap<std::string, IndustryNode>& by_parent)
{
    std::vector<IndustryNode> sorted;
    std::vector<std::string> level = {""};
    while (!level.empty()) {
        std::vector<std::string> next;
        for (const std::string& parent : level) {
            const auto [begin, end] = by_parent.equal_range(parent);
            for (auto child = begin; child != end; ++child) {
                next.push_back(child->second.node_id);
                sorted.push_back(std::move(child->second));
            }
        }
        level = std::move(next);
    }
    return sorted;
}

} // namespace

std::vector<IndustryNode> allIndustries(const hub::Snapshot& snapshot, std::string_view edition)
{
    std::multimap<std::string, IndustryNode> nodes;
    snapshot.query("SELECT node_id, parent_id, name_en, name_zh, zone FROM registration_industry "
                   "WHERE partition = 0 AND edition = ? ORDER BY parent_id, node_id",
                   {edition},
                   [&](const hub::Row& row) {
                       nodes.emplace(row.text(1),
                                     IndustryNode{row.text(0),
                                                  row.text(1),
                                                  {row.text(2), row.text(3)},
                                                  row.integer(4) != 0});
                   });
    return parentsFirst(nodes);
}

void putIndustry(const hub::Unit& unit, std::string_view edition, const IndustryNode& node)
{
    unit.execute("INSERT INTO registration_industry "
                 "(partition, edition, node_id, parent_id, name_zh, name_en, zone) "
                 "VALUES (0, ?, ?, ?, ?, ?, ?) ON CONFLICT (partition, edition, node_id) "
                 "DO UPDATE SET parent_id = excluded.parent_id, name_zh = excluded.name_zh, "
                 "name_en = excluded.name_en, zone = excluded.zone",
                 {edition,
                  node.node_id,
                  node.parent_id,
                  node.name.zh,
                  node.name.en,
                  std::int64_t{node.is_zone}});
}

std::optional<ReferralCode>
findReferralCode(const hub::Snapshot& snapshot, std::string_view edition, std::string_view code)
{
    std::optional<ReferralCode> found;
    snapshot.query(std::string(kReferralColumns) + " AND code = ?",
                   {edition, code},
                   [&](const hub::Row& row) { found = readReferralCode(row); });
    return found;
}

std::vector<ReferralCode> allReferralCodes(const hub::Snapshot& snapshot, std::string_view edition)
{
    std::vector<ReferralCode> codes;
    snapshot.query(std::string(kReferralColumns) + " ORDER BY code",
                   {edition},
                   [&](const hub::Row& row) { codes.push_back(readReferralCode(row)); });
    return codes;
}

void putReferralCode(const hub::Unit& unit, std::string_view edition, const ReferralCode& code)
{
    unit.execute("INSERT INTO registration_referral_code "
                 "(partition, edition, code, owner_kind, owner_id) VALUES (0, ?, ?, ?, ?) "
                 "ON CONFLICT (partition, edition, code) DO UPDATE SET "
                 "owner_kind = excluded.owner_kind, owner_id = excluded.owner_id",
                 {edition, code.code, code.owner_kind, code.owner_id});
}

std::optional<Policy>
findPolicy(const hub::Snapshot& snapshot, std::string_view edition, std::string_view kind)
{
    std::optional<Policy> found;
    snapshot.query(std::string(kPolicyColumns) + " AND kind = ?",
                   {edition, kind},
                   [&](const hub::Row& row) { found = readPolicy(row); });
    return found;
}

std::vector<Policy> allPolicies(const hub::Snapshot& snapshot, std::string_view edition)
{
    std::vector<Policy> policies;
    snapshot.query(std::string(kPolicyColumns) + " ORDER BY kind",
                   {edition},
                   [&](const hub::Row& row) { policies.push_back(readPolicy(row)); });
    return policies;
}

void putPolicy(const hub::Unit& unit, std::string_view edition, const Policy& policy)
{
    unit.execute("INSERT INTO registration_policy (partition, edition, kind, version, address) "
                 "VALUES (0, ?, ?, ?, ?) ON CONFLICT (partition, edition, kind) "
                 "DO UPDATE SET version = excluded.version, address = excluded.address",
                 {edition, policy.kind, policy.version, policy.address});
}

} // namespace registration
