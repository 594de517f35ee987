#include "domain/industries.hpp"

#include <algorithm>
#include <map>

#include <identifiers/text.hpp>

namespace registration {

namespace {

constexpr std::size_t kCharactersMin = 2;
constexpr int kLevels = 3;

/// Spaces, width and case make no difference. Empty for what is no sound text.
std::string comparable(std::string_view text)
{
    return identifiers::normalizeCode(text).value;
}

/// 0: equal, 1: one holds the other, 2: neither.
int distance(const std::string& name, const std::string& words)
{
    const auto characters = identifiers::charactersOf(name);
    if (name == words) {
        return 0;
    }
    const bool is_long = characters && characters->size() >= kCharactersMin;
    return is_long &&
                   (name.find(words) != std::string::npos || words.find(name) != std::string::npos)
               ? 1
               : 2;
}

} // namespace

std::vector<std::string> matchIndustries(const std::vector<IndustryNode>& nodes,
                                         std::string_view words,
                                         std::size_t count_max)
{
    const std::string wanted = comparable(words);
    const auto characters = identifiers::charactersOf(wanted);
    if (!characters || characters->size() < kCharactersMin) {
        return {};
    }
    std::multimap<int, std::string> found; // keeps the tree's order among equals
    for (const IndustryNode& node : nodes) {
        const int near = std::min(distance(comparable(node.name.zh), wanted),
                                  distance(comparable(node.name.en), wanted));
        if (near < 2) {
            found.emplace(near, node.node_id);
        }
    }
    std::vector<std::string> ids;
    for (const auto& [near, id] : found) {
        if (ids.size() < count_max) {
            ids.push_back(id);
        }
    }
    return ids;
}

std::vector<requests::Violation> checkIndustryTree(const std::vector<IndustryNode>& nodes)
{
    std::map<std::string, int> levels;
    std::vector<requests::Violation> violations;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto parent = levels.find(nodes[i].parent_id);
        const bool is_orphan = !nodes[i].parent_id.empty() && parent == levels.end();
        const int level = parent == levels.end() ? 1 : parent->second + 1;
        if (is_orphan || level > kLevels || !levels.emplace(nodes[i].node_id, level).second) {
            violations.push_back(
                {"/nodes/" + std::to_string(i),
                 {"Area, zone or industry, product: a node follows its parent, stands once, and "
                  "there "
                  "are three levels; correct it.",
                  "层级为领域、专区或行业、产品三级，节点须排在上级之后且不可重复，请更正。"}});
        }
    }
    return violations;
}

} // namespace registration
