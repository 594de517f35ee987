// A connector in three versions for the tests of replacement: two that serve, and one that fails at
// everything but the trial. A code's text names the version that made it.
#include <hub/connector.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

constexpr std::string_view kVersion = HUB_TEST_VERSION;
constexpr bool kIsWorse = HUB_TEST_WORSE;

class Swap final : public hub::Connector {
public:
    Swap(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
    {
        const Json document = Json::parse(create_json);
        for (const Json& account : document.at("accounts")) {
            url_ = account.at("config").at("url").get<std::string>();
        }
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        if (event.operation() == "callback") {
            reply.send(HUB_REJECTED,
                       "no notice",
                       R"({"nack":{"status":400,"media_type":"text/plain","body":"fail"}})");
            return;
        }
        if (event.operation() != "create") {
            reply.send(HUB_OK, "", R"({"state":"not_found"})");
            return;
        }
        if (kIsWorse) {
            reply.send(HUB_INTERNAL, "this version fails");
            return;
        }
        hub::HttpRequest request;
        request.url = url_;
        request.headers = {{"content-type", "application/json"}};
        request.body = "{}";
        const auto answer = host().exchange(event.callId(), request);
        if (!answer.ok()) {
            reply.send(answer.error().code, answer.error().message);
            return;
        }
        const std::string number = Json::parse(event.payload()).at("number").get<std::string>();
        reply.send(
            HUB_OK,
            "",
            Json{{"product", "qr"},
                 {"qr_code", "https://qr.example.com/" + std::string(kVersion) + "/" + number}}
                .dump());
    }

private:
    std::string url_;
};

} // namespace

HUB_CONNECTOR(Swap, "hub_test_swap", HUB_TEST_VERSION)
