// The payment contract in the provider's words: a request of the contract becomes the fields of one
// message, the fields of a genuine answer become the contract's answer. Pure: time is given,
// signatures are made and checked outside.
#pragma once

#include "account.hpp"
#include "unionpay_acp/fields.hpp"

#include <hub/event.hpp>
#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace payment_unionpay {

using Json = nlohmann::json;

/// What an answer is read with.
struct Context {
    const Account& account;
    const Json& request;
    std::int64_t now_ms;
};

/// One operation of the contract and the message that does it.
struct Operation {
    std::string_view name;
    std::string_view path; // behind gateway_url; empty: file_url
    hub::Result<unionpay::Fields> (*makeFields)(const Context&);
    hub::Answer (*readAnswer)(const Context&, const unionpay::Fields& answer);
};

/// NULL when the contract's operation is no message of this connector. `create` is the
/// application for a code.
const Operation* findOperation(std::string_view name);

/// Every field but `signature`. HUB_BAD_REQUEST or HUB_UNSUPPORTED when the contract's request
/// can't be said to this provider; then nothing must be sent.
hub::Result<unionpay::Fields>
makeMessage(const Operation& operation, const Context& context, const std::string& cert_id);

std::string addressOf(const Operation& operation, const Account& account);

/// The fields of the form that the payer's browser posts, without `signature`. Fails as above.
hub::Result<unionpay::Fields> makePageFields(const Context& context, const std::string& cert_id);
/// The contract's answer with the form.
hub::Answer makePageAnswer(const Account& account, const unionpay::Fields& signed_fields);

/// The respCode of an answer that is not believed, for the operator's eyes.
std::string describeUntrusted(const unionpay::Fields& answer);

/// What an answer of the bill request holds, when the contract's answer says "ready".
inline constexpr const char* kFileContent = "file_content";

/// True while the day's file can't be there: the settlement day has not ended.
bool isBillDayOpen(const Json& request, std::int64_t now_ms);
/// True while "no file" may still change.
bool mayBillStillCome(const Context& context);
/// The first millisecond after the day, Beijing. HUB_BAD_REQUEST.
hub::Result<std::int64_t> endOfDay(const Json& request);

} // namespace payment_unionpay
