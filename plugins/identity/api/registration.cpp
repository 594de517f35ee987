#include "api/registration.hpp"

#include "api/passwords.hpp"
#include "domain/entry.hpp"
#include "flow/past.hpp"
#include "flow/proofs.hpp"
#include "flow/sessions.hpp"
#include "store/past_rows.hpp"

#include <identifiers/message.hpp>
#include <identifiers/social_credit_code.hpp>

namespace identity {

namespace {

constexpr std::string_view kPurpose = "organization_registration";

/// All that is proven and checked, ready to become an account.
struct Registration {
    Organization organization;
    Proof proof;
    std::optional<PastVerification> past;
};

void readCode(const Json& body,
              const OrganizationKind& kind,
              Organization& organization,
              std::vector<Violation>& violations)
{
    if (!kind.is_mainland) {
        if (body.contains("social_credit_code")) {
            violations.push_back({"/social_credit_code",
                                  {"Only organizations of the mainland have one.",
                                   "仅中国大陆单位填写统一社会信用代码。"}});
        }
        return;
    }
    const auto code =
        identifiers::checkSocialCreditCode(textOf(body, "social_credit_code"), kind.by_code);
    for (const identifiers::Finding& finding : code.findings) {
        if (finding.severity == identifiers::Severity::Error) {
            violations.push_back({"/social_credit_code",
                                  {messageOf(finding, identifiers::Language::English),
                                   messageOf(finding, identifiers::Language::Chinese)}});
        }
    }
    organization.social_credit_code = code.value;
}

/// What is wrong with the form by itself; `organization` gets what is right.
std::vector<Violation> readForm(const Work& work, const Json& body, Organization& organization)
{
    std::vector<Violation> violations;
    organization.region = body.at("region");
    organization.organization_class = body.at("class");
    organization.privacy_version = textOf(body, "privacy_version");
    const auto* kind = findKind(organization.region, organization.organization_class);
    if (kind == nullptr || !work.rules().offers(organization.region, kind->name)) {
        violations.push_back({"/class",
                              {"This kind of organization does not exist in the region.",
                               "该地区没有此类单位，请重新选择。"}});
    } else {
        readCode(body, *kind, organization, violations);
    }
    if (organization.privacy_version != work.settings().privacy_version) {
        violations.push_back(
            {"/privacy_version",
             {"Read the present privacy clause and agree to it.", "请阅读并同意最新的隐私条款。"}});
    }
    for (Violation& weakness : weaknessesOf(body.at("password"))) {
        violations.push_back(std::move(weakness));
    }
    return violations;
}

Refusal invalid(std::vector<Violation> violations)
{
    return {422,
            "organization_invalid",
            {"Some entries can't be accepted; correct the named ones.",
             "部分填写内容有误，请按提示更正。"},
            std::move(violations)};
}

Refusal wrongChannel(std::string_view region)
{
    if (isMainland(region)) {
        return {
            422,
            "phone_needed",
            {"Organizations of the mainland verify a mobile phone.", "中国大陆单位须验证手机号。"},
            {{"/verification", {"Confirm a code to a phone.", "请使用手机验证码。"}}}};
    }
    return {
        422,
        "mail_needed",
        {"Organizations from outside the mainland verify a mail address.", "境外单位须验证邮箱。"},
        {{"/verification", {"Confirm a code to a mail address.", "请使用邮箱验证码。"}}}};
}

/// A mailbox does as well where the edition wants no phone to be verified.
bool needsChannel(const EditionRules& rules, std::string_view region)
{
    return !isMainland(region) || rules.holds("R-035");
}

Refusal signsUpElsewhere()
{
    return {409,
            "sign_up_not_offered",
            {"This edition takes no registrations of organizations here; ask the organizer.",
             "本届不在此处受理单位注册，请联系主办方。"}};
}

Refusal codeIsTaken()
{
    return {
        409,
        "social_credit_code_registered",
        {"An account with this social credit code exists. Log in with it, or reset its "
         "password; if somebody else registered it, claim the code with the licence.",
         "该统一社会信用代码已注册。请直接登录或找回密码；如被他人占用，请凭营业执照申请认领。"}};
}

std::variant<Registration, Refusal> readProofs(const Work& work, const Json& body)
{
    Registration registration;
    auto proof = checkProof(work, body.at("verification"), kPurpose);
    if (auto* refusal = std::get_if<Refusal>(&proof)) {
        return std::move(*refusal);
    }
    registration.proof = std::get<Proof>(std::move(proof));
    const std::string region = body.at("region");
    if (registration.proof.channel != channelOf(region) && needsChannel(work.rules(), region)) {
        return wrongChannel(region);
    }
    if (body.contains("past_verification")) {
        auto past = checkPast(work, body["past_verification"]);
        if (auto* refusal = std::get_if<Refusal>(&past)) {
            return std::move(*refusal);
        }
        registration.past = std::get<PastVerification>(std::move(past));
    }
    return registration;
}

Login makeLogin(const Work& work, const Registration& registration, const Json& body)
{
    const Organization& organization = registration.organization;
    const Proof& proof = registration.proof;
    Login login;
    login.login_id = work.drawId();
    login.edition = organization.edition;
    login.organization_id = organization.organization_id;
    const bool has_code = !organization.social_credit_code.empty();
    login.account = has_code && work.rules().holds("R-028")
                        ? organization.social_credit_code
                        : overseasAccount(work.rows().nextOf("overseas_account"));
    login.password = body.at("record");
    login.language = body.at("language");
    (proof.channel == "mail" ? login.mail : login.phone) = proof.recipient;
    login.created_ms = organization.created_ms;
    return login;
}

hub::Answer open(const Work& work, Registration registration, const Json& body)
{
    Organization& organization = registration.organization;
    organization.organization_id = work.drawId();
    organization.edition = work.edition();
    organization.created_ms = work.nowMs();
    Json told = {{"region", organization.region}, {"class", organization.organization_class}};
    if (registration.past) {
        organization.past_organization_id = registration.past->past_organization_id;
        told["past_organization_id"] = organization.past_organization_id;
        PastRows(work.unit()).use(*registration.past, organization.organization_id);
    }
    const Login login = makeLogin(work, registration, body);
    work.rows().useProof(registration.proof.verification_id);
    work.rows().insert(organization);
    work.rows().insert(login);
    work.rows().grant(login.login_id, {"contact", organization.organization_id}, "registration");
    work.publish("organization.registered", organization, std::move(told));
    return logIn(work, login, 201, {{"account", login.account}});
}

} // namespace

hub::Answer registerOrganization(const Work& work, const hub::Event& event)
{
    if (!work.rules().holds("R-006")) {
        return refuse(signsUpElsewhere());
    }
    Request request = readRequest(event.payload());
    Organization organization;
    if (auto violations = readForm(work, request.body, organization); !violations.empty()) {
        return refuse(invalid(std::move(violations)));
    }
    auto proofs = readProofs(work, request.body);
    if (const auto* refusal = std::get_if<Refusal>(&proofs)) {
        return refuse(*refusal);
    }
    // After the proof: strangers learn nothing about who is registered.
    if (work.rows().organizationByCode(work.edition(), organization.social_credit_code)) {
        return refuse(codeIsTaken());
    }
    if (!request.task) {
        return worksOn(work.derivation(request.body.at("password")));
    }
    request.body["record"] = request.task->at("record");
    Registration& registration = std::get<Registration>(proofs);
    registration.organization = std::move(organization);
    return open(work, std::move(registration), request.body);
}

} // namespace identity
