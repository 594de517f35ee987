#include "protocol.hpp"

#include "bill_operation.hpp"
#include "encoding.hpp"
#include "rfc3339.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace wechat {

namespace {

using hub::Answer;
using hub::Error;
using hub::Result;

constexpr std::int64_t kAmountMinorMax = 10'000'000'000;
constexpr std::size_t kNumberBytesMin = 6;
constexpr std::size_t kNumberBytesMax = 32;
constexpr std::size_t kRefundNumberBytesMax = 64;
constexpr std::size_t kDescriptionCharactersMax = 127;
constexpr std::size_t kReasonCharactersMax = 80;
constexpr std::size_t kOpenidBytesMax = 128;
constexpr std::size_t kCodeBytesMax = 64;

/// The products of `create`; the names of h5's and jsapi's fields are general knowledge.
struct Product {
    std::string_view name;
    std::string_view path;
    const char* given; // the member of the answer that the payer needs
    const char* as;    // the contract's member for it
};

constexpr Product kProducts[] = {
    {"qr", "/v3/pay/transactions/native", "code_url", "qr_code"},
    {"jsapi", "/v3/pay/transactions/jsapi", "prepay_id", "prepay_id"},
    {"h5", "/v3/pay/transactions/h5", "h5_url", "url"},
};

constexpr const char* kRefundPath = "/v3/refund/domestic/refunds";

const Product* findProduct(std::string_view name)
{
    const auto found =
        std::find_if(std::begin(kProducts), std::end(kProducts), [name](const Product& product) {
            return product.name == name;
        });
    return found == std::end(kProducts) ? nullptr : found;
}

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::optional<std::int64_t> integerOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) {
        return std::nullopt;
    }
    return found->get<std::int64_t>();
}

Json objectOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_object() ? *found : Json::object();
}

Error badRequest(std::string message)
{
    return Error{HUB_BAD_REQUEST, std::move(message)};
}

Answer succeeded(const Json& payload)
{
    return {HUB_OK, {}, payload.dump(), 0};
}

/// The provider may have acted: only a query tells.
Answer unknown(std::string message)
{
    return {HUB_OUTCOME_UNKNOWN, std::move(message), {}, 0};
}

// ---- What goes out

Result<std::string> numberOf(const Json& request, const char* name, std::size_t bytes_max)
{
    std::string number = textOf(request, name);
    const bool is_allowed = std::all_of(number.begin(), number.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '-' || c == '|' || c == '*';
    });
    if (number.size() < kNumberBytesMin || number.size() > bytes_max || !is_allowed) {
        return badRequest("\"" + std::string{name} + "\" must be 6 to " +
                          std::to_string(bytes_max) + " letters, digits or _ - | *");
    }
    return number;
}

Result<std::string> paymentNumberOf(const Json& request)
{
    return numberOf(request, "number", kNumberBytesMax);
}

Result<std::string> refundNumberOf(const Json& request)
{
    return numberOf(request, "refund_number", kRefundNumberBytesMax);
}

Result<std::int64_t> fenOf(const Json& request, const char* name)
{
    if (textOf(request, "currency") != "CNY") {
        return badRequest("\"currency\" must be CNY: this account takes nothing else");
    }
    const auto amount_minor = integerOf(request, name);
    if (!amount_minor || *amount_minor < 1 || *amount_minor > kAmountMinorMax) {
        return badRequest("\"" + std::string{name} + "\" must be from 1 to 10000000000 fen");
    }
    return *amount_minor;
}

/// Without control characters, cut after so many characters. No payment fails over a caption, and
/// the same text leaves at every repetition.
std::string captionOf(const Json& request, const char* name, std::size_t characters_max)
{
    std::string text = textOf(request, name);
    std::replace_if(
        text.begin(),
        text.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; },
        ' ');
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool begins = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;
        if (begins && ++characters > characters_max) {
            text.resize(i);
        }
    }
    return text;
}

/// The fields that only one product has. Empty: nothing is missing.
std::string
addProductFields(const Account& account, const Product& product, const Json& request, Json& body)
{
    const Json payer = objectOf(request, "payer");
    const std::string ip = textOf(payer, "client_ip");
    if (product.name == "jsapi") {
        const std::string openid = textOf(payer, "identity");
        if (openid.empty() || openid.size() > kOpenidBytesMax) {
            return "product jsapi needs \"payer\" with \"identity\": the openid that "
                   "payer_identity gives";
        }
        body["payer"] = {{"openid", openid}};
    }
    if (!ip.empty()) {
        body["scene_info"] = {{"payer_client_ip", ip}};
    }
    if (product.name == "h5") {
        if (ip.empty()) {
            return "product h5 needs \"payer\" with \"client_ip\": the address of the payer's "
                   "phone";
        }
        body["scene_info"]["h5_info"] = {{"type", account.h5_type}};
    }
    return {};
}

Result<Request> makeCreate(const Account& account, const Json& request)
{
    const Product* product = findProduct(textOf(request, "product"));
    if (product == nullptr) {
        return Error{HUB_UNSUPPORTED, "this connector collects by \"qr\", \"jsapi\" or \"h5\""};
    }
    const auto number = paymentNumberOf(request);
    const auto total = fenOf(request, "amount_minor");
    const auto expiry = toRfc3339(integerOf(request, "expires_at_ms").value_or(0));
    if (!number.ok() || !expiry.ok()) {
        return number.ok() ? expiry.error() : number.error();
    }
    if (!total.ok()) {
        return total.error();
    }
    const std::string description = captionOf(request, "subject", kDescriptionCharactersMax);
    if (description.find_first_not_of(' ') == std::string::npos) {
        return badRequest("\"subject\" must hold a character other than space");
    }
    if (account.callback_url.empty()) {
        return Error{HUB_INTERNAL,
                     "the account has no callback_url, which the provider wants in every order; "
                     "set the hub's public_url"};
    }
    Json body{{"appid", account.appid},
              {"mchid", account.mchid},
              {"description", description},
              {"out_trade_no", number.value()},
              {"time_expire", expiry.value()},
              {"notify_url", account.callback_url},
              {"amount", {{"total", total.value()}, {"currency", "CNY"}}}};
    if (const std::string missing = addProductFields(account, *product, request, body);
        !missing.empty()) {
        return badRequest(missing);
    }
    return Request{"POST", std::string{product->path}, body.dump()};
}

std::string tradePath(const std::string& number)
{
    return "/v3/pay/transactions/out-trade-no/" + toPercent(number);
}

Result<Request> makeQuery(const Account& account, const Json& request)
{
    const auto number = paymentNumberOf(request);
    if (!number.ok()) {
        return number.error();
    }
    return Request{"GET", tradePath(number.value()) + "?mchid=" + account.mchid, {}};
}

Result<Request> makeClose(const Account& account, const Json& request)
{
    const auto number = paymentNumberOf(request);
    if (!number.ok()) {
        return number.error();
    }
    return Request{
        "POST", tradePath(number.value()) + "/close", Json{{"mchid", account.mchid}}.dump()};
}

Result<Request> makeRefund(const Account& account, const Json& request)
{
    const auto number = paymentNumberOf(request);
    const auto refund_number = refundNumberOf(request);
    const auto amount = fenOf(request, "amount_minor");
    const auto total = fenOf(request, "total_minor");
    if (!number.ok() || !refund_number.ok()) {
        return number.ok() ? refund_number.error() : number.error();
    }
    if (!amount.ok() || !total.ok()) {
        return amount.ok() ? total.error() : amount.error();
    }
    if (amount.value() > total.value()) {
        return badRequest("\"amount_minor\" is more than \"total_minor\"");
    }
    Json body{
        {"out_trade_no", number.value()},
        {"out_refund_no", refund_number.value()},
        {"amount", {{"refund", amount.value()}, {"total", total.value()}, {"currency", "CNY"}}}};
    if (std::string reason = captionOf(request, "reason", kReasonCharactersMax); !reason.empty()) {
        body["reason"] = std::move(reason);
    }
    if (!account.callback_url.empty()) {
        body["notify_url"] = account.callback_url;
    }
    if (!account.refund_funds_account.empty()) {
        body["funds_account"] = account.refund_funds_account;
    }
    return Request{"POST", kRefundPath, body.dump()};
}

Result<Request> makeRefundQuery(const Account&, const Json& request)
{
    const auto refund_number = refundNumberOf(request);
    if (!refund_number.ok()) {
        return refund_number.error();
    }
    return Request{"GET", kRefundPath + ("/" + toPercent(refund_number.value())), {}};
}

// ---- What comes back. An answer that is genuine but speaks of another number, merchant or amount
// is no answer to this request: unknown.

/// True when the answer names something else than what was sent. What it does not name is right.
bool differs(const Json& node, const char* member, const std::string& ours)
{
    const auto found = node.find(member);
    return found != node.end() && (!found->is_string() || found->get<std::string>() != ours);
}

Answer notTheSame(const char* member)
{
    return unknown("the answer's " + std::string{member} + " is not the one that was sent");
}

void addTime(Json& payload, const char* member, const std::string& text)
{
    if (const auto time = parseRfc3339(text); time.ok()) {
        payload[member] = time.value();
    }
}

Answer readCreate(const Account& account, const Json& request, const Json& node)
{
    const Product& product = *findProduct(textOf(request, "product"));
    const std::string given = textOf(node, product.given);
    if (given.empty()) {
        return unknown("the answer holds no " + std::string{product.given});
    }
    return succeeded({{"product", product.name}, {product.as, given}, {"merchant", account.mchid}});
}

std::string stateOf(const std::string& trade_state)
{
    // REFUND says that something was given back, not how much: refunds are asked for by number.
    if (trade_state == "SUCCESS" || trade_state == "REFUND") {
        return "paid";
    }
    if (trade_state == "NOTPAY" || trade_state == "USERPAYING" || trade_state == "ACCEPT") {
        return "waiting";
    }
    return trade_state == "CLOSED" || trade_state == "REVOKED" ? "closed" : std::string{};
}

/// Empty when the amount is right, and then it is in the payload.
std::string addTotal(const Json& request, const Json& node, const std::string& state, Json& payload)
{
    const Json amount = objectOf(node, "amount");
    const auto total = integerOf(amount, "total");
    if (!total) {
        return state == "paid" ? "the answer says paid, but not how much" : std::string{};
    }
    const auto expected = integerOf(request, "amount_minor");
    if ((expected && *expected != *total) || *total < 1) {
        return "the answer's amount is not the one that was sent";
    }
    if (differs(amount, "currency", "CNY")) {
        return "the answer's currency is not CNY";
    }
    payload["amount_minor"] = *total;
    payload["currency"] = "CNY";
    return {};
}

Answer readQuery(const Account& account, const Json& request, const Json& node)
{
    if (textOf(node, "out_trade_no") != textOf(request, "number")) {
        return notTheSame("out_trade_no");
    }
    if (differs(node, "mchid", account.mchid) || differs(node, "appid", account.appid)) {
        return unknown("the answer's mchid or appid is not this account's");
    }
    const std::string state = stateOf(textOf(node, "trade_state"));
    if (state.empty()) {
        return unknown("the answer's trade_state is not one that an order of this connector has");
    }
    Json payload{{"state", state}, {"merchant", account.mchid}};
    if (std::string wrong = addTotal(request, node, state, payload); !wrong.empty()) {
        return unknown(std::move(wrong));
    }
    if (std::string trade = textOf(node, "transaction_id"); !trade.empty()) {
        payload["provider_number"] = std::move(trade);
    }
    if (state == "paid") {
        addTime(payload, "paid_at_ms", textOf(node, "success_time"));
    }
    return succeeded(payload);
}

Answer readClose(const Account&, const Json&, const Json&)
{
    return succeeded({{"state", "closed"}});
}

/// The contract's state and result of a refund, as both refund and refund_query read it.
Answer readRefundState(const Json& request, const Json& node, hub_status while_processing)
{
    if (textOf(node, "out_refund_no") != textOf(request, "refund_number")) {
        return notTheSame("out_refund_no");
    }
    if (differs(node, "out_trade_no", textOf(request, "number"))) {
        return notTheSame("out_trade_no");
    }
    const Json amount = objectOf(node, "amount");
    const auto refunded = integerOf(amount, "refund");
    const auto expected = integerOf(request, "amount_minor");
    const auto total = integerOf(amount, "total");
    const auto expected_total = integerOf(request, "total_minor");
    if (!refunded || (expected && *expected != *refunded) ||
        (total && expected_total && *total != *expected_total) ||
        differs(amount, "currency", "CNY")) {
        return notTheSame("amount");
    }
    Json payload{{"state", "processing"}, {"amount_minor", *refunded}};
    if (std::string id = textOf(node, "refund_id"); !id.empty()) {
        payload["provider_refund_number"] = std::move(id);
    }
    const std::string status = textOf(node, "status");
    if (status == "SUCCESS") {
        payload["state"] = "succeeded";
        addTime(payload, "refunded_at_ms", textOf(node, "success_time"));
        return succeeded(payload);
    }
    if (status == "CLOSED") {
        payload["state"] = "failed";
        return succeeded(payload);
    }
    if (status == "PROCESSING") {
        return {while_processing, "the provider is still at it", payload.dump(), 0};
    }
    if (status == "ABNORMAL") {
        // Not failed: the money waits at the provider, and another refund would pay twice.
        return {while_processing,
                "the refund is abnormal: the payer's account takes no money; it waits until "
                "somebody handles it on the merchant platform",
                payload.dump(),
                0};
    }
    return unknown("the answer's status is not one that is documented");
}

Answer readRefund(const Account&, const Json& request, const Json& node)
{
    return readRefundState(request, node, HUB_PENDING);
}

Answer readRefundQuery(const Account&, const Json& request, const Json& node)
{
    return readRefundState(request, node, HUB_OK);
}

constexpr Operation kOperations[] = {
    {"create", Method::Create, &makeCreate, &readCreate},
    {"query", Method::Query, &makeQuery, &readQuery},
    {"close", Method::Close, &makeClose, &readClose},
    {"refund", Method::Refund, &makeRefund, &readRefund},
    {"refund_query", Method::RefundQuery, &makeRefundQuery, &readRefundQuery},
    {"bill", Method::Bill, &makeBillLink, &readBillLink},
};

constexpr std::size_t kCodeCharactersMax = 64;

/// A code as providers write it; anything else is not shown, it could be anything.
std::string codeOf(const Json& node)
{
    const std::string code = textOf(node, "code");
    const bool is_word = std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
    return is_word && code.size() <= kCodeCharactersMax ? code : std::string{};
}

Answer
readFailure(std::string_view operation, Method method, std::uint32_t http_status, std::string code)
{
    const OutcomeRule& rule = findOutcome(method, http_status, code);
    if (rule.status == HUB_OK) {
        return succeeded({{"state", rule.word}});
    }
    constexpr std::uint32_t kRetryAfterMs = 2000;
    Answer answer;
    answer.status = rule.status;
    answer.message = std::string{operation} + " was answered with HTTP status " +
                     std::to_string(http_status) + " " + (code.empty() ? "and no code" : code);
    Json payload{{"reason", reasonOf(rule, code)}, {"http_status", http_status}, {"code", code}};
    if (rule.is_retriable && method == Method::Create) {
        payload["retriable"] = true;
    }
    answer.payload = payload.dump();
    answer.retry_after_ms = rule.status == HUB_THROTTLED ? kRetryAfterMs : 0;
    return answer;
}

} // namespace

const Operation* findOperation(std::string_view name)
{
    const auto found = std::find_if(std::begin(kOperations),
                                    std::end(kOperations),
                                    [name](const Operation& one) { return one.name == name; });
    return found == std::end(kOperations) ? nullptr : found;
}

Answer readAnswer(const Operation& operation,
                  const Account& account,
                  const Json& request,
                  std::uint32_t http_status,
                  std::string_view body)
{
    constexpr std::uint32_t kOk = 200;
    constexpr std::uint32_t kNoContent = 204;
    const bool is_success = http_status == kOk || http_status == kNoContent;
    const Json parsed =
        is_success && body.empty() ? Json::object() : Json::parse(body, nullptr, false);
    if (!parsed.is_object()) {
        return unknown("HTTP status " + std::to_string(http_status) +
                       ": the answer is no JSON object");
    }
    return is_success ? operation.read(account, request, parsed)
                      : readFailure(operation.name, operation.method, http_status, codeOf(parsed));
}

std::string prepayOf(const Answer& created)
{
    const Json payload = Json::parse(created.payload, nullptr, false);
    return created.status == HUB_OK && payload.is_object() ? textOf(payload, "prepay_id")
                                                           : std::string{};
}

std::string packageOf(const std::string& prepay_id)
{
    return "prepay_id=" + prepay_id;
}

Answer completeInvocation(const Account& account,
                          const std::string& prepay_id,
                          const std::string& timestamp,
                          const std::string& nonce,
                          const std::string& signature_base64)
{
    return succeeded({{"product", "jsapi"},
                      {"merchant", account.mchid},
                      {"parameters",
                       {{"appId", account.appid},
                        {"timeStamp", timestamp},
                        {"nonceStr", nonce},
                        {"package", packageOf(prepay_id)},
                        {"signType", "RSA"},
                        {"paySign", signature_base64}}}});
}

Result<std::string> authorizeAddress(const Account& account, const Json& request)
{
    const std::string back = textOf(request, "return_url");
    if (back.rfind("https://", 0) != 0) {
        return badRequest("\"return_url\" must be an https address of the hub's");
    }
    return account.authorize_url + "/connect/oauth2/authorize?appid=" + toPercent(account.appid) +
           "&redirect_uri=" + toPercent(back) +
           "&response_type=code&scope=snsapi_base&state=" + toPercent(textOf(request, "state")) +
           "#wechat_redirect";
}

Result<std::string> identityAddress(const Account& account, const Json& request)
{
    const std::string code = textOf(request, "code");
    if (code.empty() || code.size() > kCodeBytesMax) {
        return badRequest("\"code\" must be the code that the provider's log-in page gave");
    }
    return account.oauth_url + "/sns/oauth2/access_token?appid=" + toPercent(account.appid) +
           "&secret={secret:app_secret}&code=" + toPercent(code) + "&grant_type=authorization_code";
}

Answer readIdentity(std::uint32_t http_status, std::string_view body)
{
    constexpr std::uint32_t kOk = 200;
    const Json parsed = Json::parse(body, nullptr, false);
    if (http_status != kOk || !parsed.is_object()) {
        return unknown("the answer of HTTP status " + std::to_string(http_status) +
                       " names no payer");
    }
    if (std::string openid = textOf(parsed, "openid");
        !openid.empty() && openid.size() <= kOpenidBytesMax) {
        return succeeded({{"identity", std::move(openid)}});
    }
    const auto error = integerOf(parsed, "errcode");
    return readFailure("payer_identity",
                       Method::Identity,
                       http_status,
                       error ? std::to_string(*error) : std::string{});
}

std::string describeUntrusted(std::string_view body)
{
    const Json parsed = Json::parse(body, nullptr, false);
    const std::string code = parsed.is_object() ? codeOf(parsed) : std::string{};
    return code.empty() ? "no code" : code;
}

} // namespace wechat
