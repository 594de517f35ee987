#include "registration_people.hpp"

#include "e2e/authenticator.hpp"
#include "waiting.hpp"

#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr const char* kPassword = "Sample-2026-chaos";
constexpr Milliseconds kMessageLimit{30'000};
constexpr std::size_t kCodeDigits = 6;

/// As it stands in the newest short message; empty as long as there is none.
std::string codeAtPhone(HttpsClient& simulator, const std::string& phone)
{
    const HttpAnswer answer = simulator.get("/control/messages?phone=%2B" + phone.substr(1));
    if (answer.status != 200 || answer.body.at("messages").empty()) {
        return "";
    }
    const std::string text = answer.body.at("messages").front().at("text");
    const auto at = text.find_first_of("0123456789");
    return at == std::string::npos ? "" : text.substr(at, kCodeDigits);
}

/// {"id", "proof"} of a phone.
Json prove(Caller& caller, HttpsClient& simulator, const std::string& phone, const char* purpose)
{
    const HttpAnswer asked = expect(
        201,
        caller.post(
            "/api/v1/verifications",
            {{"channel", "sms"}, {"recipient", phone}, {"purpose", purpose}, {"language", "zh"}},
            std::string(purpose) + phone),
        "the wish for a code");
    const std::string id = asked.body.at("verification_id");
    std::string code;
    waitUntil(kMessageLimit, [&] { return !(code = codeAtPhone(simulator, phone)).empty(); });
    const HttpAnswer confirmed =
        expect(200,
               caller.post("/api/v1/verifications/" + id + "/confirmations", {{"code", code}}, id),
               "the code at " + phone);
    return {{"id", id}, {"proof", confirmed.body.at("proof")}};
}

Json provePast(Caller& caller, HttpsClient& simulator, const Newcomer& newcomer)
{
    const HttpAnswer answer =
        expect(201,
               caller.post("/api/v1/past-verifications",
                           {{"account", newcomer.social_credit_code},
                            {"verification",
                             prove(caller, simulator, newcomer.past_phone, "past_visitor")}},
                           newcomer.past_phone),
               "the proof of the past registration");
    return {{"id", answer.body.at("past_verification_id")}, {"token", answer.body.at("token")}};
}

} // namespace

Caller joinAsClerk(
    const Office& office, const Group& group, const std::string& mail, Server hub, Effort& effort)
{
    const std::string token = office.invite(group, mail);
    hub.token.clear();
    Caller clerk(std::move(hub), office.edition(), effort);
    clerk.keepSession(
        expect(201,
               clerk.post("/api/v1/staff/invitation-acceptances",
                          {{"token", token}, {"name", "样本乙"}, {"password", kPassword}},
                          "accept-" + mail),
               "the acceptance of " + mail));
    const HttpAnswer begun =
        expect(201, clerk.post("/api/v1/me/totp", nullptr, "totp-" + mail), "the secret");
    const std::string secret = begun.body.at("secret");
    clerk.keepSession(expect(200,
                             clerk.post("/api/v1/me/totp/confirmations",
                                        {{"code", demo::authenticatorCode(secret)}},
                                        "confirm-" + mail),
                             "the authenticator of " + mail));
    return clerk;
}

Contact registerOrganization(Server hub,
                             Server simulator,
                             const std::string& edition,
                             const Newcomer& newcomer,
                             Effort& effort)
{
    hub.token.clear();
    HttpsClient phones(std::move(simulator));
    Caller caller(std::move(hub), edition, effort);
    const HttpAnswer choices =
        expect(200, caller.get("/api/v1/registration-choices"), "the entry page");
    Json form = {{"region", "mainland"},
                 {"class", "enterprise"},
                 {"social_credit_code", newcomer.social_credit_code},
                 {"password", kPassword},
                 {"language", "zh"},
                 {"privacy_version", choices.body.at("privacy_version")}};
    if (!newcomer.past_phone.empty()) {
        form["past_verification"] = provePast(caller, phones, newcomer);
    }
    form["verification"] = prove(caller, phones, newcomer.phone, "organization_registration");
    const HttpAnswer opened =
        expect(201,
               caller.post("/api/v1/organizations", form, "open-" + newcomer.social_credit_code),
               "the account of " + newcomer.social_credit_code);
    caller.keepSession(opened);
    const std::string id = opened.body.at("organization_id");
    const bool begun = waitUntil(
        kMessageLimit, [&] { return caller.get("/api/v1/organizations/" + id).status == 200; });
    if (!begun) {
        throw std::runtime_error("registration has not begun the application of " + id);
    }
    return {std::move(caller), id};
}

} // namespace chaos
