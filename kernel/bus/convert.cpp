#include "bus/convert.hpp"

#include <utility>

namespace hub::bus {

namespace {

hubp::Envelope envelopeOf(const journal::CallDelivery& delivery, std::uint32_t source)
{
    hubp::Envelope envelope;
    envelope.kind = HUB_KIND_TASK;
    envelope.source = source;
    envelope.flags = delivery.personal ? std::uint32_t{HUB_FLAG_PERSONAL} : 0U;
    envelope.schema_version = delivery.version;
    envelope.attempt = delivery.attempt;
    envelope.call_id = delivery.id;
    envelope.time_unix_ms = delivery.created_ms;
    envelope.deadline_unix_ms = delivery.deadline_ms;
    envelope.id = delivery.uuid;
    envelope.type = delivery.contract;
    envelope.operation = delivery.operation;
    envelope.key = delivery.key;
    envelope.edition = delivery.edition;
    envelope.account = delivery.account;
    envelope.idempotency_key = delivery.idempotency_key;
    envelope.trace = delivery.trace;
    envelope.principal = delivery.principal;
    return envelope;
}

} // namespace

hubp::Call toCall(const journal::CallDelivery& delivery)
{
    return {envelopeOf(delivery, HUB_SOURCE_CALL), delivery.delivery, delivery.payload};
}

hubp::Callback toCallback(const journal::CallDelivery& delivery)
{
    return {envelopeOf(delivery, HUB_SOURCE_CALLBACK), delivery.delivery, delivery.payload};
}

hubp::Callback toAside(const journal::CallDelivery& delivery)
{
    return {envelopeOf(delivery, HUB_SOURCE_CALL), delivery.delivery, delivery.payload};
}

hubp::Session toSession(const journal::CallDelivery& delivery)
{
    return {envelopeOf(delivery, HUB_SOURCE_SESSION), delivery.delivery, delivery.payload};
}

hubp::Event toEvent(const journal::EventDelivery& delivery)
{
    const journal::Event& event = *delivery.event;
    hubp::Envelope envelope;
    envelope.kind = HUB_KIND_TASK;
    envelope.source = HUB_SOURCE_EVENT;
    envelope.flags = delivery.replay ? std::uint32_t{HUB_FLAG_REPLAY} : 0U;
    envelope.schema_version = event.version;
    envelope.attempt = delivery.attempt;
    envelope.call_id = hubp::kEventCallBit | static_cast<hub_call_id>(event.seq);
    envelope.seq = event.seq;
    envelope.time_unix_ms = event.time_ms;
    envelope.id = event.id;
    envelope.type = event.type;
    envelope.key = event.key;
    envelope.edition = event.edition;
    envelope.account = event.account;
    envelope.correlation_id = event.correlation;
    envelope.trace = event.trace;
    envelope.principal = event.publisher;
    return {std::move(envelope), delivery.resume, event.payload, delivery.delivery};
}

hubp::Welcome toWelcome(const Welcome& welcome, const RouterSettings& settings)
{
    return {welcome.credit_max,
            static_cast<std::uint32_t>(settings.heartbeat_ms),
            static_cast<std::uint32_t>(settings.heartbeats_missed_max),
            welcome.manifest_json,
            welcome.config_json};
}

journal::CallAnswer toAnswer(hubp::Outcome&& outcome)
{
    return {outcome.call_id,
            outcome.delivery,
            outcome.status,
            outcome.retry_after_ms,
            std::move(outcome.message),
            std::move(outcome.payload)};
}

journal::Acknowledgement toAcknowledgement(hubp::Ack&& ack)
{
    return {ack.seq, ack.status, std::move(ack.message), ack.delivery};
}

PublishFrame toPublication(hubp::Publish&& publish, const std::string& publisher)
{
    hubp::Envelope& envelope = publish.envelope;
    PublishFrame frame;
    frame.token = publish.token;
    frame.publication.id = std::move(envelope.id);
    frame.publication.type = std::move(envelope.type);
    frame.publication.version = envelope.schema_version;
    frame.publication.key = std::move(envelope.key);
    frame.publication.edition = std::move(envelope.edition);
    frame.publication.trace = std::move(envelope.trace);
    frame.publication.correlation = std::move(envelope.correlation_id);
    frame.publication.publisher = publisher;
    frame.publication.payload = std::move(publish.payload);
    return frame;
}

} // namespace hub::bus
