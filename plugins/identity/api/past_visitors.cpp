#include "api/past_visitors.hpp"

#include "domain/digest.hpp"
#include "flow/guard.hpp"
#include "flow/past.hpp"
#include "flow/proofs.hpp"
#include "store/past_rows.hpp"

namespace identity {

namespace {

constexpr std::string_view kPurpose = "past_visitor";

/// The same for an unknown account and for one that is somebody else's.
Refusal notVerified()
{
    return {401,
            "past_not_verified",
            {"This does not prove a past registration. Try another of the three ways: password, "
             "code to the phone, code to the mail address. If all fail, register as a new user; "
             "past data is then not brought in.",
             "未能验证往届注册信息。请尝试其他验证方式：账号密码、手机验证码、邮箱验证码。"
             "如均不成功，请按新用户注册，注册后将不能看到往届信息。"}};
}

Refusal oneWayOnly()
{
    return {422,
            "past_way_missing",
            {"Give either the past password or a confirmed code.",
             "请提供往届登录密码或已确认的验证码（二选一）。"},
            {{"/password",
              {"Give this or /verification.", "请填写密码，或使用验证码（/verification）。"}}}};
}

hub::Answer verified(const Work& work, const PastLogin& login, std::string_view way)
{
    const PastRows rows(work.unit());
    const std::string token = toHex(work.unit().random(32));
    PastVerification verification;
    verification.past_verification_id = work.drawId();
    verification.token_digest = digestOf(token);
    verification.edition = work.edition();
    verification.past_organization_id = login.organization_id;
    verification.past_edition = login.edition;
    verification.way = way;
    verification.created_ms = work.nowMs();
    rows.forgetUnused(work.nowMs() - kPastVerificationMs);
    rows.insert(verification);
    Json past = {{"organization_id", login.organization_id}, {"edition", login.edition}};
    if (const auto organization = work.rows().organization(login.organization_id)) {
        past["region"] = organization->region;
        past["class"] = organization->organization_class;
        past["social_credit_code"] = organization->social_credit_code;
    }
    return answered(201,
                    {{"past_verification_id", verification.past_verification_id},
                     {"token", token},
                     {"past", std::move(past)},
                     {"expires_at", toRfc3339(work.nowMs() + kPastVerificationMs)}});
}

hub::Answer byPassword(const Work& work, const Request& request)
{
    if (const auto refusal = checkPastWay(work.rules(), "password")) {
        return refuse(*refusal);
    }
    const auto login = PastRows(work.unit()).login(work.edition(), textOf(request.body, "account"));
    if (!request.task) {
        if (auto refusal = beginTry(work, request, kPastTries)) {
            return *refusal;
        }
        return worksOn({{"work", "compare"},
                        {"password", request.body.at("password")},
                        {"record", login ? login->password : ""}});
    }
    if (!login || !request.task->value("matches", false)) {
        return refuse(notVerified());
    }
    forgiveTry(work, request, kPastTries);
    return verified(work, *login, "password");
}

hub::Answer byCode(const Work& work, const Request& request)
{
    const auto proof = checkProof(work, request.body.at("verification"), kPurpose);
    if (const auto* refusal = std::get_if<Refusal>(&proof)) {
        return refuse(*refusal);
    }
    const Proof& shown = std::get<Proof>(proof);
    if (const auto refusal = checkPastWay(work.rules(), shown.channel)) {
        return refuse(*refusal);
    }
    const auto login =
        PastRows(work.unit()).login(work.edition(), textOf(request.body, "account"), shown);
    if (!login) {
        return refuse(notVerified());
    }
    work.rows().useProof(shown.verification_id);
    return verified(work, *login, shown.channel);
}

} // namespace

hub::Answer verifyPast(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const bool has_password = request.body.contains("password");
    if (has_password == request.body.contains("verification")) {
        return refuse(oneWayOnly());
    }
    return has_password ? byPassword(work, request) : byCode(work, request);
}

} // namespace identity
