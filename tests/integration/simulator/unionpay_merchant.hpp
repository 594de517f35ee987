// A merchant of UnionPay that signs and verifies with the openssl command line: independent of the
// simulator's code and of the connector's.
#pragma once

#include "merchant.hpp"

#include <filesystem>
#include <string>

namespace simulator_test {

/// "20261121104000", `offset_s` from now.
std::string compactTime(long offset_s = 0);

/// Reads "k=v&k=v" in which nothing is coded and brackets hold a value together.
Parameters parseRaw(const std::string& raw);

class UnionpayMerchant {
public:
    static constexpr const char* kBack = "/gateway/api/backTransReq.do";
    static constexpr const char* kFront = "/gateway/api/frontTransReq.do";
    static constexpr const char* kApp = "/gateway/api/appTransReq.do";
    static constexpr const char* kQuery = "/gateway/api/queryTrans.do";
    static constexpr const char* kFile = "/";

    /// The `index`-th of simulator.json with the `certificate`-th of its certificates.
    explicit UnionpayMerchant(const Simulator& simulator,
                              std::size_t index = 0,
                              std::size_t certificate = 0);

    // Requests, complete but for the signature.
    Parameters code(const std::string& order_id, const std::string& amount = "20000") const;
    Parameters gateway(const std::string& order_id, const std::string& biz_type = "000201") const;
    Parameters app(const std::string& order_id) const;
    Parameters query(const Parameters& order) const;
    Parameters queryById(const std::string& query_id) const;
    Parameters refund(const std::string& order_id,
                      const std::string& query_id,
                      const std::string& amount) const;
    Parameters undo(const std::string& order_id, const std::string& query_id) const;
    Parameters file(const std::string& month_and_day) const;

    Parameters sign(Parameters parameters) const;
    HttpAnswer post(const std::string& path, const Parameters& signed_parameters) const;
    /// Signs and posts; throws unless the answer is genuine.
    Parameters call(const std::string& path, const Parameters& parameters) const;

    /// Applies for a code and pays it; throws unless both work. Returns the request.
    Parameters orderAndPay(const std::string& order_id, const std::string& amount = "20000") const;
    /// The queryId of what was paid.
    std::string queryIdOf(const Parameters& order) const;

    /// The certificate inside is vouched for, names UnionPay, and its key signed the rest.
    bool isGenuine(const Parameters& message) const;
    /// Only the last of these.
    bool isSignedByItsCertificate(const Parameters& message) const;
    /// The decimal serial number of a certificate's file, or of the one in a message.
    static std::string numberOf(const std::filesystem::path& certificate);
    std::string numberOf(const Parameters& message) const;

    std::string merId() const { return settings_["mer_id"]; }
    std::filesystem::path key() const;
    std::filesystem::path authority() const
    {
        return simulator_.folder() / section["authority_folder"].get<std::string>();
    }

    std::string back_url = "https://127.0.0.1:9/notify";
    Json section; ///< all of "unionpay" in simulator.json

private:
    Parameters request(const std::string& type,
                       const std::string& sub_type,
                       const std::string& biz_type) const;

    const Simulator& simulator_;
    Json settings_;
    std::size_t certificate_;
    std::string number_;
};

} // namespace simulator_test
