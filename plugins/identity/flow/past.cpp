#include "flow/past.hpp"

#include "domain/digest.hpp"
#include "store/past_rows.hpp"

namespace identity {

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
