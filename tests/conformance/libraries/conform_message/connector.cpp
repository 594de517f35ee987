// A connector of short messages for the suite's own tests: sound, and with one defect when its
// configuration names one. Its provider is the script in conformance.json.

#include <hub/connector.hpp>

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using hub::Answer;
using Json = nlohmann::json;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Standard base64; what is none ends the text.
std::string fromBase64(std::string_view text)
{
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto digit = kDigits.find(c);
        if (digit == std::string_view::npos) {
            break;
        }
        group = group << 6U | static_cast<unsigned>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(group >> bits & 0xFFU);
        }
    }
    return bytes;
}

Answer unknown(const char* message)
{
    return {HUB_OUTCOME_UNKNOWN, message, {}, 0};
}

Answer ok(const Json& payload)
{
    return {HUB_OK, {}, payload.dump(), 0};
}

class ConformMessage : public hub::Connector {
public:
    ConformMessage(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , defect_(textOf(Json::parse(create_json).at("config"), "defect"))
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    bool is(std::string_view defect) const noexcept { return defect_ == defect; }

    Answer answer(const hub::Event& event)
    {
        const std::string operation{event.operation()};
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (operation != "send" && operation != "query" && operation != "callback") {
            return {HUB_UNSUPPORTED, "no such operation", {}, 0};
        }
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no object", {}, 0};
        }
        return operation == "callback" ? callback(request) : perform(event, request);
    }

    Answer perform(const hub::Event& event, const Json& request)
    {
        if (is("logs_phone")) {
            host().log(hub::LogLevel::Info, "a message to " + textOf(request, "phone"));
        }
        std::string number = textOf(request, "number");
        if (event.attempt() > 1 && is("new_number_on_retry")) {
            number += "R";
        }
        hub::HttpRequest http;
        http.url = "https://sms.example.com/" + std::string{event.operation()};
        http.body = Json{{"number", number}, {"phone", textOf(request, "phone")}}.dump();
        auto response = host().exchange(event.callId(), http);
        if (!response.ok() && response.error().code == HUB_OUTCOME_UNKNOWN && is("sends_again")) {
            response = host().exchange(event.callId(), http);
        }
        if (!response.ok()) {
            return {response.error().code, response.error().message, {}, 0};
        }
        const Json said = response.value().status == 200
                              ? Json::parse(response.value().body, nullptr, false)
                              : Json{};
        return event.operation() == "send" ? readSend(said) : readQuery(said);
    }

    Answer readSend(const Json& said) const
    {
        const std::string result = textOf(said, "result");
        if (said.is_object() && said.contains("conformance_unknown") &&
            is("refuses_answer_members")) {
            return unknown("unknown member");
        }
        if (result == "ok") {
            return ok({{"state", is("takes_success_for_failure") ? "failed" : "accepted"}});
        }
        if (result == "refused" || (result == "busy" && is("unsure_is_refused"))) {
            const Json refusal{{"reason", "phone_invalid"}, {"retriable", false}};
            return {HUB_REJECTED,
                    "refused",
                    is("refuses_without_a_reason") ? "" : Json{{"refusal", refusal}}.dump(),
                    0};
        }
        return unknown("not readable");
    }

    Answer readQuery(const Json& said) const
    {
        if (textOf(said, "result") != "ok") {
            return is("unreadable_is_not_found") ? ok({{"state", "not_found"}})
                                                 : unknown("not readable");
        }
        return ok({{"state",
                    is("finds_nothing")      ? "not_found"
                    : is("finds_everything") ? "accepted"
                                             : textOf(said, "state")}});
    }

    Answer callback(const Json& request)
    {
        const Json nack{{"status", 400}, {"media_type", "text/plain"}, {"body", "fail"}};
        const Json ack{{"status", 200}, {"media_type", "text/plain"}, {"body", "ok"}};
        const std::string body = fromBase64(textOf(request, "body_base64"));
        const Json said = Json::parse(body, nullptr, false);
        Json reports = Json::array();
        if (!textOf(said, "number").empty()) {
            reports.push_back({{"number", textOf(said, "number")},
                               {"phone", textOf(said, "phone")},
                               {"state", is("reads_failure") ? "failed" : textOf(said, "state")}});
        }
        const bool is_refused = (reports.empty() && !is("takes_any_report")) ||
                                (!isNew(body) && is("refuses_repeated_reports"));
        if (is_refused) {
            return {HUB_REJECTED, "no report", Json{{"nack", nack}}.dump(), 0};
        }
        return ok({{"ack", ack},
                   {"nack", nack},
                   {"reading", {{"proof", "address"}, {"reports", reports}}}});
    }

    bool isNew(const std::string& body)
    {
        const std::lock_guard lock(mutex_);
        return seen_.insert(body).second;
    }

    const std::string defect_;
    std::mutex mutex_;
    std::set<std::string> seen_;
};

} // namespace

HUB_CONNECTOR(ConformMessage, "conform_message", "1.0.0")
