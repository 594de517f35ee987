#include "desk.hpp"

#include "identity.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <stdexcept>

namespace identity::test {

namespace {

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Identity>(major, "identity", "0.1.0");
}

std::string migrations()
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return std::string(folder) + "/plugins/identity/migrations";
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
    fake.start(&entry, "identity", migrations(), R"({"config":{"lock_minutes":15}})");
    fake.rehearse(true);
    prove(kPhone);
}

Heard Desk::carryOut(std::uint32_t kind,
                     const std::string& operation,
                     Json payload,
                     const std::string& session)
{
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

Heard Desk::get(const std::string& operation, const std::string& session)
{
    return carryOut(HUB_KIND_READ, operation, {{"path", Json::object()}}, session);
}

void Desk::prove(const std::string& recipient)
{
    const Json said = {{"valid", true}, {"channel", "sms"}, {"recipient", recipient}};
    fake.setAnswer("messaging", "proof", {HUB_OK, "", said.dump(), 0});
}

void Desk::disprove()
{
    fake.setAnswer("messaging", "proof", {HUB_OK, "", R"({"valid":false})", 0});
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
            {"language", "zh"}};
}

std::string Desk::registered()
{
    const Heard heard = post("organization.register", organization());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 201, heard.status);
    return heard.body.at("session_id");
}

} // namespace identity::test
