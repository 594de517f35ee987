#include "desk.hpp"

#include "registration.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace registration::test {

namespace {

constexpr std::int64_t kMayMs = 1'777'593'600'000; // 2026-05-01T00:00:00Z

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Registration>(major, "registration", "0.1.0");
}

std::string folder()
{
    const char* source = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (source == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return std::string(source) + "/plugins/registration";
}

Json rulesOff()
{
    const char* rules = std::getenv("HUB_RULES_OFF"); // NOLINT(concurrency-mt-unsafe)
    std::istringstream words(rules == nullptr ? "" : rules);
    Json off = Json::array();
    for (std::string rule; words >> rule;) {
        off.push_back(rule);
    }
    return off;
}

Json shippedPack(const std::string& edition)
{
    std::ifstream file(folder() + "/editions/" + edition + ".json");
    Json pack = Json::parse(file);
    pack["rules_off"] = rulesOff();
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

Json delegation(const std::string& id, const std::string& parent, const std::string& area)
{
    return {{"delegation_id", id},
            {"parent_id", parent},
            {"name", {{"en", "Sample " + id}, {"zh", "样本" + id}}},
            {"area", area}};
}

void assertOk(const Heard& heard)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), 200, heard.status);
}

} // namespace

Visitor contactOf(const std::string& organization_id)
{
    return {"contact", {"registration:write", "persons:write", "organization:" + organization_id}};
}

Visitor clerkOf(const std::string& delegation_id)
{
    return {"clerk", {"organizations:review", "delegation:" + delegation_id}};
}

Visitor subClerkOf(const std::string& sub_delegation_id)
{
    return {"sub-clerk", {"organizations:review", "sub_delegation:" + sub_delegation_id}};
}

Desk::Desk(const std::string& edition)
    : edition_(edition)
    , pack_(shippedPack(edition))
{
    fake.start(&entry, "registration", folder() + "/migrations", R"({"config":{}})");
    fake.rehearse(true);
    fake.clock().set(kMayMs);
    assertOk(
        write("edition.put", kOrganizer, {{"path", {{"edition", edition_}}}, {"body", pack_}}));
    const Json tree = {delegation("shanghai", "", "31"),
                       delegation("guangdong", "", "44"),
                       delegation("shanghai-trade", "shanghai", ""),
                       delegation("shanghai-health", "shanghai", "")};
    assertOk(write("delegations.put",
                   kOrganizer,
                   {{"path", {{"edition", edition_}}}, {"body", {{"delegations", tree}}}}));
}

Heard Desk::carryOut(std::uint32_t kind,
                     const std::string& operation,
                     const Visitor& who,
                     Json parts)
{
    hub::testing::PluginEvent event;
    event.kind = kind;
    event.source = HUB_SOURCE_REQUEST;
    event.operation = operation;
    event.edition = edition_;
    event.principal = "person:" + who.login;
    parts["session"] = {{"id", "session-" + who.login}, {"scopes", who.scopes}};
    event.payload = parts.dump();
    hub::Answer answer = fake.deliver(event);
    const Json said = Json::parse(answer.payload, nullptr, false);
    if (answer.status == HUB_OK && said.is_object() && said.contains("task")) {
        const hub::Answer worked_out = fake.task(operation, said["task"].dump());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(worked_out.message, hub_status{HUB_OK}, worked_out.status);
        parts["task"] = Json::parse(worked_out.payload);
        event.payload = parts.dump();
        answer = fake.deliver(event);
    }
    return heardOf(answer);
}

Heard Desk::write(const std::string& operation, const Visitor& who, Json parts)
{
    return carryOut(HUB_KIND_UNIT, operation, who, std::move(parts));
}

Heard Desk::read(const std::string& operation, const Visitor& who, Json parts)
{
    return carryOut(HUB_KIND_READ, operation, who, std::move(parts));
}

void Desk::registered(const std::string& organization_id,
                      const std::string& organization_class,
                      const std::string& region,
                      const std::string& past_organization_id)
{
    hub::testing::PluginEvent event;
    event.type = "organization.registered";
    event.key = organization_id;
    event.edition = edition_;
    event.id = "registered-" + organization_id;
    Json payload = {
        {"organization_id", organization_id}, {"region", region}, {"class", organization_class}};
    if (!past_organization_id.empty()) {
        payload["past_organization_id"] = past_organization_id;
    }
    event.payload = payload.dump();
    const hub::Answer answer = fake.deliver(event);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
}

void Desk::changeRules(const Json& patch)
{
    pack_ = pack_.patch(patch);
    assertOk(
        write("edition.put", kOrganizer, {{"path", {{"edition", edition_}}}, {"body", pack_}}));
}

std::vector<std::string> Desk::published()
{
    std::vector<std::string> types;
    const auto& all = fake.publications();
    for (; published_ < all.size(); ++published_) {
        types.push_back(all[published_].type);
    }
    return types;
}

} // namespace registration::test
