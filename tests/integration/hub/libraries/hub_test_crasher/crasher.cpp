// A connector that ends its process before it sends, when the subject of a payment says so; all
// other attempts get a code after one exchange.
#include <hub/connector.hpp>

#include <csignal>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Crasher final : public hub::Connector {
public:
    Crasher(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
    {
        const Json config = Json::parse(create_json);
        for (const Json& account : config.at("accounts")) {
            url_ = account.at("config").at("url").get<std::string>();
        }
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        if (event.operation() != "create") {
            reply.send(HUB_OK, "", R"({"state":"not_found"})");
            return;
        }
        const Json wanted = Json::parse(event.payload());
        if (wanted.at("subject").get<std::string>().find("crash") != std::string::npos) {
            std::raise(SIGKILL);
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
        const std::string number = wanted.at("number").get<std::string>();
        reply.send(HUB_OK,
                   "",
                   Json{{"product", "qr"}, {"qr_code", "https://qr.example.com/" + number}}.dump());
    }

private:
    std::string url_;
};

} // namespace

HUB_CONNECTOR(Crasher, "hub_test_crasher", "1.0.0")
