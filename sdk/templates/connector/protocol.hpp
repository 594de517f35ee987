// The provider's protocol: what its bytes mean, without any I/O, so that a test needs nothing but
// texts. This one is invented; a real provider's documents go here.
//
// A request is POST /v1/payments/<operation> with a JSON object. Every answer is HTTP 200 and a
// JSON object: "code" says how it ended, "number" what it is about. Requests, answers and callbacks
// bear the header x-signature: the lower-case hex HMAC-SHA256, by the merchant's key, over
// x-timestamp (seconds since 1970), a line feed and the body. A payment page is opened by a form
// with the same three as fields: request, timestamp, signature. Amounts are decimal texts,
// "200.00".
#pragma once

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace protocol {

using Json = nlohmann::json;

/// One configured merchant account.
struct Account {
    std::string merchant;
    std::string base_url;
    std::string callback_url;
};

/// What a signature covers.
std::string signedText(std::string_view timestamp, std::string_view body);
/// Five minutes around now, as this provider demands.
bool isTimely(std::string_view timestamp, std::int64_t now_ms);

/// The address of an operation.
std::string urlOf(const Account& account, std::string_view operation);
/// The body for an operation of the contract. HUB_BAD_REQUEST or HUB_UNSUPPORTED when the request
/// can't be said to this provider; then nothing is sent.
hub::Result<Json> makeBody(std::string_view operation, const Account& account, const Json& request);
/// Whether the contract calls the request's product `carrier: browser`.
bool isCarriedByBrowser(std::string_view operation, const Json& request);
/// The form that the payer's browser posts, in place of an exchange: a signed body and its
/// signature.
hub::Answer makeForm(const Account& account,
                     std::string_view body,
                     std::string_view timestamp,
                     std::string_view signature);

/// What a body whose signature is genuine says, in the contract's words. The one table of outcomes
/// stands before it in protocol.cpp.
hub::Answer readAnswer(std::string_view operation, const Json& request, std::string_view body);
/// The contract's `reading` of a genuine callback. HUB_REJECTED when it is another merchant's.
hub::Result<Json> readCallback(const Account& account, std::string_view body);

} // namespace protocol
