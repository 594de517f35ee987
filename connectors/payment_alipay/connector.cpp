// Alipay's OpenAPI gateway as a connector of the payment contract: takes a call, makes the one
// exchange it needs or the form that the payer's browser carries, answers. What the bytes mean is
// in protocol.cpp and notice.cpp.

#include "account.hpp"
#include "bill.hpp"
#include "bill_operation.hpp"
#include "envelope.hpp"
#include "exchange.hpp"
#include "notice.hpp"
#include "protocol.hpp"

#include <hub/connector.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace alipay {
namespace {

using hub::Answer;
using hub::Result;

constexpr std::string_view kContract = "payment";
constexpr std::string_view kBillMediaType = "application/x-ndjson";
constexpr std::size_t kBlobPieceBytes = 256UL * 1024;

class AlipayConnector : public hub::Connector {
public:
    AlipayConnector(hub::Host host, std::string_view create_json)
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
                        " is not configured for payment_alipay",
                    {},
                    0};
        }
        const Json request = Json::parse(event.payload(), nullptr, false);
        if (!request.is_object()) {
            return {HUB_BAD_REQUEST, "the payload is no JSON object", {}, 0};
        }
        if (event.operation() == "callback") {
            return readCallback(event.callId(), account->second, request);
        }
        const Operation* operation = findOperation(event.operation());
        if (operation == nullptr) {
            return {HUB_UNSUPPORTED,
                    "payment_alipay has no operation " + std::string{event.operation()},
                    {},
                    0};
        }
        const Task task{event.callId(), account->second, request};
        const CarriedProduct* carried =
            event.operation() == "create" ? findCarried(request) : nullptr;
        if (carried != nullptr) {
            return exchanger_.makeForm(task, *carried);
        }
        return operation->method == Method::Bill ? fetchBill(task, *operation)
                                                 : exchanger_.ask(task, *operation);
    }

    Answer fetchBill(const Task& task, const Operation& operation) const
    {
        const auto state = [](const char* word) {
            return Answer{HUB_OK, {}, Json{{"state", word}}.dump(), 0};
        };
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
        const auto archive = exchanger_.download(task, found["address"]);
        const auto lines = archive.ok() ? readBill(archive.value()) : archive;
        if (!lines.ok()) {
            return unknown("the bill: " + lines.error().message);
        }
        const auto blob = lines.value().empty() ? lines : keep(task.call, lines.value());
        if (!blob.ok()) {
            return notSent(blob.error());
        }
        return lines.value().empty() ? state("empty")
                                     : Answer{HUB_OK,
                                              {},
                                              Json{{"state", "ready"},
                                                   {"blob", blob.value()},
                                                   {"media_type", kBillMediaType}}
                                                  .dump(),
                                              0};
    }

    /// The archive as lines; nothing of a bill that is not whole.
    static Result<std::string> readBill(const std::string& archive)
    {
        const auto table = findBillTable(archive);
        if (!table.ok()) {
            return table;
        }
        const auto bill = parseBill(table.value());
        if (!bill.ok()) {
            return bill.error();
        }
        const auto whole = checkStatedCounts(bill.value());
        return whole.ok() ? toBillLines(bill.value()) : Result<std::string>{whole.error()};
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

    Answer readCallback(hub_call_id call, const Account& account, const Json& request) const
    {
        const auto body = fromBase64(request.value("body_base64", ""));
        if (request.value("method", "") != "POST" || !body.ok()) {
            return refuse("a notice is a POST with a form");
        }
        const auto notice = parseNotice(body.value());
        if (!notice.ok()) {
            return refuse(notice.error().message);
        }
        const hub_status verified = verifyNotice(call, notice.value());
        if (verified == HUB_REJECTED) {
            return refuse("the notice's signature is not provider_key's");
        }
        if (verified != HUB_OK) {
            return {HUB_UNAVAILABLE, "the notice could not be checked with provider_key", {}, 0};
        }
        const auto reading = readNotice(account, notice.value());
        if (!reading.ok()) {
            return refuse(reading.error().message);
        }
        const Json payload{
            {"ack", acceptance()}, {"nack", refusal()}, {"reading", reading.value()}};
        return {HUB_OK, {}, payload.dump(), 0};
    }

    /// Trade notices are signed without sign_type, some others with it.
    hub_status verifyNotice(hub_call_id call, const Notice& notice) const
    {
        const std::string dropped = noticeSignText(notice.parameters, SignType::Dropped);
        const hub_status status =
            host().verify(call, kProviderKey, kAlgorithm, dropped, notice.signature);
        const std::string kept = noticeSignText(notice.parameters, SignType::Kept);
        return status != HUB_REJECTED || kept == dropped
                   ? status
                   : host().verify(call, kProviderKey, kAlgorithm, kept, notice.signature);
    }

    static Answer refuse(const std::string& why)
    {
        return {HUB_REJECTED, why, Json{{"nack", refusal()}}.dump(), 0};
    }

    Accounts accounts_;
    Exchanger exchanger_;
};

} // namespace
} // namespace alipay

HUB_CONNECTOR(alipay::AlipayConnector, "payment_alipay", "0.1.0")
