#include "desk.hpp"

#include "orders.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace orders::test {

namespace {

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Orders>(major, "orders", "0.1.0");
}

std::string sourceFolder()
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return folder;
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

/// Of one event; "" when it is as described.
std::string breachOf(const Json& description, const hub::testing::PluginEvent& event)
{
    const Json payload = Json::parse(event.payload);
    const Json& schema = description.at("payload");
    for (const Json& name : schema.at("required")) {
        if (!payload.contains(name.get<std::string>())) {
            return event.type + " lacks " + name.dump();
        }
    }
    for (const auto& [name, value] : payload.items()) {
        if (!schema.at("properties").contains(name)) {
            return event.type + " has the foreign member " + name;
        }
        const Json& property = schema.at("properties").at(name);
        const bool is_listed = !property.contains("enum") ||
                               std::find(property["enum"].begin(), property["enum"].end(), value) !=
                                   property["enum"].end();
        if (!is_listed) {
            return event.type + ": " + name + " is " + value.dump();
        }
    }
    return payload.value(description.at("key").get<std::string>(), "") == event.key
               ? ""
               : event.type + " has another key";
}

} // namespace

Json readJson(const std::string& path)
{
    std::ifstream stream(sourceFolder() + "/" + path);
    return Json::parse(stream);
}

void assertStatus(int status, const Heard& heard)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), status, heard.status);
}

void assertRefused(int status, const std::string& code, const Heard& heard)
{
    assertStatus(status, heard);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(heard.body.dump(), code, heard.body.value("code", ""));
    const auto assertWords = [&](const Json& words) {
        for (const char* language : {"en", "zh"}) {
            CPPUNIT_ASSERT_MESSAGE(heard.body.dump(), !words.value(language, "").empty());
        }
    };
    assertWords(heard.body.at("detail"));
    for (const Json& violation : heard.body.value("violations", Json::array())) {
        assertWords(violation.at("message"));
    }
    CPPUNIT_ASSERT(status != 422 || heard.body.contains("violations"));
}

Json shippedPack()
{
    Json pack = readJson("plugins/registration/editions/ciie-7.json");
    const char* rules = std::getenv("HUB_RULES_OFF"); // NOLINT(concurrency-mt-unsafe)
    std::istringstream words(rules == nullptr ? "" : rules);
    for (std::string rule; words >> rule;) {
        pack["rules_off"].push_back(rule);
    }
    return pack;
}

Desk::Desk(const Json& settings)
    : pack(shippedPack())
{
    fake.clock().set(kNowMs);
    fake.start(&entry,
               "orders",
               sourceFolder() + "/plugins/orders/migrations",
               Json{{"config", settings}}.dump());
    fake.rehearse(true);
}

void Desk::addPerson(const std::string& person_id, const Json& changes)
{
    Json person = {{"person_id", person_id},
                   {"edition", kEdition},
                   {"organization_id", kOrganization},
                   {"state", "to_be_paid"},
                   {"order_id", ""},
                   {"category", "visitor"},
                   {"admission_period", "all_days"},
                   {"delivery_method", "courier"},
                   {"reuse", false},
                   {"upgraded", false},
                   {"name", "样本甲"},
                   {"document_masked", "110***********0020"}};
    person.merge_patch(changes);
    persons_[person_id] = person;
}

std::vector<std::string> Desk::addPersons(int count)
{
    std::vector<std::string> ids;
    for (int i = 1; i <= count; ++i) {
        ids.push_back("person-" + std::to_string(i));
        addPerson(ids.back());
    }
    return ids;
}

void Desk::setState(const std::string& person_id, const std::string& state)
{
    persons_.at(person_id)["state"] = state;
}

void Desk::answerFor(const std::string& organization)
{
    if (!registration_answers) {
        fake.setAnswer("registration", "edition", {HUB_UNAVAILABLE, "busy", "", 0});
        fake.setAnswer("registration", "payables", {HUB_UNAVAILABLE, "busy", "", 0});
        return;
    }
    Json persons = Json::array();
    for (const auto& [person_id, person] : persons_) {
        if (person.at("organization_id") == organization) {
            persons.push_back(person);
        }
    }
    fake.setAnswer("registration", "payables", {HUB_OK, "", Json{{"persons", persons}}.dump(), 0});
    const Json edition = {{"revision", pack.is_null() ? 0 : revision}, {"pack", pack}};
    fake.setAnswer("registration", "edition", {HUB_OK, "", edition.dump(), 0});
}

Heard Desk::send(std::uint32_t kind,
                 const std::string& operation,
                 const Json& parts,
                 const std::vector<std::string>& scopes)
{
    hub::testing::PluginEvent event;
    event.kind = kind;
    event.source = HUB_SOURCE_REQUEST;
    event.operation = operation;
    event.edition = kEdition;
    Json payload = {{"path", Json::object()}, {"query", Json::object()}, {"body", Json::object()}};
    payload.merge_patch(parts);
    if (!scopes.empty()) {
        event.principal = "person:login-1";
        payload["session"] = {{"id", "session-1"}, {"scopes", scopes}};
    }
    event.payload = payload.dump();
    return heardOf(fake.deliver(event));
}

Heard Desk::create(const Json& person_ids, const std::string& organization)
{
    answerFor(organization);
    return send(HUB_KIND_UNIT,
                "order.create",
                {{"body", {{"person_ids", person_ids}}}},
                {"orders:write", "organization:" + organization});
}

Heard Desk::quote(const Json& person_ids, const std::string& organization)
{
    answerFor(organization);
    return send(HUB_KIND_UNIT,
                "order.quote",
                {{"body", {{"person_ids", person_ids}}}},
                {"orders:write", "organization:" + organization});
}

Heard Desk::cancel(const std::string& number, const std::string& organization)
{
    return send(HUB_KIND_UNIT,
                "order.cancel",
                {{"path", {{"number", number}}}},
                {"orders:write", "organization:" + organization});
}

Heard Desk::show(const std::string& number, const std::string& organization)
{
    answerFor(organization);
    return send(HUB_KIND_READ,
                "order.get",
                {{"path", {{"number", number}}}},
                {"orders:read", "organization:" + organization});
}

Heard Desk::list(const Json& query, const std::string& organization)
{
    return send(HUB_KIND_READ,
                "order.list",
                {{"query", query}},
                {"orders:read", "organization:" + organization});
}

Heard Desk::finance(const std::string& operation, const Json& path, const Json& query)
{
    return send(HUB_KIND_READ, operation, {{"path", path}, {"query", query}}, {"finance:read"});
}

Heard Desk::grantException(const std::string& organization, const Json& body)
{
    return send(HUB_KIND_UNIT,
                "order.grant_exception",
                {{"path", {{"organization_id", organization}}}, {"body", body}},
                {"editions:write"});
}

std::string Desk::ordered(const std::vector<std::string>& person_ids)
{
    const Heard heard = create(person_ids);
    if (heard.status != 201) {
        throw std::runtime_error("the order was refused: " + heard.body.dump());
    }
    return heard.body.at("number");
}

std::string Desk::stateOf(const std::string& number)
{
    return finance("finance.order_get", {{"number", number}}, Json::object())
        .body.value("state", "");
}

void Desk::tell(const std::string& type,
                const std::string& payment_id,
                const std::string& order_ref,
                const Json& changes)
{
    Json payload = {{"payment_id", payment_id}, {"order_ref", order_ref}};
    if (type == "payment.created" || type == "payment.paid") {
        payload["amount_minor"] = kFee;
        payload["currency"] = "CNY";
    }
    if (type == "payment.paid") {
        payload["account"] = "payment_example";
        payload["attempt_number"] = "1400000120261008104000000001";
    }
    if (type == "payment.failed" || type == "payment.expired") {
        payload["attempt_number"] = "1400000120261008104000000001";
        payload["payment_open"] = false;
    }
    payload.merge_patch(changes);
    deliver(type, payment_id, payload);
}

void Desk::decline(const std::string& order_ref, const std::string& code, std::int64_t age_ms)
{
    const std::int64_t now_ms = fake.clock().nowMs();
    fake.clock().set(now_ms - age_ms); // an event has the time of its publication
    deliver("payment.declined", order_ref, {{"order_ref", order_ref}, {"code", code}});
    fake.clock().set(now_ms);
}

void Desk::deliver(const std::string& type, const std::string& key, const Json& payload)
{
    hub::testing::PluginEvent event;
    event.type = type;
    event.key = key;
    event.id = "event-" + std::to_string(++events_);
    event.edition = kEdition;
    event.payload = payload.dump();
    const hub::Answer answer = fake.deliver(event);
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
}

void Desk::cancelPerson(const std::string& person_id)
{
    if (persons_.count(person_id) != 0) {
        setState(person_id, "canceled");
    }
    const hub::Answer answer = fake.publish("person.canceled",
                                            "event-" + std::to_string(++events_),
                                            Json{{"person_id", person_id}}.dump());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
}

void Desk::paymentsSay(const Json& status)
{
    fake.setAnswer("payment", "status", {HUB_OK, "", status.dump(), 0});
}

void Desk::paymentsFail(hub_status status)
{
    fake.setAnswer("payment", "status", {status, "no answer", "", 0});
}

Json Desk::command(const std::string& operation, const Json& arguments)
{
    const hub::Answer answer = fake.command(operation, arguments.dump());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    return Json::parse(answer.payload);
}

Json Desk::ask(const std::string& operation, const Json& question)
{
    const hub::Answer answer = fake.ask(operation, "", question.dump());
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
    return Json::parse(answer.payload);
}

Json Desk::lastPublished(const std::string& type) const
{
    for (auto it = fake.publications().rbegin(); it != fake.publications().rend(); ++it) {
        if (it->type == type) {
            return Json::parse(it->payload);
        }
    }
    return {};
}

std::string Desk::fault() const
{
    static const Json described = readJson("plugins/orders/events.json").at("events");
    for (const auto& publication : fake.publications()) {
        const auto found = std::find_if(described.begin(), described.end(), [&](const Json& each) {
            return each.at("type") == publication.type;
        });
        if (found == described.end()) {
            return publication.type + " is not described";
        }
        hub::testing::PluginEvent event;
        event.type = publication.type;
        event.key = publication.key;
        event.payload = publication.payload;
        const std::string breach = breachOf(*found, event);
        if (!breach.empty()) {
            return breach;
        }
    }
    return "";
}

void Desk::passTime(std::int64_t span_ms)
{
    fake.passTime(span_ms);
}

} // namespace orders::test
