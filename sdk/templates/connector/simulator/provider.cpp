#include "provider.hpp"

#include "settings.hpp"
#include "trades.hpp"

#include <hub/money.hpp>

#include <Poco/URI.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <utility>

#include <core/crypto.hpp>

namespace simulated {

namespace {

using namespace hub::simulator;

constexpr std::string_view kPath = "/v1/payments/";

std::string textOf(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// The document, section "Signatures": hex(HMAC-SHA256(key, timestamp LF body)).
std::string sign(const Merchant& merchant, std::string_view timestamp, std::string_view body)
{
    const std::string text = std::string(timestamp) + "\n" + std::string(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
    unsigned size = 0;
    HMAC(EVP_sha256(),
         merchant.api_key.data(),
         static_cast<int>(merchant.api_key.size()),
         reinterpret_cast<const unsigned char*>(text.data()),
         text.size(),
         mac.data(),
         &size);
    std::string hex;
    for (unsigned i = 0; i < size; ++i) {
        constexpr const char* kDigits = "0123456789abcdef";
        hex += kDigits[mac[i] >> 4U];
        hex += kDigits[mac[i] & 15U];
    }
    return hex;
}

bool isSame(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// A signed message, in the headers of a request or in the fields of a payer's form.
struct Signed {
    std::string body;
    std::string timestamp;
    std::string signature;
};

Signed readSigned(const HttpMessage& message, std::string_view method)
{
    if (method != "page") {
        return {message.body,
                headerOf(message.headers, "x-timestamp"),
                headerOf(message.headers, "x-signature")};
    }
    Signed read;
    Poco::URI uri;
    uri.setRawQuery(message.body);
    for (const auto& [name, value] : uri.getQueryParameters()) {
        (name == "request"     ? read.body
         : name == "timestamp" ? read.timestamp
                               : read.signature) = value;
    }
    return read;
}

bool isTimely(std::string_view timestamp, std::int64_t tolerance_ms)
{
    std::int64_t seconds = 0;
    const char* end = timestamp.data() + timestamp.size();
    const auto parsed = std::from_chars(timestamp.data(), end, seconds);
    return parsed.ec == std::errc{} && parsed.ptr == end && timestamp.size() <= 12 &&
           std::abs(seconds * 1000 - realNowMs()) <= tolerance_ms;
}

/// Scripted: a wrong amount, validly signed.
void raiseAmount(Json& fields)
{
    const auto amount = hub::parseDecimal(textOf(fields, "amount"));
    if (amount.ok()) {
        fields["amount"] = hub::toDecimal({amount.value().amountMinor() + 1, "CNY"});
    }
}

class Simulated final : public Provider {
public:
    Simulated(Settings settings, Surroundings with)
        : settings_(std::move(settings))
        , with_(std::move(with))
        , trades_(settings_, with_, *this)
    {}

    std::string_view name() const override { return kName; }
    bool serves(const HttpMessage& message) const override
    {
        return message.method == "POST" && message.path.starts_with(kPath);
    }
    Call read(const HttpMessage& message) const override;
    Answer book(const Call& call) override { return trades_.book(call); }
    Answer refuse(const Call& call, const ScriptedRefusal& scripted) const override
    {
        Answer answer = answerOf(scripted.code, call.number, Json::object());
        answer.status = scripted.status == 0 ? 200 : scripted.status;
        return answer;
    }
    Reply render(const Call& call, const Answer& answer, Distortion distortion) const override;

    Look look(const Trade& trade) const override
    {
        const Merchant* merchant = settings_.findMerchant(trade.seller);
        return {.app = "模拟支付",
                .app_english = "Simulated Payment Example",
                .color = "#6a3fa0",
                .merchant = merchant == nullptr ? trade.seller : merchant->name};
    }
    std::optional<WayBack> wayBack(const Trade& trade) const override;
    std::string newProviderNumber() const override { return "S" + randomDigits(20); }
    void tell(Book& book, const Trade& trade, const Refund* refund) const override;
    std::int64_t refundWindowMs() const override { return settings_.refund_window_ms; }
    bool keepsUnopenedOrders() const override { return true; }
    OutMessage renderNotification(const Notification& notification,
                                  const Json& replaced,
                                  Distortion distortion) const override;
    bool isAcknowledgement(int http_status, std::string_view body) const override
    {
        return http_status == 200 && body == "ok";
    }
    const std::vector<std::int64_t>& notifyPausesMs() const override
    {
        return settings_.notify_pauses_ms;
    }

private:
    /// Empty when the message may be booked; else the code that refuses it.
    std::string findFault(const Merchant& merchant, const Call& call, const Signed& message) const;
    Headers headersOf(const Merchant& merchant, std::string_view body, Distortion distortion) const;

    const Settings settings_;
    const Surroundings with_;
    const Trades trades_;
};

Call Simulated::read(const HttpMessage& message) const
{
    Call call;
    call.method = message.path.substr(kPath.size());
    const Signed read = readSigned(message, call.method);
    const Json body = Json::parse(read.body, nullptr, false);
    call.content = body.is_object() ? body : Json::object();
    call.number = textOf(call.content, "number");
    call.app = textOf(call.content, "merchant");
    const Merchant* merchant = settings_.findMerchant(call.app);
    const std::string fault =
        merchant == nullptr ? "MERCHANT_UNKNOWN" : findFault(*merchant, call, read);
    if (!fault.empty()) {
        call.refusal = answerOf(fault, call.number, Json::object());
        call.refusal->status = merchant == nullptr ? 401 : 200;
    }
    return call;
}

std::string
Simulated::findFault(const Merchant& merchant, const Call& call, const Signed& message) const
{
    if (!isSame(sign(merchant, message.timestamp, message.body), message.signature)) {
        return "SIGNATURE_WRONG";
    }
    if (!isTimely(message.timestamp, settings_.timestamp_tolerance_ms)) {
        return "TIMESTAMP_WRONG";
    }
    constexpr std::array<std::string_view, 6> kOperations{
        "create", "page", "query", "close", "refund", "refund_query"};
    const bool is_known =
        std::find(kOperations.begin(), kOperations.end(), call.method) != kOperations.end();
    return is_known && !call.number.empty() ? "" : "MALFORMED";
}

Headers
Simulated::headersOf(const Merchant& merchant, std::string_view body, Distortion distortion) const
{
    const std::string timestamp = std::to_string(realNowMs() / 1000);
    Headers headers{{"X-Timestamp", timestamp}};
    if (distortion != Distortion::Unsigned) {
        const bool is_forged =
            distortion == Distortion::BadSignature || distortion == Distortion::ProbeSignature;
        headers.emplace_back("X-Signature",
                             sign(merchant, timestamp, std::string(body) + (is_forged ? " " : "")));
    }
    return headers;
}

Reply Simulated::render(const Call& call, const Answer& answer, Distortion distortion) const
{
    if (answer.kind == "redirection") {
        return {.status = 303,
                .content_type = "text/plain",
                .body = "",
                .headers = {{"Location", answer.bytes}}};
    }
    Json fields = answer.fields;
    if (distortion == Distortion::WrongAmount) {
        raiseAmount(fields);
    }
    Reply reply{.status = answer.status, .body = fields.dump()};
    if (const Merchant* merchant = settings_.findMerchant(call.app)) {
        reply.headers = headersOf(*merchant, reply.body, distortion);
    }
    return reply;
}

std::optional<WayBack> Simulated::wayBack(const Trade& trade) const
{
    const std::string address = textOf(Json::parse(trade.content), "return_url");
    return address.empty() ? std::nullopt : std::optional(WayBack{address, false});
}

/// Only payments are told; refunds are asked for.
void Simulated::tell(Book& book, const Trade& trade, const Refund* refund) const
{
    if (refund != nullptr || trade.state != TradeState::Paid || trade.notify_url.empty()) {
        return;
    }
    const std::string id = "N" + randomDigits(20);
    Json fields{{"merchant", trade.seller}, {"number", trade.number}, {"notice_id", id}};
    fields.update(factsOf(trade));
    book.insert(Notification{.id = id,
                             .trade = trade.id,
                             .provider = trade.provider,
                             .app = trade.app,
                             .number = trade.number,
                             .event = "paid",
                             .url = trade.notify_url,
                             .fields = fields.dump(),
                             .state = "queued",
                             .due_ms = with_.clock.nowMs()});
}

OutMessage Simulated::renderNotification(const Notification& notification,
                                         const Json& replaced,
                                         Distortion distortion) const
{
    Json fields = Json::parse(notification.fields);
    if (distortion == Distortion::WrongAmount) {
        raiseAmount(fields);
    }
    fields.merge_patch(replaced);
    OutMessage message{.content_type = "application/json", .body = fields.dump()};
    if (const Merchant* merchant = settings_.findMerchant(notification.app)) {
        message.headers = headersOf(*merchant, message.body, distortion);
    }
    return message;
}

} // namespace

std::unique_ptr<Provider>
make(const Json& section, const std::filesystem::path&, Surroundings surroundings)
{
    return std::make_unique<Simulated>(readSettings(section), std::move(surroundings));
}

} // namespace simulated
