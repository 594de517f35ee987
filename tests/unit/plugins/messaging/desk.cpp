#include "desk.hpp"

#include "messaging.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace messaging::test {

namespace {

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Messaging>(major, "messaging", "0.1.0");
}

/// As hub.accounts/1 lists one that is well.
Json accountEntry(const std::string& account)
{
    return {{"account", account},
            {"connector", "sms_example"},
            {"state", "enabled"},
            {"operations", {"send", "query", "callback"}},
            {"traits", {{"prefixes", {"+86"}}}},
            {"breaker", "closed"}};
}

const Json& sendSchema()
{
    static const Json schema = [] {
        std::ifstream stream(sourceFolder() + "/sdk/contracts/sms.json");
        return Json::parse(stream).at("operations").at("send").at("request");
    }();
    return schema;
}

std::string breachOf(const Json& payload)
{
    for (const auto& name : sendSchema().at("required")) {
        if (!payload.contains(name.get<std::string>())) {
            return "send lacks " + name.get<std::string>();
        }
    }
    for (const auto& [name, value] : payload.items()) {
        if (!sendSchema().at("properties").contains(name)) {
            return "send has the foreign member " + name;
        }
        const Json& schema = sendSchema().at("properties").at(name);
        if (schema.contains("pattern") &&
            !std::regex_match(value.get<std::string>(), std::regex(schema.value("pattern", "")))) {
            return "send: " + name + " breaks its pattern";
        }
    }
    return "";
}

std::string request(const Json& path, const Json& body, const std::string& client_ip = "192.0.2.9")
{
    return Json{{"path", path}, {"query", Json::object()}, {"body", body}, {"client_ip", client_ip}}
        .dump();
}

} // namespace

std::string sourceFolder()
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return folder;
}

Json parse(const hub::Answer& answer)
{
    return answer.payload.empty() ? Json::object() : Json::parse(answer.payload);
}

std::string codeOf(const hub::Answer& answer)
{
    const Json document = parse(answer);
    return std::to_string(document.value("status", 0)) + " " +
           document.value("problem", Json::object()).value("code", "");
}

void assertStatus(hub_status expected, const hub::Answer& answer)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message + " " + answer.payload, expected, answer.status);
}

Desk::Desk(const Json& settings)
{
    hub_.accounts = Json::array({accountEntry(kMain), accountEntry(kOther)}).dump();
    Json config = {{"quiet_hours", {{"from", "00:00"}, {"until", "00:00"}}}};
    config.merge_patch(settings);
    hub_.start(&entry,
               "messaging",
               sourceFolder() + "/plugins/messaging/migrations",
               Json{{"config", config}}.dump());
}

hub::Answer Desk::askFor(const std::string& phone,
                         const std::string& purpose,
                         const std::string& client_ip,
                         const Json& changes)
{
    Json body = {
        {"channel", "sms"}, {"recipient", phone}, {"purpose", purpose}, {"language", "en"}};
    body.merge_patch(changes);
    return hub_.request("verification.create", request(Json::object(), body, client_ip));
}

Asked Desk::ask(const std::string& phone, const std::string& purpose)
{
    const hub::Answer answer = askFor(phone, purpose);
    if (answer.status != HUB_OK) {
        throw std::runtime_error("the code was refused: " + answer.payload);
    }
    return {parse(answer).at("body").at("verification_id").get<std::string>(),
            lastSent().at("variables").at("code").get<std::string>(),
            hub_.lastCall("send").id};
}

hub::Answer Desk::confirm(const std::string& verification_id, const std::string& code)
{
    return hub_.request("verification.confirm",
                        request({{"verification_id", verification_id}}, {{"code", code}}));
}

std::string Desk::wrong(const std::string& code)
{
    std::string other = code;
    other.back() = other.back() == '9' ? '0' : static_cast<char>(other.back() + 1);
    return other;
}

hub::Answer Desk::proof(const std::string& verification_id,
                        const std::string& proof,
                        const std::string& purpose)
{
    return hub_.ask(
        "proof",
        verification_id,
        Json{{"verification_id", verification_id}, {"proof", proof}, {"purpose", purpose}}.dump());
}

hub::Answer Desk::accept(hub_call_id call, const std::string& provider_number)
{
    return hub_.outcome(call,
                        HUB_OUTCOME_SUCCEEDED,
                        Json{{"state", "accepted"}, {"provider_number", provider_number}}.dump());
}

hub::Answer Desk::reject(hub_call_id call, const std::string& reason, bool is_retriable)
{
    const Json refusal = {{"reason", reason}, {"retriable", is_retriable}};
    return hub_.outcome(call, HUB_OUTCOME_REJECTED, Json{{"refusal", refusal}}.dump(), "refused");
}

hub::Answer Desk::notSent(hub_call_id call)
{
    return hub_.outcome(call, HUB_OUTCOME_NOT_SENT, "{}", "no connection");
}

hub::Answer Desk::unknown(hub_call_id call)
{
    return hub_.outcome(call, HUB_OUTCOME_UNRESOLVED, "", "no complete answer came");
}

hub::Answer Desk::resolve(hub_call_id call, const std::string& state)
{
    return hub_.outcome(call,
                        HUB_OUTCOME_SUCCEEDED,
                        Json{{"state", state}, {"provider_number", "9001^0"}}.dump(),
                        "found out by query",
                        HUB_FLAG_RESOLVED);
}

hub::Answer Desk::report(const std::string& state, const Json& changes, const std::string& account)
{
    Json report = {
        {"number", lastSent().at("number")}, {"phone", lastSent().at("phone")}, {"state", state}};
    report.merge_patch(changes);
    return hub_.callback(account,
                         Json{{"proof", "address"}, {"reports", Json::array({report})}}.dump());
}

void Desk::setContacts(const Json& contacts)
{
    setSaid("contacts", {{"contacts", contacts}});
}

void Desk::setSaid(const std::string& question, const Json& answer)
{
    hub_.setAnswer("identity", question, {HUB_OK, "", answer.dump(), 0});
}

hub::Answer Desk::tell(const std::string& type, const std::string& id, const Json& payload)
{
    return hub_.publish(type, id, payload.dump());
}

Json Desk::payloadOf(const hub::testing::MadeCall& call) const
{
    return Json::parse(call.payload);
}

Json Desk::lastSent() const
{
    return payloadOf(hub_.lastCall("send"));
}

Json Desk::messages(const Json& query)
{
    const hub::Answer answer =
        hub_.get("message.list", Json{{"path", Json::object()}, {"query", query}}.dump());
    assertStatus(HUB_OK, answer);
    return parse(answer).at("body").at("items");
}

Json Desk::show(const std::string& message_id)
{
    const hub::Answer answer =
        hub_.get("message.get", request({{"message_id", message_id}}, Json::object()));
    assertStatus(HUB_OK, answer);
    return parse(answer).at("body");
}

std::string Desk::fault() const
{
    for (const auto& call : hub_.calls()) {
        const std::string problem = breachOf(Json::parse(call.payload));
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

} // namespace messaging::test
