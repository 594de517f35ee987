// The payment contract in the provider's words: a request of the contract becomes one request of
// APIv3, an answer becomes the contract's answer. Pure: time is given, signatures are made and
// checked outside.
#pragma once

#include "account.hpp"
#include "outcome_table.hpp"

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace wechat {

using Json = nlohmann::json;

/// Before it is signed.
struct Request {
    std::string method;
    std::string uri;  // path and query, as sent and as signed
    std::string body; // empty for GET
};

/// One operation of the contract that is one signed exchange.
struct Operation {
    std::string_view name;
    Method method;
    /// HUB_BAD_REQUEST or HUB_UNSUPPORTED when the contract's request can't be said to this
    /// provider, HUB_INTERNAL when the account can't; then nothing must be sent.
    hub::Result<Request> (*make)(const Account&, const Json& request);
    /// `node` is the body of a genuine answer of success; an empty object when it has none.
    hub::Answer (*read)(const Account&, const Json& request, const Json& node);
};

/// NULL when the contract's operation is no such exchange.
const Operation* findOperation(std::string_view name);

/// `body` is that of a genuine answer, or of an error that the account believes unsigned.
hub::Answer readAnswer(const Operation& operation,
                       const Account& account,
                       const Json& request,
                       std::uint32_t http_status,
                       std::string_view body);

/// What `create` of product jsapi answers is not whole: {"product", "prepay_id", "merchant"}.
/// The signature over invocationText(…, packageOf(…)) makes it whole.
std::string prepayOf(const hub::Answer& created);
hub::Answer completeInvocation(const Account& account,
                               const std::string& prepay_id,
                               const std::string& timestamp,
                               const std::string& nonce,
                               const std::string& signature_base64);
std::string packageOf(const std::string& prepay_id);

/// The log-in page that the payer's app opens: it leads back to `return_url` with `code` and
/// `state`.
hub::Result<std::string> authorizeAddress(const Account& account, const Json& request);
/// The payer's identity for a code of the provider's log-in page. The address holds a placeholder
/// for the application's secret, which the hub replaces.
hub::Result<std::string> identityAddress(const Account& account, const Json& request);
hub::Answer readIdentity(std::uint32_t http_status, std::string_view body);

/// What an answer says whose signature is missing or wrong: for the operator's eyes only.
std::string describeUntrusted(std::string_view body);

} // namespace wechat
