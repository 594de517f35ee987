// The payment contract in the provider's words: a request of the contract becomes the parameters
// of one gateway call, the signed node of the answer becomes the contract's answer. Pure: time is
// given, signatures are made and checked outside.
#pragma once

#include "account.hpp"
#include "encoding.hpp"
#include "outcome_table.hpp"

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace alipay {

using Json = nlohmann::json;

/// One operation of the contract and the method of the gateway that does it.
struct Operation {
    std::string_view name;
    Method method;
    std::string_view method_name;
    bool has_notice; // the provider will call back
    bool is_get;     // in REST v3; everything else is POST
    hub::Result<Json> (*makeContent)(const Account&, const Json& request);
    hub::Answer (*readNode)(const Account&, const Json& request, const Json& node);
};

/// NULL when the contract's operation is not an exchange of this connector.
const Operation* findOperation(std::string_view name);

/// Every parameter but `sign`. HUB_BAD_REQUEST or HUB_UNSUPPORTED when the contract's request
/// can't be said to this provider; then nothing must be sent.
hub::Result<Parameters> makeParameters(const Operation& operation,
                                       const Account& account,
                                       const CertificateNumbers& numbers,
                                       const Json& request,
                                       std::int64_t now_ms);

/// A product that the payer's browser carries to the gateway.
struct CarriedProduct {
    std::string_view name; // in the contract
    std::string_view method_name;
    std::string Account::*product_code;
    bool has_quit_url; // an address for who leaves without paying
};

/// NULL when the request's product is none of those.
const CarriedProduct* findCarried(const Json& request);

/// As makeParameters, for what the browser brings. The form may be served again until the order's
/// end, so the end is within what is signed.
hub::Result<Parameters> makeFormParameters(const CarriedProduct& product,
                                           const Account& account,
                                           const CertificateNumbers& numbers,
                                           const Json& request,
                                           std::int64_t now_ms);

/// The contract's answer with the form; `sign` is among the parameters.
hub::Answer makeFormAnswer(const CarriedProduct& product,
                           const Account& account,
                           const Parameters& signed_parameters);

/// The gateway's address; the character set stands there too, because the gateway decodes the
/// body by it.
std::string requestAddress(const Account& account);

/// `node` is the signed part of an answer whose signature is genuine.
hub::Answer readAnswer(const Operation& operation,
                       const Account& account,
                       const Json& request,
                       std::string_view node);

/// The same request in REST v3, before it is signed. Fails as makeParameters does.
struct RestRequest {
    std::string method;
    std::string origin; // "https://openapi.alipay.com"
    std::string uri;    // path and query
    std::string body;
};
hub::Result<RestRequest>
makeRestRequest(const Operation& operation, const Account& account, const Json& request);

/// `body` is an answer of REST v3 whose signature is genuine.
hub::Answer readRestAnswer(const Operation& operation,
                           const Account& account,
                           const Json& request,
                           std::uint32_t http_status,
                           std::string_view body);

/// What an answer says whose signature is missing or wrong: for the operator's eyes only.
std::string describeUntrusted(std::string_view node);

} // namespace alipay
