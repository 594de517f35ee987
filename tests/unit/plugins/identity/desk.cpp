#include "desk.hpp"

#include "domain/digest.hpp"
#include "domain/totp.hpp"
#include "identity.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace identity::test {

namespace {

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Identity>(major, "identity", "0.1.0");
}

std::string plugins()
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return std::string(folder) + "/plugins";
}

/// As shipped, without the rules that HUB_RULES_OFF names.
Json shippedPack()
{
    std::ifstream file(plugins() + "/registration/editions/ciie-7.json");
    Json pack = Json::parse(file);
    const char* rules = std::getenv("HUB_RULES_OFF"); // NOLINT(concurrency-mt-unsafe)
    std::istringstream words(rules == nullptr ? "" : rules);
    for (std::string rule; words >> rule;) {
        pack["rules_off"].push_back(rule);
    }
    return pack;
}

Heard heardOf(const hub::Answer& answer)
{
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (!said.is_object()) {
        throw std::runtime_error("no answer to a request: " + answer.message);
    }
    return {said.at("status"),
            said.contains("problem") ? said["problem"] : said.value("body", Json())};
}

} // namespace

Desk::Desk()
{
    fake.start(&entry,
               "identity",
               plugins() + "/identity/migrations",
               R"({"config":{"lock_minutes":15}})");
    fake.rehearse(true);
    keepRules(shippedPack());
    prove(kPhone);
}

Heard Desk::carryOut(std::uint32_t kind,
                     const std::string& operation,
                     Json payload,
                     const std::string& session)
{
    payload["client_ip"] = client_ip;
    hub::Answer answer = fake.visit(kind, operation, payload.dump(), session);
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status == HUB_OK && said.is_object() && said.contains("task")) {
        ++tasks;
        const hub::Answer worked_out = fake.task(operation, said["task"].dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(worked_out.message, hub_status{HUB_OK}, worked_out.status);
        payload["task"] = Json::parse(worked_out.payload);
        answer = fake.visit(kind, operation, payload.dump(), session);
    }
    return heardOf(answer);
}

Heard Desk::post(const std::string& operation, Json body, const std::string& session)
{
    return carryOut(
        HUB_KIND_UNIT, operation, {{"path", Json::object()}, {"body", std::move(body)}}, session);
}

Heard Desk::erase(const std::string& operation, const Json& path, const std::string& session)
{
    return carryOut(HUB_KIND_UNIT, operation, {{"path", path}}, session);
}

Heard Desk::put(const std::string& operation,
                const Json& path,
                Json body,
                const std::string& session)
{
    return carryOut(HUB_KIND_UNIT, operation, {{"path", path}, {"body", std::move(body)}}, session);
}

Heard Desk::get(const std::string& operation, const std::string& session, const Json& query)
{
    return carryOut(
        HUB_KIND_READ, operation, {{"path", Json::object()}, {"query", query}}, session);
}

Heard Desk::postByKey(const std::string& operation, Json body)
{
    return heardOf(fake.request(operation, Json{{"body", std::move(body)}}.dump()));
}

Json Desk::asked(const std::string& operation, const Json& question)
{
    const hub::Answer answer = fake.ask(operation, "", question.dump());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    return Json::parse(answer.payload);
}

void Desk::keepRules(const Json& pack)
{
    const Json said = {{"revision", 1}, {"pack", pack}};
    fake.setAnswer("registration", "edition", {HUB_OK, "", said.dump(), 0});
}

void Desk::switchOff(const std::string& rule)
{
    Json pack = shippedPack();
    pack["rules_off"].push_back(rule);
    keepRules(pack);
}

void Desk::prove(const std::string& recipient)
{
    const Json said = {{"valid", true}, {"channel", "sms"}, {"recipient", recipient}};
    fake.setAnswer("messaging", "proof", {HUB_OK, "", said.dump(), 0});
}

void Desk::proveMail(const std::string& recipient)
{
    const Json said = {{"valid", true}, {"channel", "mail"}, {"recipient", recipient}};
    fake.setAnswer("messaging", "proof", {HUB_OK, "", said.dump(), 0});
}

void Desk::disprove()
{
    fake.setAnswer("messaging", "proof", {HUB_OK, "", R"({"valid":false})", 0});
}

Json Desk::captcha(const std::string& answer)
{
    const Heard heard = post("captcha.create", Json::object());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
    const std::string id = heard.body.at("captcha_id");
    const std::string digest =
        toHex(hub::testing::PersonFake::blindIndex("captcha", id + ":ACEFH"));
    fake.store().asHub("UPDATE identity_captcha SET answer_digest = '" + digest +
                       "' WHERE captcha_id = '" + id + "'");
    return {{"id", id}, {"answer", answer}};
}

Json Desk::verification(const std::string& id)
{
    return {{"id", id}, {"proof", "sample-proof"}};
}

Json Desk::organization(const std::string& code, const std::string& verification_id)
{
    return {{"region", "mainland"},
            {"class", "enterprise"},
            {"social_credit_code", code},
            {"verification", verification(verification_id)},
            {"password", kPassword},
            {"language", "zh"},
            {"privacy_version", "1"}};
}

Json Desk::overseas(const std::string& verification_id)
{
    Json body = organization("", verification_id);
    body.erase("social_credit_code");
    body.update({{"region", "overseas"}, {"class", "government_department"}});
    return body;
}

std::string Desk::registered()
{
    const Heard heard = post("organization.register", organization());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
    return heard.body.at("session_id");
}

std::string Desk::logInSession(const std::string& account, const std::string& password)
{
    const Heard heard = post("login.password", {{"account", account}, {"password", password}});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    return heard.body.at("session_id");
}

std::string Desk::invited(const std::string& mail, const Json& roles)
{
    const Heard heard =
        postByKey("staff.invite", {{"mail", mail}, {"roles", roles}, {"language", "zh"}});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
    const std::string link = heard.body.at("link");
    return link.substr(link.find('#') + 1);
}

std::string Desk::joined(const std::string& mail, const Json& roles)
{
    const Heard heard =
        post("staff.accept_invitation",
             {{"token", invited(mail, roles)}, {"name", "样本甲"}, {"password", kPassword}});
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
    return heard.body.at("session_id");
}

Staff Desk::staff(const std::string& mail, const Json& roles)
{
    Staff one;
    one.mail = mail;
    const std::string enrolling = joined(mail, roles);
    one.secret = post("totp.begin", Json::object(), enrolling).body.at("secret");
    const Heard heard = post("totp.confirm", {{"code", totp(one)}}, enrolling);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
    one.staff_id = heard.body.at("login_id");
    one.session = heard.body.at("session_id");
    one.recovery_codes = heard.body.at("recovery_codes");
    return one;
}

std::string Desk::totp(const Staff& staff)
{
    std::string bytes;
    unsigned held = 0;
    unsigned bits = 0;
    for (const char c : staff.secret) {
        held = (held << 5U) | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>((held >> bits) & 0xFFU);
        }
    }
    return totpCode(bytes, fake.clock().nowMs() / 30'000);
}

std::string Desk::journal() const
{
    std::string all;
    for (const auto& publication : fake.publications()) {
        all += publication.type + publication.key + publication.payload + "\n";
    }
    return all;
}

} // namespace identity::test
