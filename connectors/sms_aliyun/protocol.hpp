// The contract in the provider's words: a request of the contract becomes one request of the
// interface, an answer becomes the contract's answer. Pure: time is given, signatures are made
// outside. No message and no answer holds a phone, a variable or anything else that was received,
// but for the provider's number of the message.
#pragma once

#include "account.hpp"
#include "acs3.hpp"

#include <hub/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <nlohmann/json.hpp>

namespace aliyun {

using Json = nlohmann::json;

/// Before it is signed.
struct Request {
    std::string action;
    Parameters parameters;
};

/// What is to be sent, or why nothing must be.
using Prepared = std::variant<Request, hub::Answer>;

Prepared makeSend(const Account& account, const Json& request);
/// Pages begin with 1.
Prepared makeQuery(const Json& request, const std::string& day, int page);
/// Pages of one day that are asked for at most. The provider lets one phone have 40 messages.
inline constexpr int kPagesMax = 10;

/// What a page of the provider's list says of the message.
struct Page {
    Json found; // the contract's result; null when the message is not on it
    bool is_last = true;
};

hub::Answer readSend(std::uint32_t http_status, std::string_view body);
std::variant<Page, hub::Answer> readPage(const Account& account,
                                         const Json& request,
                                         int page,
                                         std::uint32_t http_status,
                                         std::string_view body);
/// The answer to a query whose message is on no page.
hub::Answer notFound();

/// The contract's reason for an operator's code.
std::string deliveryReason(const Account& account, std::string_view code);
/// "+8619900000001" for the provider's forms of a mainland number; empty for anything else.
std::string toE164(std::string_view phone);

} // namespace aliyun
