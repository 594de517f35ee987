#include "protocol.hpp"

#include "beijing_time.hpp"
#include "bill_operation.hpp"

#include <hub/money.hpp>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

namespace alipay {

namespace {

using hub::Answer;
using hub::Error;
using hub::Money;
using hub::Result;

constexpr std::int64_t kAmountMinorMax = 10'000'000'000; // 100,000,000 yuan
constexpr std::size_t kNumberBytesMax = 64;
constexpr std::size_t kSubjectCharactersMax = 256;
constexpr std::size_t kSubCodeBytesMax = 128;
constexpr std::size_t kReturnUrlBytesMax = 256;

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

Result<std::string> numberOf(const Json& request, const char* name)
{
    std::string number = textOf(request, name);
    const bool is_allowed = std::all_of(number.begin(), number.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_';
    });
    if (number.empty() || number.size() > kNumberBytesMax || !is_allowed) {
        return badRequest("\"" + std::string{name} +
                          "\" must be 1 to 64 letters, digits or underscores");
    }
    return number;
}

Result<std::string> decimalOf(const Json& request, const char* name)
{
    if (textOf(request, "currency") != "CNY") {
        return badRequest("\"currency\" must be CNY: this account takes nothing else");
    }
    const auto amount_minor = integerOf(request, name);
    if (!amount_minor || *amount_minor < 1 || *amount_minor > kAmountMinorMax) {
        return badRequest("\"" + std::string{name} + "\" must be from 1 to 10000000000 fen");
    }
    return hub::toDecimal(Money{*amount_minor, "CNY"});
}

/// The provider refuses / = & in a subject. Each becomes a space: the same text at every
/// repetition, and no payment fails over a caption.
Result<std::string> subjectOf(const Json& request)
{
    std::string subject = textOf(request, "subject");
    std::replace_if(
        subject.begin(),
        subject.end(),
        [](char c) {
            return c == '/' || c == '=' || c == '&' || static_cast<unsigned char>(c) < 0x20 ||
                   c == 0x7F;
        },
        ' ');
    const auto first = subject.find_first_not_of(' ');
    if (first == std::string::npos) {
        return badRequest("\"subject\" must hold a character other than / = & and space");
    }
    subject = subject.substr(first, subject.find_last_not_of(' ') - first + 1);
    const auto characters = std::count_if(subject.begin(), subject.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    });
    if (static_cast<std::size_t>(characters) > kSubjectCharactersMax) {
        return badRequest("\"subject\" must have at most 256 characters");
    }
    return subject;
}

Result<Json> makeNumberContent(const Account&, const Json& request)
{
    auto number = numberOf(request, "number");
    if (!number.ok()) {
        return number.error();
    }
    return Json{{"out_trade_no", std::move(number).value()}};
}

/// What every product says of the order.
Result<Json> orderContent(const std::string& product_code, const Json& request)
{
    const auto number = numberOf(request, "number");
    const auto amount = decimalOf(request, "amount_minor");
    const auto subject = subjectOf(request);
    const auto expiry = toBeijingTime(integerOf(request, "expires_at_ms").value_or(0));
    for (const Result<std::string>* part : {&number, &amount, &subject, &expiry}) {
        if (!part->ok()) {
            return part->error();
        }
    }
    return Json{{"out_trade_no", number.value()},
                {"total_amount", amount.value()},
                {"subject", subject.value()},
                {"product_code", product_code},
                {"time_expire", expiry.value()}};
}

Result<Json> makeCreateContent(const Account& account, const Json& request)
{
    if (textOf(request, "product") != "qr") {
        return Error{HUB_UNSUPPORTED, "this connector offers the products qr, wap and page"};
    }
    auto content = orderContent(account.product_code, request);
    if (!content.ok()) {
        return content;
    }
    content.value()["seller_id"] = account.seller_id;
    if (account.qr_timeout_minutes > 0) {
        content.value()["qr_code_timeout_express"] =
            std::to_string(account.qr_timeout_minutes) + "m";
    }
    return content;
}

/// Where the browser goes afterwards; empty when the request names nothing.
Result<std::string> returnUrlOf(const Json& request)
{
    std::string address = textOf(request, "return_url");
    const bool is_web = address.starts_with("https://") || address.starts_with("http://");
    if (!address.empty() && (!is_web || address.size() > kReturnUrlBytesMax)) {
        return badRequest("\"return_url\" must be a web address of at most 256 characters");
    }
    return address;
}

Result<Json> makeCarriedContent(const CarriedProduct& product,
                                const Account& account,
                                const Json& request,
                                const std::string& return_url)
{
    auto content = orderContent(account.*product.product_code, request);
    if (!content.ok()) {
        return content;
    }
    // Not whoever the application's owner is: the account that the money is for.
    content.value()["seller_id"] = account.seller_id;
    if (!product.has_quit_url) {
        return content;
    }
    if (return_url.empty()) {
        return badRequest("product " + std::string{product.name} + " needs \"return_url\"");
    }
    content.value()["quit_url"] = return_url;
    return content;
}

Result<Json> makeRefundContent(const Account&, const Json& request)
{
    const auto number = numberOf(request, "number");
    const auto refund_number = numberOf(request, "refund_number");
    const auto amount = decimalOf(request, "amount_minor");
    for (const Result<std::string>* part : {&number, &refund_number, &amount}) {
        if (!part->ok()) {
            return part->error();
        }
    }
    Json content{{"out_trade_no", number.value()},
                 {"out_request_no", refund_number.value()},
                 {"refund_amount", amount.value()}};
    if (const std::string reason = textOf(request, "reason"); !reason.empty()) {
        content["refund_reason"] = reason;
    }
    return content;
}

Result<Json> makeRefundQueryContent(const Account&, const Json& request)
{
    const auto number = numberOf(request, "number");
    const auto refund_number = numberOf(request, "refund_number");
    for (const Result<std::string>* part : {&number, &refund_number}) {
        if (!part->ok()) {
            return part->error();
        }
    }
    return Json{{"out_trade_no", number.value()},
                {"out_request_no", refund_number.value()},
                {"query_options", Json::array({"gmt_refund_pay"})}};
}

// ---- What comes back. A node that is genuine but speaks of another number or amount is no
// answer to this request: unknown.

std::optional<Answer> findMismatch(const Json& request,
                                   const Json& node,
                                   std::initializer_list<std::pair<const char*, const char*>> pairs)
{
    for (const auto& [ours, theirs] : pairs) {
        const std::string value = textOf(node, theirs);
        if (!value.empty() && value != textOf(request, ours)) {
            return unknown("the answer's " + std::string{theirs} + " is not the one that was sent");
        }
    }
    return std::nullopt;
}

std::optional<Answer> findForeignNumber(const Json& request, const Json& node)
{
    return findMismatch(request, node, {{"number", "out_trade_no"}});
}

/// Adds `member` when the provider's text is a valid time.
void addTime(Json& payload, const char* member, const std::string& text)
{
    if (const auto time = parseBeijingTime(text); time.ok()) {
        payload[member] = time.value();
    }
}

bool isMoreThanZero(const Json& node, const char* name)
{
    const auto amount = hub::parseDecimal(textOf(node, name));
    return amount.ok() && !amount.value().isZero();
}

Answer readCreate(const Account& account, const Json& request, const Json& node)
{
    if (auto mismatch = findForeignNumber(request, node)) {
        return *mismatch;
    }
    const std::string qr_code = textOf(node, "qr_code");
    if (qr_code.empty()) {
        return unknown("the answer holds no qr_code");
    }
    return succeeded({{"product", "qr"}, {"qr_code", qr_code}, {"merchant", account.seller_id}});
}

/// A closed trade that was ever paid can only have been closed by giving everything back.
std::string closedState(const Json& node)
{
    const bool was_paid =
        !textOf(node, "send_pay_date").empty() || !textOf(node, "gmt_payment").empty() ||
        isMoreThanZero(node, "receipt_amount") || isMoreThanZero(node, "buyer_pay_amount") ||
        isMoreThanZero(node, "refund_fee");
    return was_paid ? "refunded" : "closed";
}

std::string stateOf(const Json& node)
{
    const std::string status = textOf(node, "trade_status");
    if (status == "WAIT_BUYER_PAY") {
        return "waiting";
    }
    if (status == "TRADE_SUCCESS" || status == "TRADE_FINISHED") {
        return "paid";
    }
    return status == "TRADE_CLOSED" ? closedState(node) : std::string{};
}

Answer readQuery(const Account& account, const Json& request, const Json& node)
{
    if (auto mismatch = findForeignNumber(request, node)) {
        return *mismatch;
    }
    const std::string state = stateOf(node);
    if (state.empty()) {
        return unknown("the answer's trade_status is not one that is documented");
    }
    Json payload{{"state", state}};
    if (const std::string text = textOf(node, "total_amount"); !text.empty()) {
        const auto total = hub::parseDecimal(text);
        const auto expected_minor = integerOf(request, "amount_minor");
        if (!total.ok()) {
            return unknown("the answer's total_amount is no amount");
        }
        if (expected_minor && *expected_minor != total.value().amountMinor()) {
            return unknown("the answer's total_amount is not the one that was sent");
        }
        payload["amount_minor"] = total.value().amountMinor();
        payload["currency"] = "CNY";
    } else if (state == "paid") {
        return unknown("the answer says paid, but not how much");
    }
    if (const std::string seller = textOf(node, "seller_id"); !seller.empty()) {
        if (seller != account.seller_id) {
            return unknown("the answer's seller_id is not this account's");
        }
        payload["merchant"] = seller;
    }
    if (const std::string trade = textOf(node, "trade_no"); !trade.empty()) {
        payload["provider_number"] = trade;
    }
    if (state == "paid" || state == "refunded") {
        addTime(payload, "paid_at_ms", textOf(node, "send_pay_date"));
    }
    return succeeded(payload);
}

Answer readClose(const Account&, const Json& request, const Json& node)
{
    if (auto mismatch = findForeignNumber(request, node)) {
        return *mismatch;
    }
    return succeeded({{"state", "closed"}});
}

Answer readCancel(const Account&, const Json& request, const Json& node)
{
    if (auto mismatch = findForeignNumber(request, node)) {
        return *mismatch;
    }
    if (textOf(node, "retry_flag") == "Y") {
        return unknown("the provider asks for the cancel to be repeated");
    }
    const std::string action = textOf(node, "action");
    if (action == "close") {
        return succeeded({{"state", "closed"}});
    }
    if (action == "refund") {
        return succeeded({{"state", "refunded"}});
    }
    return action.empty() ? succeeded({{"state", "not_found"}})
                          : unknown("the answer's action is not one that is documented");
}

Answer readRefund(const Account&, const Json& request, const Json& node)
{
    if (auto mismatch = findMismatch(
            request, node, {{"number", "out_trade_no"}, {"refund_number", "out_request_no"}})) {
        return *mismatch;
    }
    if (textOf(node, "fund_change") != "Y") {
        // A repetition, or not moved yet: the refund query tells the two apart.
        return {HUB_PENDING, "no money moved by this request", R"({"state":"processing"})", 0};
    }
    const std::int64_t amount_minor = integerOf(request, "amount_minor").value_or(0);
    const std::int64_t total_minor = integerOf(request, "total_minor").value_or(kAmountMinorMax);
    if (const std::string text = textOf(node, "refund_fee"); !text.empty()) {
        // The sum of all refunds of this trade, this one included.
        const auto sum = hub::parseDecimal(text);
        if (!sum.ok() || sum.value().amountMinor() < amount_minor ||
            sum.value().amountMinor() > total_minor) {
            return unknown("the answer's refund_fee does not fit what was sent");
        }
    }
    Json payload{{"state", "succeeded"}, {"amount_minor", amount_minor}};
    addTime(payload, "refunded_at_ms", textOf(node, "gmt_refund_pay"));
    return succeeded(payload);
}

Answer readRefundQuery(const Account&, const Json& request, const Json& node)
{
    if (auto mismatch = findMismatch(
            request, node, {{"number", "out_trade_no"}, {"refund_number", "out_request_no"}})) {
        return *mismatch;
    }
    const std::string status = textOf(node, "refund_status");
    const std::string text = textOf(node, "refund_amount");
    if (status.empty()) {
        // Named with its amount it was received; otherwise the provider wants the same request
        // again, which it executes once.
        return succeeded({{"state", text.empty() ? "not_found" : "processing"}});
    }
    if (status != "REFUND_SUCCESS") {
        return unknown("the answer's refund_status is not one that is documented");
    }
    Json payload{{"state", "succeeded"}};
    if (!text.empty()) {
        const auto amount = hub::parseDecimal(text);
        const auto expected_minor = integerOf(request, "amount_minor");
        if (!amount.ok() || (expected_minor && *expected_minor != amount.value().amountMinor())) {
            return unknown("the answer's refund_amount is not the one that was sent");
        }
        payload["amount_minor"] = amount.value().amountMinor();
    }
    addTime(payload, "refunded_at_ms", textOf(node, "gmt_refund_pay"));
    return succeeded(payload);
}

constexpr Operation kOperations[] = {
    {"create",
     Method::Precreate,
     "alipay.trade.precreate",
     true,
     false,
     makeCreateContent,
     readCreate},
    {"query", Method::Query, "alipay.trade.query", false, false, makeNumberContent, readQuery},
    {"close", Method::Close, "alipay.trade.close", false, false, makeNumberContent, readClose},
    {"cancel", Method::Cancel, "alipay.trade.cancel", false, false, makeNumberContent, readCancel},
    {"refund", Method::Refund, "alipay.trade.refund", false, false, makeRefundContent, readRefund},
    {"refund_query",
     Method::RefundQuery,
     "alipay.trade.fastpay.refund.query",
     false,
     false,
     makeRefundQueryContent,
     readRefundQuery},
    {"bill",
     Method::Bill,
     "alipay.data.dataservice.bill.downloadurl.query",
     false,
     true,
     makeBillContent,
     readBillAddress},
};

constexpr CarriedProduct kCarried[] = {
    {"wap", "alipay.trade.wap.pay", &Account::wap_product_code, true},
    {"page", "alipay.trade.page.pay", &Account::page_product_code, false},
};

/// What every request to gateway.do begins with.
Result<Parameters> publicParameters(std::string_view method_name,
                                    const Account& account,
                                    const CertificateNumbers& numbers,
                                    std::int64_t now_ms)
{
    const auto timestamp = toBeijingTime(now_ms);
    if (!timestamp.ok()) {
        return timestamp.error();
    }
    Parameters parameters{{"app_id", account.app_id},
                          {"method", std::string{method_name}},
                          {"format", "JSON"},
                          {"charset", account.charset},
                          {"sign_type", "RSA2"},
                          {"timestamp", timestamp.value()},
                          {"version", "1.0"}};
    if (!numbers.app.empty()) {
        parameters.emplace_back("app_cert_sn", numbers.app);
        parameters.emplace_back("alipay_root_cert_sn", numbers.root);
    }
    return parameters;
}

/// Codes are shown to operators and kept: nothing but code characters, of bounded length.
std::string codeOf(const Json& node, const char* name)
{
    const std::string code = textOf(node, name);
    const bool is_clean =
        code.size() <= kSubCodeBytesMax &&
        code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789._-") == std::string::npos;
    return is_clean ? code : std::string{};
}

std::string joined(const std::string& code, const std::string& sub_code)
{
    return sub_code.empty() ? code : code + " " + sub_code;
}

Answer readFailure(const Operation& operation, const std::string& code, const std::string& sub_code)
{
    const OutcomeRule& rule = findOutcome(operation.method, code, sub_code);
    if (rule.status == HUB_OK) {
        return succeeded({{"state", rule.word}});
    }
    Answer answer;
    answer.status = rule.status;
    answer.message =
        std::string{operation.method_name} + " was answered with " + joined(code, sub_code);
    Json payload{{"reason", reasonOf(rule, sub_code)}, {"code", code}, {"sub_code", sub_code}};
    if (rule.is_retriable && operation.method == Method::Precreate) {
        payload["retriable"] = true;
    }
    answer.payload = payload.dump();
    answer.retry_after_ms = rule.status == HUB_THROTTLED ? 2000 : 0;
    return answer;
}

/// An answer of REST v3 has one code: the gateway's sub_code, the common ones without "isv.".
struct RestCode {
    std::string code; // as the gateway would write it beside the sub_code; empty: not documented
    std::string sub_code;
};

RestCode toGatewayCode(std::uint32_t http_status, const std::string& code)
{
    constexpr std::uint32_t kTooManyRequests = 429;
    constexpr std::pair<std::string_view, std::string_view> kClasses[] = {
        {"isv.missing-", "40001"},
        {"isv.invalid-", "40002"},
        {"isv.app-cert-", "40002"},
        {"isv.insufficient-", "40006"},
        {"isv.app-call-limited", "40005"},
        {"isv.method-call-limited", "40005"},
        {"isp.unknow", "20000"},
        {"aop.unknow", "20000"},
        {"ACQ.", "40004"},
        {"AQC.", "40004"},
        {"isp.bill_", "40004"},
    };
    const bool is_bare = code.find('.') == std::string::npos;
    const bool is_common = is_bare && code.find('-') != std::string::npos;
    const std::string area = code == "unknow-error" ? "isp." : "isv.";
    const std::string sub_code = is_common ? area + code : code;
    if (http_status == kTooManyRequests) {
        return {"40005", sub_code};
    }
    for (const auto& [beginning, gateway_code] : kClasses) {
        if (sub_code.starts_with(beginning)) {
            return {std::string{gateway_code}, sub_code};
        }
    }
    // The bill's own codes are bare words.
    return {is_bare && !is_common ? "40004" : "", sub_code};
}

} // namespace

const Operation* findOperation(std::string_view name)
{
    for (const Operation& operation : kOperations) {
        if (operation.name == name) {
            return &operation;
        }
    }
    return nullptr;
}

hub::Result<Parameters> makeParameters(const Operation& operation,
                                       const Account& account,
                                       const CertificateNumbers& numbers,
                                       const Json& request,
                                       std::int64_t now_ms)
{
    const auto content = operation.makeContent(account, request);
    if (!content.ok()) {
        return content.error();
    }
    auto parameters = publicParameters(operation.method_name, account, numbers, now_ms);
    if (!parameters.ok()) {
        return parameters;
    }
    if (operation.has_notice && !account.callback_url.empty()) {
        parameters.value().emplace_back("notify_url", account.callback_url);
    }
    parameters.value().emplace_back("biz_content", content.value().dump());
    return parameters;
}

const CarriedProduct* findCarried(const Json& request)
{
    const std::string product = textOf(request, "product");
    for (const CarriedProduct& carried : kCarried) {
        if (carried.name == product) {
            return &carried;
        }
    }
    return nullptr;
}

hub::Result<Parameters> makeFormParameters(const CarriedProduct& product,
                                           const Account& account,
                                           const CertificateNumbers& numbers,
                                           const Json& request,
                                           std::int64_t now_ms)
{
    const auto return_url = returnUrlOf(request);
    if (!return_url.ok()) {
        return return_url.error();
    }
    const auto content = makeCarriedContent(product, account, request, return_url.value());
    if (!content.ok()) {
        return content.error();
    }
    auto parameters = publicParameters(product.method_name, account, numbers, now_ms);
    if (!parameters.ok()) {
        return parameters;
    }
    if (!account.callback_url.empty()) {
        parameters.value().emplace_back("notify_url", account.callback_url);
    }
    if (!return_url.value().empty()) {
        parameters.value().emplace_back("return_url", return_url.value());
    }
    parameters.value().emplace_back("biz_content", content.value().dump());
    return parameters;
}

hub::Answer makeFormAnswer(const CarriedProduct& product,
                           const Account& account,
                           const Parameters& signed_parameters)
{
    Json fields = Json::object();
    for (const auto& [name, value] : signed_parameters) {
        fields[name] = value;
    }
    return succeeded(
        {{"product", product.name},
         {"form", {{"method", "POST"}, {"url", requestAddress(account)}, {"fields", fields}}},
         {"merchant", account.seller_id}});
}

std::string requestAddress(const Account& account)
{
    return account.gateway_url + "?charset=" + account.charset;
}

hub::Answer readAnswer(const Operation& operation,
                       const Account& account,
                       const Json& request,
                       std::string_view node)
{
    const Json parsed = Json::parse(node, nullptr, false);
    if (!parsed.is_object()) {
        return unknown("the answer's node is no JSON object");
    }
    const std::string code = codeOf(parsed, "code");
    if (code.empty()) {
        return unknown("the answer holds no code");
    }
    if (code != "10000") {
        return readFailure(operation, code, codeOf(parsed, "sub_code"));
    }
    return operation.readNode(account, request, parsed);
}

Result<RestRequest>
makeRestRequest(const Operation& operation, const Account& account, const Json& request)
{
    auto content = operation.makeContent(account, request);
    if (!content.ok()) {
        return content.error();
    }
    const auto host = account.gateway_url.find("//") + 2;
    RestRequest rest;
    rest.method = operation.is_get ? "GET" : "POST";
    rest.origin = account.gateway_url.substr(0, account.gateway_url.find('/', host));
    rest.uri = operation.method_name;
    std::replace(rest.uri.begin(), rest.uri.end(), '.', '/');
    rest.uri = "/v3/" + rest.uri;
    if (operation.is_get) {
        Parameters query;
        for (const auto& [name, value] : content.value().items()) {
            query.emplace_back(name, value.get<std::string>());
        }
        rest.uri += "?" + toForm(query);
        return rest;
    }
    if (operation.has_notice && !account.callback_url.empty()) {
        content.value()["notify_url"] = account.callback_url;
    }
    rest.body = content.value().dump();
    return rest;
}

hub::Answer readRestAnswer(const Operation& operation,
                           const Account& account,
                           const Json& request,
                           std::uint32_t http_status,
                           std::string_view body)
{
    constexpr std::uint32_t kOk = 200;
    const Json parsed = Json::parse(body, nullptr, false);
    if (!parsed.is_object()) {
        return unknown("the answer is no JSON object");
    }
    if (http_status == kOk) {
        return operation.readNode(account, request, parsed);
    }
    const std::string code = codeOf(parsed, "code");
    if (http_status < 400 || code.empty()) {
        return unknown("the answer of HTTP status " + std::to_string(http_status) +
                       " holds no code");
    }
    const RestCode gateway = toGatewayCode(http_status, code);
    return readFailure(operation, gateway.code, gateway.sub_code);
}

std::string describeUntrusted(std::string_view node)
{
    const Json parsed = Json::parse(node, nullptr, false);
    const std::string code = parsed.is_object() ? codeOf(parsed, "code") : std::string{};
    return code.empty() ? "no code" : joined(code, codeOf(parsed, "sub_code"));
}

} // namespace alipay
