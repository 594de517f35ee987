#include "flow/rule.hpp"

#include "store/edition_rows.hpp"

namespace registration {

requests::Refusal
refusedBy(std::string_view rule, std::string code, requests::Words detail, int status)
{
    requests::Refusal refusal{status, std::move(code), std::move(detail)};
    refusal.parameters = {{"rule", rule}};
    return refusal;
}

requests::Refusal
wrongField(std::string_view rule, std::string code, std::string pointer, requests::Words detail)
{
    requests::Refusal refusal = refusedBy(rule, std::move(code), detail, 422);
    refusal.violations.push_back({std::move(pointer), std::move(detail)});
    return refusal;
}

void mustBeDone(bool done, const char* what)
{
    if (!done) {
        throw hub::UnitFailure(HUB_INTERNAL, what);
    }
}

requests::Refusal editionArchived()
{
    return {409,
            "edition_archived",
            {"The edition is over; past editions can only be looked up.",
             "该届次已结束，往届仅可查询。"}};
}

std::optional<Edition> findEdition(const hub::Snapshot& snapshot, std::string_view edition)
{
    const auto stored = findPack(snapshot, edition);
    if (!stored) {
        return std::nullopt;
    }
    std::vector<requests::Violation> problems;
    auto found = parsePack(stored->pack, problems);
    if (found) {
        found->revision = stored->revision;
    }
    return found;
}

} // namespace registration
