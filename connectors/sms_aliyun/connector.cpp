// Alibaba Cloud's short messages as a connector of the contract `sms`: takes a call, makes the
// exchanges it needs, answers. What the bytes mean is in protocol.cpp and report.cpp.

#include "account.hpp"
#include "encoding.hpp"
#include "exchange.hpp"
#include "report.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>

namespace aliyun {
namespace {

using hub::Answer;

constexpr std::string_view kContract = "sms";

class SmsConnector : public hub::Connector {
public:
    SmsConnector(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , accounts_(parseAccounts(create_json))
        , exchanger_(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        if (event.type() != kContract) {
            return {HUB_UNSUPPORTED, "this connector implements the contract sms only", {}, 0};
        }
        const auto account = accounts_.find(event.account());
        if (account == accounts_.end()) {
            return {HUB_INTERNAL,
                    "account " + std::string{event.account()} + " is not configured for sms_aliyun",
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        const Task task{event.callId(), account->second, request};
        if (event.operation() == "send") {
            return request.is_object() ? exchanger_.send(task) : noObject();
        }
        if (event.operation() == "query") {
            return request.is_object() ? exchanger_.query(task) : noObject();
        }
        if (event.operation() == "callback") {
            return request.is_object() ? readCallback(task) : noObject();
        }
        return {HUB_UNSUPPORTED,
                "sms_aliyun has no operation " + std::string{event.operation()},
                {},
                0};
    }

    static Answer noObject() { return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0}; }

    static Answer readCallback(const Task& task)
    {
        const auto body = fromBase64(task.request.value("body_base64", ""));
        if (task.request.value("method", "") != "POST" || !body.ok()) {
            return refuse("a push of reports is a POST with a body");
        }
        const auto reading = readReports(task.account, body.value());
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json payload{
            {"ack", acceptance()}, {"nack", refusal()}, {"reading", reading.value()}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    static Answer refuse(const std::string& why)
    {
        return {HUB_REJECTED, why, Json{{"nack", refusal()}}.dump(), 0};
    }

    Accounts accounts_;
    Exchanger exchanger_;
};

} // namespace
} // namespace aliyun

HUB_CONNECTOR(aliyun::SmsConnector, "sms_aliyun", "0.1.0")
