#include "flow/proofs.hpp"

#include <identifiers/email.hpp>

namespace identity {

namespace {

Refusal notProven()
{
    return {409,
            "verification_missing",
            {"The code was not confirmed, was used before or is too old. Ask for a new one.",
             "验证码未确认、已使用或已失效，请重新获取。"},
            {{"/verification", {"Confirm a new code.", "请确认新的验证码。"}}}};
}

} // namespace

bool owns(const Login& login, const Proof& proof)
{
    if (proof.channel == "mail") {
        const std::string key = identifiers::emailKey(proof.recipient);
        return !key.empty() && key == identifiers::emailKey(login.mail);
    }
    return proof.channel == "sms" && !proof.recipient.empty() && proof.recipient == login.phone;
}

std::variant<Proof, Refusal>
checkProof(const Work& work, const Json& verification, std::string_view purpose)
{
    const std::string id = verification.at("id");
    if (work.rows().isProofUsed(id)) {
        return notProven();
    }
    const Json question = {
        {"verification_id", id}, {"proof", verification.at("proof")}, {"purpose", purpose}};
    const hub::Answer answer = work.unit().ask("messaging", "proof", id, question.dump());
    if (answer.status == HUB_NOT_FOUND) {
        return Refusal{503,
                       "verification_not_available",
                       {"Codes can't be checked now; the plugin messaging is not enabled.",
                        "暂时无法校验验证码：消息插件未启用。"}};
    }
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status != HUB_OK || !said.is_object() || !said.value("valid", false)) {
        return notProven();
    }
    return Proof{id, said.value("channel", ""), said.value("recipient", "")};
}

} // namespace identity
