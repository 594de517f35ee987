#include "registration_people.hpp"

#include "e2e/authenticator.hpp"
#include "waiting.hpp"

#include <stdexcept>
#include <utility>

namespace chaos {

namespace {

constexpr const char* kPassword = "Sample-2026-chaos";
constexpr Milliseconds kMessageLimit{30'000};
constexpr Milliseconds kCodeLimit{10'000}; ///< after this, another code is asked for
/// The provider sends a number one code a minute: when the answer with its proof is lost, those of
/// that minute do not come, and the next one may be lost as well.
constexpr int kCodesMax = 18;
constexpr std::size_t kCodeDigits = 6;

/// The short messages that came, the newest first.
Json messagesAt(HttpsClient& simulator, const std::string& phone)
{
    const HttpAnswer answer = simulator.get("/control/messages?phone=%2B" + phone.substr(1));
    return answer.status == 200 ? answer.body.at("messages") : Json::array();
}

/// As it stands in the newest of more than `before` short messages; empty when none comes.
std::string awaitCode(HttpsClient& simulator, const std::string& phone, std::size_t before)
{
    Json messages;
    const bool came = waitUntil(kCodeLimit, [&] {
        messages = messagesAt(simulator, phone);
        return messages.size() > before;
    });
    if (!came) {
        return "";
    }
    const std::string text = messages.front().at("text");
    const auto at = text.find_first_of("0123456789");
    return at == std::string::npos ? "" : text.substr(at, kCodeDigits);
}

/// Asks for a code and gives it back; not 200 when that was not the code, or was one already.
HttpAnswer confirmCode(Caller& caller,
                       HttpsClient& simulator,
                       const std::string& phone,
                       const char* purpose,
                       std::string& id)
{
    const std::size_t before = messagesAt(simulator, phone).size();
    const HttpAnswer asked = expect(
        201,
        caller.post(
            "/api/v1/verifications",
            {{"channel", "sms"}, {"recipient", phone}, {"purpose", purpose}, {"language", "zh"}},
            std::string(purpose) + phone),
        "the wish for a code");
    id = asked.body.at("verification_id");
    const std::string code = awaitCode(simulator, phone, before);
    return code.empty() ? HttpAnswer{}
                        : caller.post("/api/v1/verifications/" + id + "/confirmations",
                                      {{"code", code}},
                                      id);
}

/// {"id", "proof"} of a phone. These routes know no keys: when the answer to one of the steps was
/// lost, or the hub died over the message, a person asks for another code.
Json prove(Caller& caller, HttpsClient& simulator, const std::string& phone, const char* purpose)
{
    std::string id;
    HttpAnswer confirmed;
    for (int i = 0; i < kCodesMax && confirmed.status != 200; ++i) {
        confirmed = confirmCode(caller, simulator, phone, purpose, id);
    }
    expect(200, confirmed, "the code at " + phone);
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

/// By codes: a password that was tried while the hub died would soon ask for a picture.
HttpAnswer logIn(Caller& caller, HttpsClient& phones, const Newcomer& newcomer)
{
    HttpAnswer login;
    for (int i = 0; i < kCodesMax && login.status != 200; ++i) {
        login = caller.post("/api/v1/logins/code",
                            {{"account", newcomer.social_credit_code},
                             {"verification", prove(caller, phones, newcomer.phone, "login")}},
                            "log-in-" + newcomer.phone);
    }
    return login;
}

/// Logged in as the new account; returns the organization's id. The account is open, too, when the
/// answer that said so was lost: then its contact logs in.
std::string
openAccount(Caller& caller, HttpsClient& phones, const Newcomer& newcomer, const Json& form)
{
    const std::string what = "the account of " + newcomer.social_credit_code;
    const HttpAnswer opened =
        caller.post("/api/v1/organizations", form, "open-" + newcomer.social_credit_code);
    if (opened.status == 201) {
        caller.keepSession(opened);
        return opened.body.at("organization_id");
    }
    const HttpAnswer login = logIn(caller, phones, newcomer);
    if (login.status != 200) {
        expect(201, opened, what); // that is why
    }
    caller.keepSession(login);
    return expect(200, caller.get("/api/v1/me"), what).body.at("organization_id");
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
    const std::string id = openAccount(caller, phones, newcomer, form);
    const bool begun = waitUntil(
        kMessageLimit, [&] { return caller.get("/api/v1/organizations/" + id).status == 200; });
    if (!begun) {
        throw std::runtime_error("registration has not begun the application of " + id);
    }
    return {std::move(caller), id};
}

} // namespace chaos
