#include "api/passwords.hpp"

#include "domain/password.hpp"

#include <identifiers/message.hpp>
#include <identifiers/password.hpp>

namespace identity {

std::vector<Violation> weaknessesOf(const std::string& password)
{
    std::vector<Violation> violations;
    for (const auto& finding : identifiers::checkPassword(password)) {
        violations.push_back({"/password",
                              {messageOf(finding, identifiers::Language::English),
                               messageOf(finding, identifiers::Language::Chinese)}});
    }
    return violations;
}

std::optional<Refusal> refusalOf(const std::string& password)
{
    std::vector<Violation> violations = weaknessesOf(password);
    if (violations.empty()) {
        return std::nullopt;
    }
    return Refusal{422,
                   "password_weak",
                   {"The password does not follow the rule.", "密码不符合要求。"},
                   std::move(violations)};
}

hub::Answer workOut(std::string_view payload)
{
    const Json wanted = Json::parse(payload);
    const std::string password = wanted.at("password");
    const Json result =
        wanted.at("work") == "derive"
            ? Json{{"record", derivePassword(password, wanted.at("salt").get<std::string>())}}
            : Json{{"matches", matchesPassword(password, wanted.at("record").get<std::string>())}};
    return {HUB_OK, "", result.dump(), 0};
}

} // namespace identity
