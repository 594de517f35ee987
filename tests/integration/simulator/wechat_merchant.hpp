// A merchant of WeChat Pay that signs and verifies with the openssl command line: independent of
// the simulator's code and of the connector's.
#pragma once

#include "merchant.hpp"

#include <filesystem>
#include <string>

namespace simulator_test {

/// A request on its way out, before its signature.
struct WechatRequest {
    std::string method;
    std::string path; ///< with its question
    std::string body = {};
    std::string mchid = {};
    std::string serial = {};
    std::string timestamp = {};
    std::string nonce = "0123456789abcdefghijKLMNOPQRSTUV";
    std::filesystem::path key = {};
    std::string scheme = "WECHATPAY2-SHA256-RSA2048";
    Headers more = {};

    /// What the signature is over.
    std::string text() const
    {
        return method + "\n" + path + "\n" + timestamp + "\n" + nonce + "\n" + body + "\n";
    }
};

class WechatMerchant {
public:
    /// The `index`-th of simulator.json.
    explicit WechatMerchant(const Simulator& simulator, std::size_t index = 0);

    /// Complete but for the signature.
    WechatRequest
    request(const std::string& method, const std::string& path, const std::string& body = {}) const;
    /// The Authorization header with that signature.
    static std::string authorization(const WechatRequest& request, const std::string& signature);
    HttpAnswer send(const WechatRequest& request) const;
    HttpAnswer
    call(const std::string& method, const std::string& path, const Json& body = {}) const;

    /// A usual order of `trade_type` "native", "jsapi" or "h5".
    Json order(const std::string& number, std::int64_t total = 20000) const;
    HttpAnswer create(const std::string& kind, const Json& order) const;
    /// Creates and pays; throws unless both work.
    void orderAndPay(const std::string& number, std::int64_t total = 20000) const;
    HttpAnswer query(const std::string& number) const;
    Json refund(const std::string& number, const std::string& request, std::int64_t amount) const;
    HttpAnswer requestRefund(const Json& refund) const;

    /// The proof of an answer or of a notification, by the key that the headers name.
    bool isGenuine(const Headers& headers, const std::string& body) const;
    /// Opens a sealed resource; empty when it is not genuine.
    std::string open(const Json& resource) const;
    /// Pairs of serial number and certificate as the provider gives them out, opened.
    std::map<std::string, std::string> certificates() const;

    const Simulator& simulator() const { return simulator_; }
    std::string mchid() const { return settings_["mchid"]; }
    std::string appid() const { return settings_["appids"][0]; }
    std::string secret() const { return settings_["app_secret"]; }
    std::filesystem::path key() const;

    std::string notify_url = "https://127.0.0.1:9/notify";
    Json section; ///< all of "wechat" in simulator.json

private:
    const Simulator& simulator_;
    Json settings_;
    std::string serial_;
};

} // namespace simulator_test
