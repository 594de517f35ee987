// UnionPay's ACP gateway as a connector of the payment contract: takes a call, makes the one
// exchange it needs, answers. What the bytes mean is in protocol.cpp and notice.cpp.

#include "account.hpp"
#include "bill.hpp"
#include "exchange.hpp"
#include "notice.hpp"
#include "protocol.hpp"
#include "unionpay_acp/message.hpp"
#include "unionpay_acp/text.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>

namespace payment_unionpay {
namespace {

using hub::Answer;
using hub::Result;

constexpr std::string_view kContract = "payment";
constexpr std::string_view kBillMediaType = "application/x-ndjson";
constexpr std::size_t kBlobPieceBytes = 256UL * 1024;
constexpr std::int64_t kMsPerSecond = 1000;

Answer unsupported(std::string message)
{
    return {HUB_UNSUPPORTED, std::move(message), {}, 0};
}

Answer stateOf(const char* word)
{
    return {HUB_OK, {}, Json{{"state", word}}.dump(), 0};
}

class UnionpayConnector : public hub::Connector {
public:
    UnionpayConnector(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , accounts_(parseAccounts(create_json))
        , exchanger_(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        if (event.type() != kContract) {
            return unsupported("this connector implements the payment contract only");
        }
        const auto account = accounts_.find(event.account());
        if (account == accounts_.end()) {
            return {HUB_INTERNAL,
                    "account " + std::string{event.account()} +
                        " is not configured for payment_unionpay",
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0};
        }
        const Context context{account->second, request, host().nowMs()};
        if (event.operation() == "callback") {
            return readCallback(context);
        }
        if (event.operation() == "create") {
            return create(event.callId(), context);
        }
        if (event.operation() == "cancel") {
            return unsupported("UnionPay undoes a payment only by its queryId, as a transaction "
                               "of its own with a number that this request does not give; refund "
                               "instead");
        }
        const Operation* operation = findOperation(event.operation());
        if (operation == nullptr) {
            return unsupported("payment_unionpay has no operation " +
                               std::string{event.operation()});
        }
        return event.operation() == "bill" ? fetchBill(event.callId(), context, *operation)
                                           : exchanger_.ask(event.callId(), context, *operation);
    }

    Answer create(hub_call_id call, const Context& context) const
    {
        const auto product = context.request.find("product");
        if (product != context.request.end() && *product == "qr") {
            return exchanger_.ask(call, context, *findOperation("create"));
        }
        if (product != context.request.end() && *product == "page") {
            return exchanger_.makeForm(call, context);
        }
        return unsupported("this connector offers the products qr and page");
    }

    Answer fetchBill(hub_call_id call, const Context& context, const Operation& operation) const
    {
        if (isBillDayOpen(context.request, context.now_ms)) {
            return stateOf("not_yet");
        }
        const Answer asked = exchanger_.ask(call, context, operation);
        const Json found = Json::parse(asked.payload, nullptr, false);
        if (asked.status != HUB_OK || found["state"] != "ready") {
            return asked;
        }
        const auto bill = readBillFile(found[kFileContent].get<std::string>());
        if (!bill.ok()) {
            return unknown("the bill: " + bill.error().message);
        }
        if (bill.value().exceptions != 0) {
            host().log(hub::LogLevel::Warning,
                       "the bill of " + context.request.value("date", "") + " has " +
                           std::to_string(bill.value().exceptions) +
                           " rows of exceptions (ZME), which this connector does not read");
        }
        const auto lines = toBillLines(bill.value().transactions,
                                       context.account.merchant_id,
                                       endOfDay(context.request).value());
        if (!lines.ok()) {
            return unknown("the bill: " + lines.error().message);
        }
        return lines.value().empty() ? stateOf("empty") : keep(call, lines.value());
    }

    /// Answers with the blob that holds the bytes.
    Answer keep(hub_call_id call, std::string_view bytes) const
    {
        const auto* blobs = host().extension<hub_blob_v1>(HUB_EXT_BLOB_1);
        hub_blob_writer writer = 0;
        hub_status status = blobs == nullptr ? hub_status{HUB_UNSUPPORTED}
                                             : blobs->begin(host().context(), call, &writer);
        while (status == HUB_OK && !bytes.empty()) {
            const std::string_view piece = bytes.substr(0, kBlobPieceBytes);
            status = blobs->append(host().context(), writer, hub::toBytes(piece));
            bytes.remove_prefix(piece.size());
        }
        std::string name;
        if (status == HUB_OK) {
            const auto take = [](void* user, hub_bytes digest) noexcept {
                static_cast<std::string*>(user)->assign(hub::view(digest));
            };
            status = blobs->finish(host().context(), writer, take, &name);
        }
        if (status != HUB_OK) {
            return notSent({status, "the bill could not be kept as a blob"});
        }
        return {HUB_OK,
                {},
                Json{{"state", "ready"}, {"blob", name}, {"media_type", kBillMediaType}}.dump(),
                0};
    }

    Answer readCallback(const Context& context) const
    {
        const auto body = unionpay::fromBase64(context.request.value("body_base64", ""));
        if (context.request.value("method", "") != "POST" || !body.ok()) {
            return refuse("a notification is a POST with a form");
        }
        const auto notice = unionpay::fromForm(body.value());
        if (!notice.ok()) {
            return refuse(notice.error().message);
        }
        const auto genuine = unionpay::checkMessage(notice.value(),
                                                    context.account.anchors,
                                                    context.account.rules,
                                                    context.now_ms / kMsPerSecond);
        if (!genuine.ok()) {
            return refuse(genuine.error().message);
        }
        const auto reading = readNotice(context.account, notice.value(), context.now_ms);
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json payload{
            {"ack", acceptance()}, {"nack", refusal()}, {"reading", reading.value()}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    static Answer refuse(const std::string& why)
    {
        return {HUB_REJECTED, why, Json{{"nack", refusal()}}.dump(), 0};
    }

    Accounts accounts_;
    Exchanger exchanger_;
};

} // namespace
} // namespace payment_unionpay

HUB_CONNECTOR(payment_unionpay::UnionpayConnector, "payment_unionpay", "0.1.0")
