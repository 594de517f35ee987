#include "api/entry.hpp"

#include "domain/entry.hpp"
#include "flow/past.hpp"

namespace identity {

namespace {

Json bothOf(std::string_view en, std::string_view zh)
{
    return {{"en", en}, {"zh", zh}};
}

Json regionsOf(const EditionRules& rules)
{
    Json regions = Json::array();
    for (const Region& region : allRegions()) {
        Json classes = Json::array();
        for (const OrganizationKind& kind : allKinds()) {
            if (kind.is_mainland == region.is_mainland && rules.offers(region.name, kind.name)) {
                classes.push_back({{"class", kind.name}, {"title", bothOf(kind.en, kind.zh)}});
            }
        }
        regions.push_back({{"region", region.name},
                           {"title", bothOf(region.en, region.zh)},
                           {"classes", std::move(classes)},
                           {"verification", channelOf(region.name)},
                           {"has_social_credit_code", region.is_mainland},
                           {"has_delegation", region.is_mainland}});
    }
    return regions;
}

/// The way from here to the badge, in its order.
Json stepsOf(const EditionRules& rules)
{
    Json steps = Json::array();
    for (const Step& step : allSteps()) {
        if (rules.holds(step.rule)) {
            steps.push_back({{"step", step.name}, {"title", bothOf(step.en, step.zh)}});
        }
    }
    return steps;
}

Json pastVisitorsOf(const EditionRules& rules)
{
    Json past = {{"ways", pastWaysOf(rules)}};
    if (rules.holds("R-049")) {
        past["notice"] = bothOf("Whoever wants to reuse a badge enters here: without this proof "
                                "there are no past persons to choose from.",
                                "如需证件复用，须先由此进入并验证往届信息，否则无法带出往届人员。");
    }
    return past;
}

} // namespace

hub::Answer showEntry(const Look& look)
{
    const EditionRules& rules = look.rules();
    Json body = {{"regions", regionsOf(rules)},
                 {"default_region", allRegions().front().name},
                 {"privacy_version", look.settings().privacy_version},
                 {"steps", stepsOf(rules)}};
    if (rules.holds("R-005")) {
        body["notice"] = bothOf("Everybody registers here in advance; there is no other way in.",
                                "所有专业观众须提前在线注册报名。");
    }
    if (rules.holds("R-040")) {
        body["past_visitors"] = pastVisitorsOf(rules);
    }
    return answered(200, std::move(body));
}

} // namespace identity
