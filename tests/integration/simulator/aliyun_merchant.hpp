// A customer of Alibaba Cloud that signs with the openssl command line: independent of the
// simulator's code and of the connector's.
#pragma once

#include "merchant.hpp"

#include <string>
#include <vector>

namespace simulator_test {

/// A request on its way out, before its signature.
struct AliyunRequest {
    std::string action;
    Parameters query = {};
    std::string method = "POST";
    std::string path = "/";
    std::string body = {};
    Headers headers = {}; ///< x-acs-…, and what is sent besides
    std::string access_key_id = {};
    std::string secret = {};
    std::string scheme = "ACS3-HMAC-SHA256";
    std::vector<std::string> unsigned_names = {}; ///< headers that are sent, but not signed
};

class AliyunMerchant {
public:
    /// The `index`-th of simulator.json.
    explicit AliyunMerchant(const Simulator& simulator, std::size_t index = 0);

    /// Complete but for the signature.
    AliyunRequest request(const std::string& action, const Parameters& query) const;
    std::string authorization(const AliyunRequest& request) const;
    /// Signs unless there is an Authorization header.
    HttpAnswer send(const AliyunRequest& request) const;
    /// By the older signature; `changed` are parameters other than the usual ones.
    HttpAnswer sendRpc(const Parameters& query,
                       const std::string& method = "GET",
                       const Parameters& changed = {}) const;

    Parameters message(const std::string& number, const std::string& phone) const;
    /// The answer's code to a code sent to the phone.
    std::string sendCode(const std::string& number, const std::string& phone) const;
    Json query(const std::string& phone, const Parameters& changed = {}) const;

    const Simulator& simulator() const { return simulator_; }
    std::string accessKeyId() const { return settings_["access_key_id"]; }

private:
    const Simulator& simulator_;
    Json settings_;
};

/// The answer's "Code"; empty when it is no JSON.
std::string aliyunCode(const HttpAnswer& answer);
/// "2026-11-21T02:40:00Z", `offset_s` from now.
std::string utcTime(long offset_s = 0);
/// Today in Beijing, "20261121".
std::string beijingDay(long offset_s = 0);

} // namespace simulator_test
