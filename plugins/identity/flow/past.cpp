#include "flow/past.hpp"

#include "domain/digest.hpp"
#include "store/past_rows.hpp"

#include <algorithm>
#include <array>

namespace identity {

namespace {

struct Way {
    std::string_view name;
    std::string_view rule;
};

constexpr std::array kWays = {
    Way{"password", "R-042"},
    Way{"sms", "R-043"},
    Way{"mail", "R-044"},
};

} // namespace

std::vector<std::string_view> pastWaysOf(const EditionRules& rules)
{
    std::vector<std::string_view> ways;
    for (const Way& way : kWays) {
        if (rules.holds("R-040") && rules.holds(way.rule)) {
            ways.push_back(way.name);
        }
    }
    if (!rules.holds("R-041") && ways.size() > 1) { // no choice: only the first of them
        ways.resize(1);
    }
    return ways;
}

std::optional<Refusal> checkPastWay(const EditionRules& rules, std::string_view way)
{
    const auto ways = pastWaysOf(rules);
    if (std::find(ways.begin(), ways.end(), way) != ways.end()) {
        return std::nullopt;
    }
    return Refusal{409,
                   "past_way_not_offered",
                   {"This edition does not take this proof of a past registration. Use one of the "
                    "ways that the entry page offers, or register as a new user.",
                    "本届不支持该往届验证方式，请使用入口页面提供的方式，或按新用户注册。"}};
}

std::variant<PastVerification, Refusal> checkPast(const Work& work, const Json& shown)
{
    const auto found = PastReadRows(work.unit()).verification(textOf(shown, "id"));
    const bool is_good = found && found->edition == work.edition() &&
                         found->organization_id.empty() &&
                         work.nowMs() < found->created_ms + kPastVerificationMs &&
                         isSame(found->token_digest, digestOf(textOf(shown, "token")));
    if (!is_good) {
        return Refusal{
            409,
            "past_verification_over",
            {"The proof of the past registration was used or is too old. Verify once more, or "
             "register without it.",
             "往届验证已使用或已过期，请重新验证，或按新用户注册。"},
            {{"/past_verification", {"Verify once more.", "请重新验证。"}}}};
    }
    if (work.rows().isLinked(work.edition(), found->past_organization_id)) {
        return Refusal{
            409,
            "past_organization_registered",
            {"This past organization has registered for the edition. Log in with its "
             "account, or reset the password.",
             "该往届单位已完成本届注册，请直接登录或找回密码。"},
            {{"/past_verification",
              {"Log in instead, or register without it.", "请直接登录，或不使用往届信息注册。"}}}};
    }
    return *found;
}

} // namespace identity
