#include "flow/edition_rules.hpp"

#include <algorithm>

namespace identity {

namespace {

bool names(const Json& list, std::string_view text)
{
    return std::any_of(list.begin(), list.end(), [text](const Json& item) { return item == text; });
}

} // namespace

bool EditionRules::holds(std::string_view rule) const
{
    return !names(pack().value("rules_off", Json::array()), rule);
}

bool EditionRules::offers(std::string_view region, std::string_view organization_class) const
{
    const Json classes = pack().value("classes", Json::object());
    const auto found = classes.find(std::string{region});
    return found == classes.end() || names(*found, organization_class);
}

const Json& EditionRules::pack() const
{
    if (!pack_) {
        const Json question = {{"edition", edition_}};
        const hub::Answer answer =
            snapshot_.ask("registration", "edition", edition_, question.dump());
        const Json said = Json::parse(answer.payload, nullptr, false);
        const bool is_told = answer.status == HUB_OK && said.is_object() && said.contains("pack") &&
                             said["pack"].is_object();
        pack_ = is_told ? said["pack"] : Json::object();
    }
    return *pack_;
}

} // namespace identity
