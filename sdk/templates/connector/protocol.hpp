// The example provider's protocol: what its bytes mean, without any I/O, so that a test needs
// nothing but texts. A real provider's documents go here.
//
// Requests and answers are JSON. Each bears the header x-signature: the lower-case hex HMAC-SHA256
// over x-timestamp (seconds since 1970), a line feed and the body. A payment page is opened by a
// form with the same three as fields: request, timestamp, signature.
#pragma once

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace example_pay {

using Json = nlohmann::json;

/// One configured merchant account.
struct Account {
    std::string merchant;
    std::string base_url;
    std::string callback_url;
};

std::string toHex(std::string_view bytes);
/// Compares in time that depends on the lengths only: the duration must not help to guess.
bool isSame(std::string_view a, std::string_view b) noexcept;
/// HUB_BAD_REQUEST for anything but padded base64.
hub::Result<std::string> fromBase64(std::string_view text);

/// What a signature covers.
std::string signedText(std::string_view timestamp, std::string_view body);
/// Five minutes around now, as this provider demands.
bool isTimely(std::string_view timestamp, std::int64_t now_ms);

/// The body for an operation of the contract. HUB_BAD_REQUEST or HUB_UNSUPPORTED when the request
/// can't be said to this provider; then nothing is sent.
hub::Result<Json> makeBody(std::string_view operation, const Account& account, const Json& request);
/// Whether the contract calls the request's product `carrier: browser`.
bool isCarriedByBrowser(const Json& request);
/// The form that the payer's browser posts, in place of an exchange: a signed body and its
/// signature.
hub::Answer makeForm(const Account& account,
                     std::string_view body,
                     std::string_view timestamp,
                     std::string_view signature);
/// A body whose signature is genuine.
hub::Answer readAnswer(std::string_view operation, const Json& request, std::string_view body);
/// The contract's `reading` of a genuine callback. HUB_REJECTED when it is another merchant's.
hub::Result<Json> readCallback(const Account& account, std::string_view body);

} // namespace example_pay
