// WeChat Pay APIv3 as a connector of the payment contract: takes a call, makes the exchanges it
// needs, answers. What the bytes mean is in protocol.cpp, notice.cpp and bill.cpp.

#include "account.hpp"
#include "bill_operation.hpp"
#include "encoding.hpp"
#include "exchange.hpp"
#include "notice.hpp"
#include "protocol.hpp"

#include <hub/connector.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace wechat {
namespace {

using hub::Answer;
using hub::Result;

constexpr std::string_view kContract = "payment";
constexpr std::string_view kBillMediaType = "application/x-ndjson";
constexpr std::size_t kBlobPieceBytes = 256UL * 1024;

class WechatConnector : public hub::Connector {
public:
    WechatConnector(hub::Host host, std::string_view create_json)
        : hub::Connector(host)
        , accounts_(parseAccounts(create_json))
        , exchanger_(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override { reply.send(answer(event)); }

private:
    Answer answer(const hub::Event& event) const
    {
        if (event.type() != kContract) {
            return {HUB_UNSUPPORTED, "this connector implements the payment contract only", {}, 0};
        }
        const auto account = accounts_.find(event.account());
        if (account == accounts_.end()) {
            return {HUB_INTERNAL,
                    "account " + std::string{event.account()} +
                        " is not configured for payment_wechat",
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0};
        }
        return carryOut(event.operation(), {event.callId(), account->second, request});
    }

    Answer carryOut(std::string_view name, const Task& task) const
    {
        if (name == "callback") {
            return readCallback(task);
        }
        if (name == "payer_identity") {
            return exchanger_.identify(task);
        }
        if (name == "refresh_trust") {
            return exchanger_.refreshTrust(task);
        }
        const Operation* operation = findOperation(name);
        if (operation == nullptr) {
            return {HUB_UNSUPPORTED, "payment_wechat has no operation " + std::string{name}, {}, 0};
        }
        return operation->method == Method::Bill ? fetchBill(task, *operation)
                                                 : exchanger_.ask(task, *operation);
    }

    static Answer state(const char* word)
    {
        return Answer{HUB_OK, {}, Json{{"state", word}}.dump(), 0};
    }

    Answer fetchBill(const Task& task, const Operation& operation) const
    {
        if (isBillDayOpen(task.request, host().nowMs())) {
            return state("not_yet");
        }
        const Answer asked = exchanger_.ask(task, operation);
        if (asked.status != HUB_OK) {
            return asked;
        }
        const Json found = Json::parse(asked.payload);
        if (found["state"] == "empty") {
            const bool may_come = mayBillStillCome(task.account, task.request, host().nowMs());
            return state(may_come ? "not_yet" : "empty");
        }
        if (found["state"] != "ready") {
            return asked;
        }
        const auto file = exchanger_.download(task, found["address"]);
        const auto lines = file.ok() ? readBillFile(task.request,
                                                    file.value(),
                                                    found["sha1"].get_ref<const std::string&>())
                                     : file;
        if (!lines.ok()) {
            return unknown("the bill: " + lines.error().message);
        }
        if (lines.value().empty()) {
            return state("empty");
        }
        const auto blob = keep(task.call, lines.value());
        if (!blob.ok()) {
            return notSent(blob.error());
        }
        const Json payload{
            {"state", "ready"}, {"blob", blob.value()}, {"media_type", kBillMediaType}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    /// The name of the blob that holds the bytes.
    Result<std::string> keep(hub_call_id call, std::string_view bytes) const
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
        return status == HUB_OK ? Result<std::string>{name}
                                : Result<std::string>{
                                      hub::Error{status, "the bill could not be kept as a blob"}};
    }

    /// Signature first, over the bytes as received; only what it covers is parsed and opened.
    Answer readCallback(const Task& task) const
    {
        const auto body = fromBase64(task.request.value("body_base64", ""));
        if (task.request.value("method", "") != "POST" || !body.ok()) {
            return refuse("a notice is a POST with a body");
        }
        const Json headers = task.request.value("headers", Json::object());
        if (!isKnownScheme(headers)) {
            return refuse("the notice is signed by another scheme than WECHATPAY2-SHA256-RSA2048");
        }
        const Proof proof = proofOf(headers);
        if (isProbe(proof.signature)) {
            return {HUB_REJECTED,
                    "the provider's own probe of our verification",
                    Json{{"nack", refusal()}, {"probe", true}}.dump(),
                    0};
        }
        if (const auto proved = exchanger_.prove(task, proof, body.value()); !proved.ok()) {
            return refuseOrWait(proved.error());
        }
        const auto notice = parseNotice(body.value());
        if (!notice.ok()) {
            return refuse(notice.error().message);
        }
        const auto content = exchanger_.open(task, notice.value().resource);
        if (!content.ok()) {
            return refuseOrWait(content.error());
        }
        const auto reading = readNotice(task.account, notice.value(), content.value());
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json payload{
            {"ack", acceptance()}, {"nack", refusal()}, {"reading", reading.value()}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    /// What could not be checked now comes again.
    static Answer refuseOrWait(const hub::Error& error)
    {
        return error.code == HUB_REJECTED
                   ? refuse("the notice: " + error.message)
                   : Answer{HUB_UNAVAILABLE, "the notice: " + error.message, {}, 0};
    }

    static Answer refuse(const std::string& why)
    {
        return {HUB_REJECTED, why, Json{{"nack", refusal()}}.dump(), 0};
    }

    Accounts accounts_;
    Exchanger exchanger_;
};

} // namespace
} // namespace wechat

HUB_CONNECTOR(wechat::WechatConnector, "payment_wechat", "0.1.0")
