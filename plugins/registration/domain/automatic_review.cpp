#include "domain/automatic_review.hpp"

#include <algorithm>
#include <array>

namespace registration {

namespace {

struct Entry {
    std::string_view judgement;
    std::string_view en;
    std::string_view zh;
};

// From the first hurdle to the last, so that a rule that was nearly met says what was missing.
constexpr std::array kEntries = {
    Entry{"no_automatic_review",
          "This edition has every organization reviewed by its delegation.",
          "本届所有单位均由交易团人工审核。"},
    Entry{"class_is_reviewed",
          "Organizations of this class are reviewed by their delegation.",
          "该类别单位由交易团人工审核。"},
    Entry{"new_organization",
          "It took part in no past edition that it proved to be its own, so its delegation reviews "
          "it.",
          "单位未关联往届报名记录，须由交易团人工审核。"},
    Entry{"licence_not_verified",
          "Its licence could not be verified automatically, so its delegation reviews it.",
          "营业执照未能自动核验通过，须由交易团人工审核。"},
    Entry{kPassed,
          "It passed automatically: its licence was verified and the edition's rule holds for it.",
          "营业执照核验通过且符合本届规则，已自动审核通过。"},
};

/// How many hurdles of one rule were taken.
std::size_t hurdles(const AutomaticReview& rule, const Organization& organization)
{
    if (rule.organization_class != organization.organization_class) {
        return 1;
    }
    if (rule.past && organization.past_organization_id.empty()) {
        return 2;
    }
    const bool suffices = rule.licence == "none" || rule.licence == organization.licence ||
                          (rule.licence == "uploaded" && organization.licence == "verified");
    return suffices ? 4 : 3;
}

} // namespace

std::string judgeAutomatically(const Edition& edition, const Organization& organization)
{
    std::size_t best = 0;
    const bool is_on =
        edition.mode == Mode::ByOrganization && edition.holds("R-182") && edition.holds("R-184");
    if (is_on) {
        for (const AutomaticReview& rule : edition.automatic) {
            best = std::max(best, hurdles(rule, organization));
        }
    }
    return std::string(kEntries.at(best).judgement);
}

Words wordsOfJudgement(std::string_view judgement)
{
    for (const Entry& entry : kEntries) {
        if (entry.judgement == judgement) {
            return {std::string(entry.en), std::string(entry.zh)};
        }
    }
    return {};
}

} // namespace registration
