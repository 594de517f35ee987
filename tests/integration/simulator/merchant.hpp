// A merchant that signs and verifies with the openssl command line: independent of the simulator's
// code and of the connector's.
#pragma once

#include "process.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace simulator_test {

using Parameters = std::map<std::string, std::string>;

/// "k=v&k=v" sorted by key, empty values left out.
std::string joinSorted(const Parameters& parameters);
/// Percent-encoded form.
std::string encodeForm(const Parameters& parameters);
Parameters decodeForm(const std::string& form);

/// base64 of the signature in one line. `digest` is "-sha256" or another option of openssl dgst.
std::string signWithOpenssl(const std::filesystem::path& private_key,
                            const std::string& text,
                            const std::string& digest = "-sha256");
bool verifyWithOpenssl(const std::filesystem::path& public_key,
                       const std::string& text,
                       const std::string& signature_base64);

/// Beijing time, `offset_s` from now.
std::string beijingTime(long offset_s = 0);

/// An answer of gateway.do, cut out of the raw body the way a merchant has to.
struct GatewayAnswer {
    int http_status = 0;
    std::string raw;
    std::string node;        ///< the name of the first member
    std::string signed_text; ///< the raw text of the node
    std::string sign;
    Json fields;

    std::string code() const { return fields.value("code", ""); }
    std::string subCode() const { return fields.value("sub_code", ""); }
};
GatewayAnswer readAnswer(const HttpAnswer& answer);

class Merchant {
public:
    explicit Merchant(const Simulator& simulator,
                      std::string app_id = "9021000000000001",
                      std::string private_key = "alipay/app_private_key.pem");

    /// All public parameters but the signature.
    Parameters parameters(const std::string& method, const Json& content) const;
    /// Adds the signature.
    Parameters sign(Parameters parameters) const;
    GatewayAnswer send(const Parameters& signed_parameters) const;
    GatewayAnswer call(const std::string& method, const Json& content) const;

    /// precreate with a usual order; throws unless it is accepted. Returns the code's address.
    std::string order(const std::string& number, const std::string& amount = "200.00") const;
    void orderAndPay(const std::string& number, const std::string& amount = "200.00") const;

    bool isGenuine(const GatewayAnswer& answer) const;
    std::filesystem::path key() const { return simulator_.folder() / private_key_; }
    std::filesystem::path providerKey() const
    {
        return simulator_.folder() / "alipay/provider_public_key.pem";
    }

    std::string notify_url;

private:
    const Simulator& simulator_;
    std::string app_id_;
    std::string private_key_;
};

} // namespace simulator_test
