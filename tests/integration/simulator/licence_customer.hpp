// A customer of the demonstration that signs and verifies with the openssl command line:
// independent of the simulator's code and of the connector's.
#pragma once

#include "merchant.hpp"

#include <string>

namespace simulator_test {

/// A request on its way out, before its signature.
struct LicenceRequest {
    std::string method = "POST";
    std::string path = "/v1/licences/read";
    std::string query = "kind=business_licence";
    std::string picture;
    Headers headers = {}; ///< Content-Type and X-Licence-…
    std::string secret = {};
};

class LicenceCustomer {
public:
    /// The `index`-th account of simulator.json.
    explicit LicenceCustomer(const Simulator& simulator, std::size_t index = 0);

    /// Complete but for the signature.
    LicenceRequest request(const std::string& picture) const;
    std::string signature(const LicenceRequest& request) const;
    /// Signs unless there is a signature.
    HttpAnswer send(LicenceRequest request) const;
    /// What a genuine answer says; throws when it is not genuine.
    Json read(const LicenceRequest& request) const;
    bool isGenuine(const LicenceRequest& request, const HttpAnswer& answer) const;

private:
    const Simulator& simulator_;
    Json settings_;
};

/// The bytes of a sample that `expohub-simulator licence` draws; `options` besides --out.
std::string drawnLicence(const std::vector<std::string>& options, const std::string& ending);
/// One with the usual name and code.
std::string sampleLicence(const std::vector<std::string>& more = {},
                          const std::string& ending = ".png");

/// The answer's "code"; empty when it is no JSON.
std::string licenceCode(const HttpAnswer& answer);

} // namespace simulator_test
