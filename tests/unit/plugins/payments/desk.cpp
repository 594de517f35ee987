#include "desk.hpp"

#include "payments.hpp"
#include "support/suite.hpp"

#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>

namespace payments::test {

namespace {

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Payments>(major, "payments", "0.1.0");
}

std::string sourceFolder()
{
    const char* folder = std::getenv("HUB_SOURCE_DIR"); // NOLINT(concurrency-mt-unsafe)
    if (folder == nullptr) {
        throw std::runtime_error("HUB_SOURCE_DIR is not set; run this test with ctest");
    }
    return folder;
}

const Json& contract()
{
    static const Json document = [] {
        std::ifstream stream(sourceFolder() + "/sdk/contracts/payment.json");
        return Json::parse(stream);
    }();
    return document;
}

std::string breach(const std::string& name, const Json& schema, const Json& value)
{
    const std::string type = schema.value("type", "");
    if ((type == "integer" && !value.is_number_integer()) ||
        (type == "string" && !value.is_string())) {
        return name + " has another type";
    }
    if (schema.contains("minimum") && value < schema.at("minimum")) {
        return name + " is below its minimum";
    }
    if (schema.contains("pattern") &&
        !std::regex_match(value.get<std::string>(), std::regex(schema.value("pattern", "")))) {
        return name + " breaks its pattern";
    }
    if (schema.contains("maxLength") &&
        value.get<std::string>().size() > schema.at("maxLength").get<std::size_t>()) {
        return name + " is too long";
    }
    return "";
}

std::string breachOf(const hub::testing::MadeCall& call)
{
    const Json& schema = contract().at("operations").at(call.operation).at("request");
    const Json payload = Json::parse(call.payload);
    for (const auto& name : schema.value("required", Json::array())) {
        if (!payload.contains(name.get<std::string>())) {
            return call.operation + " lacks " + name.get<std::string>();
        }
    }
    for (const auto& [name, value] : payload.items()) {
        if (!schema.at("properties").contains(name)) {
            return call.operation + " has the foreign member " + name;
        }
        const std::string problem = breach(name, schema.at("properties").at(name), value);
        if (!problem.empty()) {
            return call.operation + ": " + problem;
        }
    }
    return "";
}

/// As hub.accounts/1 lists one that is well.
Json accountEntry(const std::string& account)
{
    return {{"account", account},
            {"connector", "payment_example"},
            {"state", "enabled"},
            {"products", {"qr"}},
            {"operations", {"create"}},
            {"traits", Json::object()},
            {"breaker", "closed"}};
}

std::string pathOf(const std::string& payment_id, const Json& body)
{
    return Json{{"path", {{"payment_id", payment_id}}}, {"query", Json::object()}, {"body", body}}
        .dump();
}

} // namespace

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
    Json config = {{"site", "14000"},
                   {"store_epoch", 1},
                   {"configuration_version", 3},
                   {"methods", {{"scan", {{"product", "qr"}, {"accounts", {kMain, kOther}}}}}}};
    config.merge_patch(settings);
    hub_.accounts = Json::array({accountEntry(kMain), accountEntry(kOther)}).dump();
    hub_.start(&entry,
               "payments",
               sourceFolder() + "/plugins/payments/migrations",
               Json{{"config", config}}.dump());
}

hub::Answer Desk::post(const Json& body)
{
    return hub_.request(
        "payment.create",
        Json{{"path", Json::object()}, {"query", Json::object()}, {"body", body}}.dump());
}

Made Desk::create(const std::string& order_ref, std::int64_t amount_minor)
{
    const hub::Answer answer = post({{"order_ref", order_ref},
                                     {"method", "scan"},
                                     {"amount_minor", amount_minor},
                                     {"currency", "CNY"},
                                     {"subject", "Badge fee 2026"}});
    const Json document = parse(answer);
    if (answer.status != HUB_OK) {
        throw std::runtime_error("the payment was refused: " + answer.payload);
    }
    return {document["body"]["payment_id"].get<std::string>(),
            document["body"]["attempt"]["number"].get<std::string>(),
            std::stoull(document["wait"]["call"].get<std::string>())};
}

Made Desk::createWaiting(const std::string& order_ref, std::int64_t amount_minor)
{
    const Made made = create(order_ref, amount_minor);
    showCode(made.create);
    return made;
}

Made Desk::createPaid(const std::string& order_ref, std::int64_t amount_minor)
{
    const Made made = createWaiting(order_ref, amount_minor);
    notice(made.number, "paid");
    return made;
}

hub::Answer Desk::showCode(hub_call_id create)
{
    return succeed(create,
                   {{"product", "qr"},
                    {"qr_code", "https://qr.example.com/bax0001"},
                    {"merchant", "2088000000000001"}});
}

hub::Answer Desk::succeed(hub_call_id call, const Json& result)
{
    return hub_.outcome(call, HUB_OUTCOME_SUCCEEDED, result.dump());
}

hub::Answer Desk::reject(hub_call_id call, const std::string& message)
{
    return hub_.outcome(call, HUB_OUTCOME_REJECTED, "{}", message);
}

hub::Answer Desk::notSent(hub_call_id call)
{
    return hub_.outcome(call, HUB_OUTCOME_NOT_SENT, "{}", "no connection");
}

hub::Answer Desk::unknown(hub_call_id call)
{
    return hub_.outcome(call, HUB_OUTCOME_UNRESOLVED, "", "no complete answer came");
}

hub::Answer Desk::resolve(hub_call_id call, const Json& statement)
{
    return hub_.outcome(
        call, HUB_OUTCOME_SUCCEEDED, statement.dump(), "found out by query", HUB_FLAG_RESOLVED);
}

hub::Answer Desk::notice(const std::string& number,
                         const std::string& state,
                         const Json& changes,
                         const std::string& account)
{
    Json reading = {{"subject", "payment"},
                    {"number", number},
                    {"state", state},
                    {"amount_minor", kAmount},
                    {"currency", "CNY"},
                    {"merchant", "2088000000000001"},
                    {"provider_number", "2026112122001400000000000001"},
                    {"notice_id", "n1"}};
    reading.merge_patch(changes);
    return hub_.callback(account, reading.dump());
}

hub::Answer Desk::refundNotice(const Json& refund, const std::string& state)
{
    const Json reading = {{"subject", "refund"},
                          {"number", refund.at("attempt_number")},
                          {"refund_number", refund.at("refund_id")},
                          {"state", state},
                          {"amount_minor", refund.at("amount_minor")},
                          {"currency", "CNY"}};
    return hub_.callback(kMain, reading.dump());
}

hub::Answer Desk::newAttempt(const std::string& payment_id, const std::string& account)
{
    const Json body = account.empty() ? Json::object() : Json{{"account", account}};
    return hub_.request("attempt.create", pathOf(payment_id, body));
}

hub::Answer Desk::cancel(const std::string& payment_id)
{
    return hub_.request("payment.cancel", pathOf(payment_id, Json::object()));
}

hub::Answer
Desk::refund(const std::string& payment_id, std::int64_t amount_minor, const std::string& currency)
{
    return hub_.request(
        "refund.create",
        pathOf(payment_id,
               {{"amount_minor", amount_minor}, {"currency", currency}, {"reason", "withdrawn"}}));
}

Json Desk::payment(const std::string& payment_id)
{
    return parse(hub_.get("payment.get", pathOf(payment_id, Json::object()))).at("body");
}

std::string Desk::stateOf(const std::string& payment_id)
{
    return payment(payment_id).at("state").get<std::string>();
}

std::string Desk::attemptState(const std::string& number)
{
    const Json shown = parse(hub_.command("payment.show", Json::array({number}).dump()));
    for (const Json& row : shown.at("sections").at(1).at("rows")) {
        if (row.at(0) == number) {
            return row.at(1).get<std::string>();
        }
    }
    throw std::runtime_error("no attempt " + number);
}

std::string Desk::refundState(const std::string& number)
{
    const Json shown = parse(hub_.command("payment.show", Json::array({number}).dump()));
    for (const Json& row : shown.at("sections").at(2).at("rows")) {
        if (row.at(0) == number) {
            return row.at(1).get<std::string>();
        }
    }
    throw std::runtime_error("no refund " + number);
}

std::vector<Json> Desk::steps(const std::string& payment_id)
{
    const Json body =
        parse(hub_.get("payment.timeline", pathOf(payment_id, Json::object()))).at("body");
    return body.at("steps").get<std::vector<Json>>();
}

Json Desk::payloadOf(const hub::testing::MadeCall& call) const
{
    return Json::parse(call.payload);
}

std::string Desk::lastRefundNumber()
{
    return hub_.lastCall("refund").idempotency_key;
}

std::string Desk::fault()
{
    const Json check = parse(hub_.command("ledger.check"));
    if (check.at("exit") != 0) {
        return "the ledger is not balanced: " + check.at("data").dump();
    }
    for (; calls_checked_ < hub_.calls().size(); ++calls_checked_) {
        const std::string problem = breachOf(hub_.calls().at(calls_checked_));
        if (!problem.empty()) {
            return problem;
        }
    }
    return "";
}

} // namespace payments::test
