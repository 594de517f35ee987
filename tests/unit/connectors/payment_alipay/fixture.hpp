// The shipped library under the SDK's fakes, one account configured, keys of the test data.
#pragma once

#include "payment_alipay/encoding.hpp"
#include "unit/connectors/support/files.hpp"

#include <hub/testing/connector_fake.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace alipay_test {

using connector_test::folder;
using connector_test::readFile;
using Json = nlohmann::json;

inline constexpr std::string_view kAccount = "alipay-test";
inline constexpr std::string_view kNumber = "1400000120261121104000000001";
inline constexpr std::string_view kRefundNumber = "1400000120261121120000000001";

inline std::filesystem::path dataFolder()
{
    return folder("HUB_SOURCE_DIR") / "tests/data/payment_alipay";
}

inline std::filesystem::path keyPath(const std::string& name)
{
    return dataFolder() / "keys" / ("test_only_" + name + ".pem");
}

inline std::string createJson()
{
    const Json config{{"app_id", "2021000000000001"},
                      {"seller_id", "2088000000000001"},
                      {"gateway_url", "https://openapi-sandbox.dl.alipaydev.com/gateway.do"}};
    const Json account{
        {"config", config},
        {"callback_url", "https://hub.example.com/callback/payment_alipay/alipay-test/token"}};
    return Json{{"config", Json::object()}, {"accounts", {{std::string{kAccount}, account}}}}
        .dump();
}

/// The provider's private key signs what the "provider" says.
inline const hub::testing::KeysFake& provider()
{
    struct Provider : hub::testing::KeysFake {
        Provider() { addPrivateKey("provider", readFile(keyPath("provider_private"))); }
    };
    static const Provider kProvider;
    return kProvider;
}

inline std::string providerSignature(std::string_view text)
{
    return alipay::toBase64(provider().sign("provider", "rsa_sha256", text).value());
}

/// An answer of the gateway, signed.
inline std::string signedBody(const std::string& node_name, const std::string& node)
{
    return "{\"" + node_name + "\":" + node + ",\"sign\":\"" + providerSignature(node) + "\"}";
}

class Connector : public hub::testing::ConnectorFake {
public:
    explicit Connector(const std::string& create_json = createJson())
    {
        keys().addPrivateKey("app_key", readFile(keyPath("app_private")));
        keys().addPublicKey("provider_key", readFile(keyPath("provider_public")));
        const auto library = folder("HUB_BUILD_DIR") / "lib/payment_alipay/libpayment_alipay.so";
        start(hub::testing::loadEntry(library), create_json);
    }
};

/// One correct request of the contract per operation that makes an exchange.
inline const std::map<std::string, Json>& requests()
{
    static const Json kCommon{
        {"number", kNumber}, {"created_at_ms", 1795228800000}, {"currency", "CNY"}};
    static const auto kWith = [](Json more) {
        more.update(kCommon);
        return more;
    };
    static const std::map<std::string, Json> kRequests{
        {"create",
         kWith({{"product", "qr"},
                {"amount_minor", 20000},
                {"subject", "Badge fee 2026"},
                {"expires_at_ms", 1795229400000}})},
        {"query", kWith({{"amount_minor", 20000}})},
        {"close", kWith(Json::object())},
        {"cancel", kWith(Json::object())},
        {"refund",
         kWith({{"refund_number", kRefundNumber},
                {"refund_created_at_ms", 1795233600000},
                {"amount_minor", 5000},
                {"total_minor", 20000}})},
        {"refund_query", kWith({{"refund_number", kRefundNumber}, {"amount_minor", 5000}})}};
    return kRequests;
}

inline const std::map<std::string, std::string>& nodeNames()
{
    static const std::map<std::string, std::string> kNames{
        {"create", "alipay_trade_precreate_response"},
        {"query", "alipay_trade_query_response"},
        {"close", "alipay_trade_close_response"},
        {"cancel", "alipay_trade_cancel_response"},
        {"refund", "alipay_trade_refund_response"},
        {"refund_query", "alipay_trade_fastpay_refund_query_response"}};
    return kNames;
}

} // namespace alipay_test
