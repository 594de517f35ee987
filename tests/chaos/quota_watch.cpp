#include "quota_watch.hpp"

#include <map>

namespace chaos {

namespace {

std::string nameOf(const Json& node, const std::string& category)
{
    return node.at("node_kind").get<std::string>() + " " + node.at("node_id").get<std::string>() +
           " " + category;
}

} // namespace

void QuotaWatch::note(const Json& shown)
{
    ++looks_;
    std::map<std::string, std::int64_t> given; // by category
    std::vector<std::string> exceeded;
    std::vector<std::string> unequal;
    const auto look = [&](const Json& node, const Json& line) {
        const std::string category = line.at("category");
        if (line.at("used") > line.at("total")) {
            exceeded.push_back(nameOf(node, category) + " showed " + line.at("used").dump() +
                               " of " + line.at("total").dump());
        }
    };
    for (const Json& line : shown.at("below")) {
        look(line, line);
        given[line.at("category").get<std::string>()] += line.at("total").get<std::int64_t>();
    }
    for (const Json& line : shown.value("lines", Json::array())) {
        if (!line.at("limited").get<bool>()) {
            continue;
        }
        look(shown, line);
        const std::string category = line.at("category");
        if (line.at("allocated") != given[category]) {
            unequal.push_back(nameOf(shown, category) + " showed " + line.at("allocated").dump() +
                              " allocated, those below had " + std::to_string(given[category]));
        }
    }
    const std::lock_guard lock(mutex_);
    exceeded_.insert(exceeded_.end(), exceeded.begin(), exceeded.end());
    unequal_.insert(unequal_.end(), unequal.begin(), unequal.end());
}

void QuotaWatch::countGiven(const HttpAnswer& answer, Effort& effort)
{
    const std::string code = answer.body.is_object() ? answer.body.value("code", "") : "";
    if (answer.status == 200) {
        ++given_;
    } else if (code == "quota_below_used") {
        ++below_used_;
    } else if (answer.status != 0 && code != "quota_exceeds_parent") {
        effort.surprise("a quota was answered " + std::to_string(answer.status) + " " +
                        answer.body.dump());
    }
}

std::vector<std::string> QuotaWatch::exceeded() const
{
    const std::lock_guard lock(mutex_);
    return exceeded_;
}

std::vector<std::string> QuotaWatch::unequal() const
{
    const std::lock_guard lock(mutex_);
    return unequal_;
}

} // namespace chaos
