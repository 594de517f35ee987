// The shipped library at the desk with one account, and requests of the contract.
#pragma once

#include "sms_aliyun/encoding.hpp"
#include "unit/connectors/support/desk.hpp"
#include "unit/connectors/support/files.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace aliyun_test {

using connector_test::Desk;
using connector_test::folder;
using Json = nlohmann::json;

inline constexpr std::string_view kAccount = "sms-test";
inline constexpr const char* kNumber = "01980000000070008000000000000001";
inline constexpr const char* kPhone = "+8619900000001";
inline constexpr const char* kSecret = "SampleSecretOfNobody000000001";
inline constexpr const char* kOrigin = "https://dysmsapi.aliyuncs.com";
inline constexpr std::int64_t kCreatedMs = 1795228800000; // 2026-11-21 10:40:00 in Shanghai

inline Json sampleConfig()
{
    return {{"access_key_id", "LTAISIMULATED0000000001"},
            {"sign_name", "模拟展会"},
            {"templates",
             {{"verification_code",
               {{"zh", {{"code", "SMS_100000001"}, {"variables", {{"code", "code"}}}}},
                {"en",
                 {{"code", "SMS_100000002"},
                  {"sign_name", "模拟验证码"},
                  {"variables", {{"code", "pin"}}}}}}},
              {"event.reminder",
               {{"zh",
                 {{"code", "SMS_100000003"},
                  {"variables", {{"name", "name"}, {"event", "event"}, {"time", "time"}}}}}}}}},
            {"delivery_reasons", {{"SAMPLE_BLOCKED", "phone_blocked"}}}};
}

inline Json sendRequest(const Json& patch = Json::object())
{
    Json request{{"number", kNumber},
                 {"phone", kPhone},
                 {"purpose", "code"},
                 {"template", "verification_code"},
                 {"language", "zh"},
                 {"variables", {{"code", "739251"}}},
                 {"created_at_ms", kCreatedMs}};
    request.merge_patch(patch);
    return request;
}

inline Json queryRequest(const Json& patch = Json::object())
{
    Json request{{"number", kNumber}, {"phone", kPhone}, {"created_at_ms", kCreatedMs}};
    request.merge_patch(patch);
    return request;
}

class Bench : public Desk {
public:
    explicit Bench(const Json& patch = Json::object())
    {
        contract = "sms";
        Json config = sampleConfig();
        config.merge_patch(patch);
        addSecret("access_key_secret", kSecret);
        start((folder("HUB_BUILD_DIR") / "lib/sms_aliyun/libsms_aliyun.so").string(),
              Json{{"config", Json::object()},
                   {"accounts", {{std::string{kAccount}, {{"config", config}}}}}}
                  .dump());
        exchange = [this](const hub::HttpRequest&) {
            if (answers_.empty()) {
                return hub::Result<hub::HttpResponse>{hub::Error{HUB_REJECTED, "not scripted"}};
            }
            hub::Result<hub::HttpResponse> next = answers_.front();
            answers_.pop_front();
            return next;
        };
    }

    /// The provider's answers, in order.
    void answer(std::uint32_t status, const std::string& body)
    {
        answers_.emplace_back(hub::HttpResponse{status, {}, body});
    }
    void fail(hub_status code) { answers_.emplace_back(hub::Error{code, "scripted"}); }

    hub::Answer ask(std::string_view operation, const Json& request)
    {
        return call(kAccount, operation, request.dump());
    }

    hub::Answer push(const std::string& body, const std::string& method = "POST")
    {
        return ask("callback",
                   {{"method", method},
                    {"path", "/callback/sms_aliyun/sms-test/token"},
                    {"query", ""},
                    {"headers", Json::object()},
                    {"body_base64", aliyun::toBase64(body)}});
    }

private:
    std::deque<hub::Result<hub::HttpResponse>> answers_;
};

} // namespace aliyun_test
