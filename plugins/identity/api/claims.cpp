#include "api/claims.hpp"

#include "flow/actor.hpp"
#include "flow/contacts.hpp"
#include "flow/proofs.hpp"
#include "store/claim_rows.hpp"

#include <algorithm>

#include <identifiers/mask.hpp>
#include <identifiers/social_credit_code.hpp>

namespace identity {

namespace {

/// As for a registration: whoever claims has come from one that was refused, with that very proof.
constexpr std::string_view kPurpose = "organization_registration";
constexpr std::int64_t kPage = 100;
constexpr std::int64_t kPhoneMs = std::int64_t{90} * 24 * 3'600'000;

Refusal badCode()
{
    return {422,
            "claim_invalid",
            {"This is no social credit code.", "统一社会信用代码无效。"},
            {{"/social_credit_code",
              {"Give the 18 characters of the licence.", "请填写营业执照上的18位代码。"}}}};
}

Refusal needsPhone()
{
    return {422,
            "phone_needed",
            {"A claim is made with a verified mobile phone.", "认领须验证手机号。"},
            {{"/verification", {"Confirm a code to a phone.", "请使用手机验证码。"}}}};
}

Refusal isFree()
{
    return {409,
            "social_credit_code_free",
            {"Nobody has registered this code. Register with it.",
             "该统一社会信用代码尚未注册，请直接注册。"}};
}

Refusal isOwn()
{
    return {409,
            "claim_own",
            {"The account has this phone. Log in by a code to it.",
             "该账号使用的就是此手机号，请用手机验证码登录。"}};
}

Refusal isFiled()
{
    return {409,
            "claim_filed",
            {"This phone has claimed the code. Wait for the decision.",
             "该手机号已提交认领申请，请等待审核。"}};
}

Refusal isDecided()
{
    return {409,
            "claim_decided",
            {"This claim is decided, or another one was granted. Read the list again.",
             "该认领申请已处理，或其他申请已通过。请刷新列表。"}};
}

bool isContact(const Work& work, const Organization& organization, const Proof& proof)
{
    const auto contacts = activeContacts(work, organization.organization_id);
    return std::any_of(
        contacts.begin(), contacts.end(), [&](const Login& login) { return owns(login, proof); });
}

Claim draft(const Work& work,
            const Organization& organization,
            const Proof& proof,
            const Json& body)
{
    Claim claim;
    claim.claim_id = work.drawId();
    claim.edition = work.edition();
    claim.organization_id = organization.organization_id;
    claim.social_credit_code = organization.social_credit_code;
    claim.delegation_id = textOf(body, "delegation_id");
    claim.licence = textOf(body, "licence");
    claim.phone = proof.recipient;
    claim.language = textOf(body, "language");
    claim.created_ms = work.nowMs();
    return claim;
}

Json toJson(const Claim& claim)
{
    return {{"claim_id", claim.claim_id},
            {"organization_id", claim.organization_id},
            {"social_credit_code", claim.social_credit_code},
            {"delegation_id", claim.delegation_id},
            {"licence", claim.licence},
            {"phone", identifiers::maskPhone(claim.phone)},
            {"state", claim.state},
            {"reason", claim.reason},
            {"created_at", toRfc3339(claim.created_ms)}};
}

/// Open, and the actor's to decide.
std::variant<Claim, Refusal> readClaim(const Work& work, const Request& request)
{
    const std::string delegation = aboutOf(request, "delegation:");
    auto claim = ClaimReadRows(work.unit()).claim(textOf(request.path, "claim_id"));
    if (!claim || claim->edition != work.edition() ||
        (!delegation.empty() && delegation != claim->delegation_id)) {
        return notFound();
    }
    if (claim->state != kOpen) {
        return isDecided();
    }
    return std::move(*claim);
}

/// The organization stays as it is; whoever acted for it before does so no longer.
void handOver(const Work& work, const Organization& organization, const Claim& claim)
{
    const auto former = activeContacts(work, organization.organization_id);
    for (const Login& login : former) {
        dropContact(work, login);
    }
    addContact(work,
               organization,
               organization.social_credit_code,
               {"", "sms", claim.phone},
               {{"language", claim.language}});
    ClaimRows(work.unit()).voidOthers(organization.organization_id, work.nowMs());
}

} // namespace

hub::Answer fileClaim(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    const std::string code =
        identifiers::socialCreditKey(textOf(request.body, "social_credit_code"));
    if (code.empty()) {
        return refuse(badCode());
    }
    const auto checked = checkProof(work, request.body.at("verification"), kPurpose);
    if (const auto* refusal = std::get_if<Refusal>(&checked)) {
        return refuse(*refusal);
    }
    const Proof& proof = std::get<Proof>(checked);
    if (proof.channel != "sms" || proof.recipient.empty()) {
        return refuse(needsPhone());
    }
    const auto organization = work.rows().organizationByCode(work.edition(), code);
    if (!organization) {
        return refuse(isFree());
    }
    if (isContact(work, *organization, proof)) {
        return refuse(isOwn());
    }
    const ClaimRows rows(work.unit());
    if (rows.isOpen(organization->organization_id, proof.recipient)) {
        return refuse(isFiled());
    }
    const Claim claim = draft(work, *organization, proof, request.body);
    work.rows().useProof(proof.verification_id);
    rows.insert(claim);
    rows.forgetPhones(work.nowMs() - kPhoneMs);
    work.publish("organization.code_claimed",
                 *organization,
                 {{"claim_id", claim.claim_id}, {"delegation_id", claim.delegation_id}});
    return answered(201, {{"claim_id", claim.claim_id}, {"state", claim.state}});
}

hub::Answer listClaims(const Look& look)
{
    const Request request = look.request();
    const auto claims = ClaimReadRows(look.snapshot())
                            .claims(look.edition(),
                                    request.query.value("state", kOpen),
                                    aboutOf(request, "delegation:"),
                                    textOf(request.query, "after"),
                                    kPage);
    Json list = Json::array();
    for (const Claim& claim : claims) {
        list.push_back(toJson(claim));
    }
    Json body = {{"claims", std::move(list)}};
    if (claims.size() == static_cast<std::size_t>(kPage)) {
        body["next"] = claims.back().claim_id;
    }
    return answered(200, std::move(body));
}

hub::Answer decideClaim(const Work& work, const hub::Event& event)
{
    const Request request = readRequest(event.payload());
    auto found = readClaim(work, request);
    if (const auto* refusal = std::get_if<Refusal>(&found)) {
        return refuse(*refusal);
    }
    Claim& claim = std::get<Claim>(found);
    const auto organization = work.rows().organization(claim.organization_id);
    if (!organization || organization->state != kActive) {
        return refuse(isDecided());
    }
    const std::string decision = textOf(request.body, "decision");
    claim.state = decision == "release"     ? kReleased
                  : decision == "hand_over" ? kHandedOver
                                            : kRefused;
    claim.reason = textOf(request.body, "reason");
    claim.decided_by = work.principal();
    claim.decided_ms = work.nowMs();
    ClaimRows(work.unit()).decide(claim);
    if (claim.state == kReleased) {
        releaseCodeOf(work, *organization, claim.reason, {{"claim_id", claim.claim_id}});
    } else if (claim.state == kHandedOver) {
        handOver(work, *organization, claim);
    }
    work.publish(
        "organization.claim_decided",
        *organization,
        {{"claim_id", claim.claim_id}, {"decision", claim.state}, {"by", work.principal()}});
    return answered(200, toJson(claim));
}

} // namespace identity
