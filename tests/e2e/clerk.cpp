#include "clerk.hpp"

#include "authenticator.hpp"
#include "organizer.hpp"
#include "telling.hpp"

#include <fmt/format.h>

namespace demo {

namespace {

constexpr const char* kPassword = "Sample-clerk-2026";

/// A batch answers 200 and says for each person whether it was done.
void expectAllDone(const WebAnswer& answer, const std::string& what)
{
    expect(answer.status == 200, what + ": " + answer.body);
    const Json body = answer.json();
    for (const Json& one : body.at("results")) {
        expect(one.at("done") == true, what + ": " + one.dump());
    }
}

} // namespace

Clerk::Clerk(const Installation& installation, const std::string& edition)
    : edition_(edition)
    , hub_(installation.hub_url, installation.ca_file, "")
{
    hub_.setHeader("Edition", edition);
}

void Clerk::join(const std::string& invitation, const std::string& mail)
{
    const WebAnswer accepted =
        hub_.post("/api/v1/staff/invitation-acceptances",
                  {{"token", invitation}, {"name", "样本乙"}, {"password", kPassword}});
    expect(accepted.status == 201, "the invitation is not accepted: " + accepted.body);
    hub_.keepSession(accepted);
    expect(hub_.get("/api/v1/editions/" + edition_ + "/organizations").status == 403,
           "a clerk without an authenticator may look at organizations");
    step("clerk", "accepted it; may set up an authenticator, and nothing else yet");
    const std::string secret = enroll();
    // A code counts once; apps run ahead a little, so the next one is taken, too.
    const WebAnswer login = hub_.post(
        "/api/v1/logins/password",
        {{"account", mail}, {"password", kPassword}, {"code", authenticatorCode(secret, 1)}});
    expect(login.status == 200, "the clerk is not logged in: " + login.body);
    hub_.keepSession(login);
    step("clerk", "logged in with password and authenticator");
}

std::string Clerk::enroll()
{
    const WebAnswer begun = hub_.post("/api/v1/me/totp", nullptr);
    expect(begun.status == 201, "there is no secret for the authenticator: " + begun.body);
    const std::string secret = begun.json().at("secret");
    const WebAnswer confirmed =
        hub_.post("/api/v1/me/totp/confirmations", {{"code", authenticatorCode(secret)}});
    expect(confirmed.status == 200, "the authenticator is not confirmed: " + confirmed.body);
    hub_.keepSession(confirmed);
    step("clerk",
         fmt::format("set up the authenticator; {} recovery codes, shown once",
                     confirmed.json().at("recovery_codes").size()));
    return secret;
}

void Clerk::approve(const std::string& organization) const
{
    const WebAnswer list =
        hub_.get("/api/v1/editions/" + edition_ + "/organizations?state=submitted");
    expect(list.body.find(organization) != std::string::npos,
           "the delegation's list does not show the application: " + list.body);
    const WebAnswer answer = hub_.post("/api/v1/organizations/" + organization + "/review",
                                       {{"decision", "approve"}},
                                       {{"Idempotency-Key", "approve-" + organization}});
    expect(answer.status == 200 && answer.json().at("state") == "approved",
           "the review failed: " + answer.body);
    step("clerk", "found it in the delegation's list, looked at it, approved it");
}

void Clerk::lookAtPassed(const std::string& organization) const
{
    const WebAnswer list =
        hub_.get("/api/v1/editions/" + edition_ + "/organizations?state=approved");
    expect(list.body.find(organization) != std::string::npos,
           "the delegation's list does not show who passed: " + list.body);
    step("clerk", "found it in the delegation's list among those that passed");
}

void Clerk::giveQuota(const std::string& organization, const std::string& category, int total) const
{
    const WebAnswer answer = hub_.put("/api/v1/editions/" + edition_ + "/quotas",
                                      {{"quotas",
                                        {{{"node_kind", "organization"},
                                          {"node_id", organization},
                                          {"category", category},
                                          {"total", total}}}}});
    expect(answer.status == 200, "the clerk can't give a quota: " + answer.body);
    step("clerk",
         fmt::format("gave the organization a quota of {} for the category {}", total, category));
}

WebAnswer Clerk::categorize(const std::vector<std::string>& persons,
                            const std::string& category) const
{
    return hub_.post(
        "/api/v1/persons/categorize",
        {{"person_ids", persons}, {"category", category}},
        {{"Idempotency-Key", fmt::format("{}-{}-{}", category, persons.front(), persons.size())}});
}

void Clerk::lock(const std::vector<std::string>& persons) const
{
    const Json body = {{"person_ids", persons}, {"confirmed", true}};
    const WebAnswer answer =
        hub_.post("/api/v1/persons/lock", body, {{"Idempotency-Key", "lock-" + persons.front()}});
    expectAllDone(answer, "the persons are not locked");
    step("clerk", "locked them: the categories are final");
}

std::string Clerk::quotaUse(const std::string& category) const
{
    const WebAnswer answer = hub_.get("/api/v1/editions/" + edition_ +
                                      "/quotas?node_kind=delegation&node_id=" + kDelegation);
    expect(answer.status == 200, "the clerk can't see the quota: " + answer.body);
    const Json body = answer.json();
    for (const Json& line : body.at("lines")) {
        if (line.at("category") == category) {
            return fmt::format("{}/{}", line.at("used").get<int>(), line.at("total").get<int>());
        }
    }
    throw std::runtime_error("the quota has no category " + category);
}

} // namespace demo
