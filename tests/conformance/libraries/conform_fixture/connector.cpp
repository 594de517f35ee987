// A small sound connector of the payment contract that breaks one rule when its configuration names
// a defect. One library instead of one for each: what is judged is the same, and the table of
// defects stands in one place, defects_test.cpp.

#include <hub/connector.hpp>
#include <hub/ext/secrets.h>
#include <hub/money.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;
using hub::Answer;

constexpr std::int64_t kWindowMs = 300'000;

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.is_object() ? object.find(name) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string toHex(std::string_view bytes)
{
    std::string text;
    for (const char c : bytes) {
        constexpr std::string_view kDigits = "0123456789abcdef";
        text += kDigits[static_cast<unsigned char>(c) >> 4U];
        text += kDigits[static_cast<unsigned char>(c) & 15U];
    }
    return text;
}

std::string fromBase64(std::string_view text)
{
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    std::uint32_t group = 0;
    unsigned bits = 0;
    for (const char c : text) {
        const auto digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) {
            break;
        }
        group = group << 6U | static_cast<std::uint32_t>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(group >> bits & 0xFFU);
        }
    }
    return bytes;
}

/// Longer than any rule waits beside an exchange, and ended by nobody.
void hang(std::chrono::milliseconds time)
{
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, time, [] { return false; });
}

std::int64_t amountOf(const Json& object)
{
    const auto amount = hub::parseDecimal(textOf(object, "amount"));
    return amount.ok() ? amount.value().amountMinor() : -1;
}

Answer unknown(const std::string& message)
{
    return {HUB_OUTCOME_UNKNOWN, message, {}, 0};
}

class ConformFixture : public hub::Connector {
public:
    ConformFixture(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
    {
        const Json create = Json::parse(create_json);
        defect_ = textOf(create.at("config"), "defect");
        for (const auto& account : create.at("accounts")) {
            base_url_ = textOf(account.at("config"), "base_url");
        }
        if (!base_url_.starts_with("https://") && !is("takes_bad_configuration")) {
            throw std::invalid_argument(
                is("refuses_without_a_name") ? "it is wrong" : "\"base_url\" must be https");
        }
    }

    void start() override
    {
        if (is("never_starts")) {
            throw std::runtime_error("it never starts");
        }
        if (is("leaks_thread")) {
            std::thread([] { hang(std::chrono::minutes(5)); }).detach();
        }
    }

    void stop(std::int64_t) override
    {
        if (is("hangs_in_stop")) {
            hang(std::chrono::minutes(5));
        }
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        reply.send(answer(event));
        if (is("answers_twice")) {
            hub::Reply(host(), event.callId()).send(HUB_REJECTED, "second");
        }
    }

private:
    bool is(std::string_view defect) const noexcept { return defect_ == defect; }

    Answer answer(const hub::Event& event)
    {
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (event.payload().empty() && is("crashes_on_empty_payload")) {
            std::abort();
        }
        if (event.payload().size() > 65536 && is("crashes_on_large_payload")) {
            std::abort();
        }
        const std::string operation{event.operation()};
        if (operation != "create" && operation != "query" && operation != "close" &&
            operation != "refund" && operation != "callback") {
            return {is("does_everything") ? HUB_OK : HUB_UNSUPPORTED, "no such operation", "{}", 0};
        }
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no object", {}, 0};
        }
        if (request.contains("conformance_unknown") && is("refuses_unknown_members")) {
            return {HUB_BAD_REQUEST, "unknown member", {}, 0};
        }
        return operation == "callback" ? callback(event, request) : perform(event, request);
    }

    void leak(const hub::Event& event, const Json& request)
    {
        if (is("logs_secret")) {
            const auto* secrets = host().extension<hub_secrets_v1>(HUB_EXT_SECRETS_1);
            const auto log = [](void* user, hub_bytes secret) noexcept {
                static_cast<ConformFixture*>(user)->host().log(hub::LogLevel::Info,
                                                               hub::view(secret));
            };
            secrets->reveal(
                host().context(), event.callId(), hub::toText("portal_password"), log, this);
        }
        if (is("logs_payer")) {
            host().log(hub::LogLevel::Info, "paid by " + request.dump());
        }
    }

    Json bodyOf(const hub::Event& event, const Json& request) const
    {
        std::string number = textOf(request, "number");
        if (event.attempt() > 1 && is("new_number_on_retry")) {
            number += "R";
        }
        Json body{{"number", number}};
        if (request.contains("amount_minor")) {
            body["amount"] = hub::toDecimal({request["amount_minor"].get<std::int64_t>(), "CNY"});
        }
        if (request.contains("refund_number")) {
            body["refund_number"] = textOf(request, "refund_number") +
                                    (event.attempt() > 1 && is("refunds_twice") ? "R" : "");
        }
        return body;
    }

    Answer perform(const hub::Event& event, const Json& request)
    {
        leak(event, request);
        remember(request);
        const Json body = bodyOf(event, request);
        hub::HttpRequest http;
        http.url = base_url_ + "/" + std::string{event.operation()};
        if (event.operation() == "close" && is("asks_elsewhere")) {
            http.url = "https://elsewhere.example.net/close";
        }
        http.body = body.dump();
        const auto signature = sign(event.callId(), "0", http.body);
        if (!signature.ok()) {
            return {is("refuses_without_keys") ? HUB_REJECTED : HUB_UNAVAILABLE, "no key", {}, 0};
        }
        http.headers = {{"x-signature", signature.value()}};
        auto response = host().exchange(event.callId(), http);
        if (!response.ok() && response.error().code == HUB_OUTCOME_UNKNOWN && is("retries")) {
            response = host().exchange(event.callId(), http);
        }
        if (!response.ok()) {
            return afterFailure(response.error());
        }
        if (host().nowMs() > event.deadlineMs() && is("crashes_on_late_answer")) {
            std::abort();
        }
        return read(event, body, request, response.value());
    }

    Answer afterFailure(const hub::Error& error) const
    {
        if (error.code == HUB_UNAVAILABLE && is("unknown_when_not_sent")) {
            return unknown("cut");
        }
        if (error.code == HUB_OUTCOME_UNKNOWN && is("refused_after_cut")) {
            return {HUB_REJECTED, "the provider did not answer", {}, 0};
        }
        if (error.code == HUB_OUTCOME_UNKNOWN && is("waits_past_the_deadline")) {
            hang(std::chrono::milliseconds(2500));
        }
        return {error.code, error.message, {}, 0};
    }

    bool isGenuine(const hub::Event& event, const hub::HttpResponse& response) const
    {
        const std::string given{response.header("x-signature")};
        const auto expected =
            sign(event.callId(), std::string{response.header("x-timestamp")}, response.body);
        if (given.empty() && is("believes_unsigned")) {
            return true;
        }
        if (!given.empty() && is("believes_any_signature")) {
            return true;
        }
        if (event.operation() == "query" && is("verifies_create_only")) {
            return true;
        }
        return expected.ok() && given == expected.value();
    }

    Answer read(const hub::Event& event,
                const Json& body,
                const Json& request,
                const hub::HttpResponse& response) const
    {
        const Json said = Json::parse(response.body, nullptr, false);
        if (response.status != 200) {
            return is("believes_status_500") ? Answer{HUB_REJECTED, "status 500", {}, 0}
                                             : unknown("status");
        }
        if (!said.is_object()) {
            return is("refuses_unreadable") ? Answer{HUB_REJECTED, "unreadable", {}, 0}
                                            : unknown("unreadable");
        }
        if (textOf(said, "result") == "refused" && is("believes_forged_refusals")) {
            return {HUB_REJECTED, "refused", {}, 0};
        }
        if (!isGenuine(event, response)) {
            return unknown("the signature is wrong");
        }
        if (said.contains("conformance_unknown") && is("refuses_answer_members")) {
            return unknown("unknown member");
        }
        if (textOf(said, "number") != textOf(body, "number") && !is("ignores_number")) {
            return unknown("another number");
        }
        if (textOf(said, "result") == "refused") {
            return {is("refusals_are_unknown") ? HUB_OUTCOME_UNKNOWN : HUB_REJECTED, "no", {}, 0};
        }
        return result(event.operation(), request, said);
    }

    Answer result(std::string_view operation, const Json& request, const Json& said) const
    {
        if (operation == "create") {
            const char* product = is("other_product") ? "h5" : "qr";
            return ok({{"product", product}, {"qr_code", textOf(said, "code")}});
        }
        if (operation == "close") {
            return is("results_break_the_schema") ? ok({{"status", "closed"}})
                                                  : ok({{"state", "closed"}});
        }
        if (operation == "refund") {
            return ok({{"state", "succeeded"}});
        }
        const std::int64_t amount_minor = amountOf(said);
        if (textOf(said, "state") != "not_found" && request.contains("amount_minor") &&
            request["amount_minor"] != amount_minor && !is("ignores_amount")) {
            return unknown("another amount");
        }
        return ok({{"state", textOf(said, "state")},
                   {"amount_minor", amount_minor},
                   {"payer", textOf(said, "payer")}});
    }

    static Answer ok(const Json& payload) { return {HUB_OK, {}, payload.dump(), 0}; }

    static Answer refuseCallback()
    {
        const Json nack{{"status", 400}, {"media_type", "text/plain"}, {"body", "fail"}};
        return {HUB_REJECTED, "not genuine", Json{{"nack", nack}}.dump(), 0};
    }

    Answer callback(const hub::Event& event, const Json& request)
    {
        const Json headers = request.value("headers", Json::object());
        const std::string body = fromBase64(textOf(request, "body_base64"));
        const std::string timestamp = textOf(headers, "x-timestamp");
        const auto expected = sign(event.callId(), timestamp, body);
        if (!expected.ok()) {
            return is("rejects_callbacks_without_keys")
                       ? refuseCallback()
                       : Answer{HUB_UNAVAILABLE, "no key now", {}, 0};
        }
        if (textOf(headers, "x-signature") != expected.value() && !is("believes_any_callback")) {
            return refuseCallback();
        }
        const Json said = Json::parse(body, nullptr, false);
        const bool is_timely =
            std::abs(std::atoll(timestamp.c_str()) * 1000 - host().nowMs()) < kWindowMs;
        const bool is_ours = textOf(said, "merchant") == "M0001";
        const bool is_new = remembered(body);
        if (!said.is_object() || (!is_timely && !is("ignores_the_time")) ||
            (!is_ours && !is("ignores_the_merchant")) ||
            (said.contains("conformance_unknown") && is("refuses_callback_members")) ||
            (!is_new && is("refuses_repeated_callbacks"))) {
            return refuseCallback();
        }
        return ok(readingOf(said));
    }

    Json readingOf(const Json& said)
    {
        std::int64_t amount_minor = amountOf(said);
        if (is("reads_its_own_amount")) {
            const std::lock_guard lock(mutex_);
            amount_minor = amounts_[textOf(said, "number")];
        }
        Json answer{{"nack", {{"status", 400}, {"media_type", "text/plain"}, {"body", "fail"}}},
                    {"reading",
                     {{"subject", "payment"},
                      {"number", textOf(said, "number")},
                      {"state", "paid"},
                      {"amount_minor", amount_minor}}}};
        if (!is("forgets_ack")) {
            answer["ack"] = {{"status", 200}, {"media_type", "text/plain"}, {"body", "ok"}};
        }
        return answer;
    }

    hub::Result<std::string>
    sign(hub_call_id call, const std::string& timestamp, const std::string& body) const
    {
        auto mac = host().hmac(call, "api_key", "hmac_sha256", timestamp + "\n" + body);
        return mac.ok() ? hub::Result<std::string>{toHex(mac.value())} : mac;
    }

    /// False when this callback came before.
    bool remembered(const std::string& body)
    {
        const std::lock_guard lock(mutex_);
        return callbacks_.insert(body).second;
    }

    void remember(const Json& request)
    {
        const std::lock_guard lock(mutex_);
        if (request.contains("amount_minor")) {
            amounts_[textOf(request, "number")] = request["amount_minor"].get<std::int64_t>();
        }
    }

    std::string defect_;
    std::string base_url_;
    std::mutex mutex_;
    std::set<std::string> callbacks_;
    std::map<std::string, std::int64_t> amounts_;
};

} // namespace

HUB_CONNECTOR(ConformFixture, "conform_fixture", "1.0.0")
