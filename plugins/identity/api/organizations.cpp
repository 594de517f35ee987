#include "api/organizations.hpp"

#include "api/passwords.hpp"
#include "flow/proofs.hpp"
#include "flow/sessions.hpp"

#include <fmt/format.h>

#include <array>

#include <identifiers/mask.hpp>
#include <identifiers/message.hpp>
#include <identifiers/social_credit_code.hpp>

namespace identity {

namespace {

constexpr std::string_view kPurpose = "organization_registration";
constexpr const char* kMainland = "mainland";

struct ClassOf {
    std::string_view name;
    bool is_mainland;
    std::optional<identifiers::OrganizationClass> by_code;
};

using identifiers::OrganizationClass;

/// outside the mainland nobody has a social credit code (C-02).
constexpr std::array kClasses = {
    ClassOf{"enterprise", true, OrganizationClass::Enterprise},
    ClassOf{"social_organization", true, OrganizationClass::SocialOrganization},
    ClassOf{"public_institution", true, OrganizationClass::PublicInstitution},
    ClassOf{"government_organ", true, OrganizationClass::GovernmentOrgan},
    ClassOf{"enterprise", false, std::nullopt},
    ClassOf{"government_department", false, std::nullopt},
    ClassOf{"social_organization", false, std::nullopt},
    ClassOf{"other", false, std::nullopt},
};

const ClassOf* findClass(std::string_view region, std::string_view name)
{
    for (const ClassOf& one : kClasses) {
        if (one.name == name && one.is_mainland == (region == kMainland)) {
            return &one;
        }
    }
    return nullptr;
}

void add(std::vector<Violation>& violations,
         const std::string& pointer,
         const identifiers::Findings& findings)
{
    for (const identifiers::Finding& finding : findings) {
        if (finding.severity == identifiers::Severity::Error) {
            violations.push_back({pointer,
                                  {messageOf(finding, identifiers::Language::English),
                                   messageOf(finding, identifiers::Language::Chinese)}});
        }
    }
}

/// What is wrong with the form by itself; `organization` gets what is right.
std::vector<Violation> readForm(const Json& body, Organization& organization)
{
    std::vector<Violation> violations;
    organization.region = body.at("region");
    organization.organization_class = body.at("class");
    const ClassOf* one = findClass(organization.region, organization.organization_class);
    if (one == nullptr) {
        violations.push_back({"/class",
                              {"This kind of organization does not exist in the region.",
                               "该地区没有此类单位，请重新选择。"}});
        return violations;
    }
    if (one->is_mainland) {
        const auto code =
            identifiers::checkSocialCreditCode(body.value("social_credit_code", ""), one->by_code);
        add(violations, "/social_credit_code", code.findings);
        organization.social_credit_code = code.value;
    } else if (body.contains("social_credit_code")) {
        violations.push_back({"/social_credit_code",
                              {"Only organizations of the mainland have one.",
                               "仅中国大陆单位填写统一社会信用代码。"}});
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

Refusal codeIsTaken()
{
    return {409,
            "social_credit_code_registered",
            {"An account with this social credit code exists. Log in with it, or reset its "
             "password; if somebody else registered it, ask your delegation to release it.",
             "该统一社会信用代码已注册。请直接登录或找回密码；如被他人占用，请联系交易团释放。"}};
}

std::string accountOf(const Work& work, const Organization& organization)
{
    return organization.social_credit_code.empty()
               ? fmt::format("OV{:08}", work.rows().nextOf("overseas_account"))
               : organization.social_credit_code;
}

hub::Answer open(const Work& work, Organization organization, const Proof& proof, const Json& body)
{
    organization.organization_id = work.drawId();
    organization.edition = work.edition();
    organization.created_ms = work.nowMs();
    Login login;
    login.login_id = work.drawId();
    login.edition = organization.edition;
    login.organization_id = organization.organization_id;
    login.account = accountOf(work, organization);
    login.password = body.at("record");
    login.language = body.at("language");
    (proof.channel == "mail" ? login.mail : login.phone) = proof.recipient;
    login.created_ms = organization.created_ms;
    work.rows().useProof(proof.verification_id);
    work.rows().insert(organization);
    work.rows().insert(login);
    work.rows().grant(login.login_id, {"contact", organization.organization_id}, "registration");
    work.publish("organization.registered",
                 organization,
                 {{"region", organization.region}, {"class", organization.organization_class}});
    return logIn(work, login, 201);
}

} // namespace

hub::Answer registerOrganization(const Work& work, const hub::Event& event)
{
    Request request = readRequest(event.payload());
    Organization organization;
    if (auto violations = readForm(request.body, organization); !violations.empty()) {
        return refuse(invalid(std::move(violations)));
    }
    const auto proof = checkProof(work, request.body.at("verification"), kPurpose);
    if (const auto* refusal = std::get_if<Refusal>(&proof)) {
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
    return open(work, std::move(organization), std::get<Proof>(proof), request.body);
}

hub::Answer releaseCode(const Work& work, const hub::Event& event)
{
    const Json arguments = Json::parse(event.payload()).at("arguments");
    auto organization = work.rows().organization(arguments.at(0).get<std::string>());
    if (!organization || organization->state != kActive) {
        return {HUB_NOT_FOUND, "no active organization has this id", "", 0};
    }
    organization->state = kReleased;
    organization->note = arguments.at(1);
    work.rows().setState(*organization);
    for (const Login& login : work.rows().loginsOf(organization->organization_id)) {
        work.endSessions(login);
    }
    work.rows().setLoginStates(organization->organization_id, kReleased);
    work.publish("organization.code_released", *organization, Json::object());
    const Json data = {{"organization_id", organization->organization_id}, {"state", kReleased}};
    return {HUB_OK, "", Json{{"data", data}, {"sections", Json::array()}, {"exit", 0}}.dump(), 0};
}

hub::Answer showOrganization(const Look& look)
{
    const std::string wanted = Json::parse(look.event().payload()).at("arguments").at(0);
    const ReadRows& rows = look.rows();
    auto organization = rows.organization(wanted);
    if (!organization) {
        organization =
            rows.organizationByCode(look.edition(), identifiers::socialCreditKey(wanted));
    }
    if (!organization) {
        return {HUB_NOT_FOUND, "no organization has this id or social credit code", "", 0};
    }
    Json logins = Json::array();
    for (const Login& login : rows.loginsOf(organization->organization_id)) {
        logins.push_back(Json::array({login.login_id,
                                      login.state,
                                      identifiers::maskPhone(login.phone),
                                      identifiers::maskEmail(login.mail)}));
    }
    const Json data = {{"organization_id", organization->organization_id},
                       {"edition", organization->edition},
                       {"region", organization->region},
                       {"class", organization->organization_class},
                       {"social_credit_code", organization->social_credit_code},
                       {"state", organization->state},
                       {"note", organization->note}};
    const Json table = {{"title", "Logins"},
                        {"columns", {"login", "state", "phone", "mail"}},
                        {"rows", std::move(logins)}};
    return {HUB_OK,
            "",
            Json{{"data", data}, {"sections", Json::array({table})}, {"exit", 0}}.dump(),
            0};
}

} // namespace identity
