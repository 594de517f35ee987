// What every subscriber keeps: events come at least once, in order, and are settled only when their
// effect is durable.
#include "bench.hpp"

#include <array>

namespace hub::conformance {

namespace {

Json eventsOf(Bench& bench)
{
    if (bench.description().isConnector()) {
        throw DoesNotApply("a connector gets no events");
    }
    Json events = bench.description().text.value("events", Json::array());
    if (events.empty()) {
        throw DoesNotApply("conformance.json gives no \"events\" to try");
    }
    for (Json& event : events) {
        event["id"] = newId();
    }
    return events;
}

void settles(Bench& bench)
{
    const Json events = eventsOf(bench);
    const auto stage = bench.start();
    for (const Json& event : events) {
        const Answer answer = bench.event(*stage, event, std::nullopt);
        require(answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE,
                "event " + textOf(event, "type") + " was answered with " + describe(answer));
    }
}

void repeatsHarmlessly(Bench& bench)
{
    const Json events = eventsOf(bench);
    const auto stage = bench.start();
    for (const Json& event : events) {
        const std::size_t before = stage->desk.published().size();
        (void)bench.event(*stage, event, std::nullopt);
        const auto first = stage->desk.published();
        (void)bench.event(*stage, event, std::nullopt);
        const auto second = stage->desk.published();
        for (std::size_t i = first.size(); i < second.size(); ++i) {
            bool is_known = false;
            for (std::size_t k = before; k < first.size(); ++k) {
                is_known = is_known || (first[k].envelope.id == second[i].envelope.id &&
                                        first[k].payload == second[i].payload);
            }
            require(is_known,
                    "a repeated event published " + second[i].envelope.type + " under another id");
        }
    }
}

void waitsForTheCommit(Bench& bench)
{
    const Json events = eventsOf(bench);
    const auto stage = bench.start();
    stage->desk.setPublishStatus(HUB_THROTTLED);
    bool has_published = false;
    for (const Json& event : events) {
        const std::size_t before = stage->desk.published().size();
        const Answer answer = bench.event(*stage, event, std::nullopt);
        if (stage->desk.published().size() == before) {
            continue;
        }
        has_published = true;
        require(answer.status != HUB_OK && answer.status != HUB_ALREADY_DONE,
                "a publication was refused, the event was settled all the same");
    }
    if (!has_published) {
        throw DoesNotApply("it publishes nothing for the events of conformance.json");
    }
}

void takesAnyPayload(Bench& bench)
{
    Json events = eventsOf(bench);
    const auto stage = bench.start();
    int key = 0;
    for (Json event : events) {
        for (const std::string& payload :
             {std::string(), std::string(hubp::kPayloadBytesMax, 'x')}) {
            event["key"] = "conformance-" + std::to_string(++key);
            const Answer answer = bench.event(*stage, event, payload);
            require(answer.status != HUB_OK,
                    "an event without a readable payload was settled: " + describe(answer));
        }
        event["key"] = "conformance-" + std::to_string(++key);
        require(bench.event(*stage, event, std::nullopt).status == HUB_OK,
                "afterwards a sound event was not settled");
    }
}

void toleratesUnknownMembers(Bench& bench)
{
    const Json events = eventsOf(bench);
    const auto stage = bench.start();
    for (Json event : events) {
        event["payload"]["conformance_unknown"] = {{"nested", {1, "two", nullptr}}};
        const Answer answer = bench.event(*stage, event, std::nullopt);
        require(answer.status == HUB_OK || answer.status == HUB_ALREADY_DONE,
                "an event with an unknown member was answered with " + describe(answer));
    }
}

constexpr std::array<Rule, 5> kRules = {{
    {"event.settled",
     "A sound event is settled.",
     "See the sentence; the events to try are in conformance.json.",
     settles},
    {"event.repeated",
     "An event that comes again publishes the same ids with the same content.",
     "Derive the ids of what you publish from the event's id.",
     repeatsHarmlessly},
    {"event.waits_for_the_commit",
     "An event is not settled when what it publishes was refused.",
     "Answer HUB_OK only after publish() returned well.",
     waitsForTheCommit},
    {"event.any_payload",
     "Payloads of 0 bytes and of 1 MiB get an orderly refusal, and the process lives.",
     "Parse without exceptions.",
     takesAnyPayload},
    {"event.unknown_members",
     "Unknown members of an event change nothing.",
     "Read the members that you know.",
     toleratesUnknownMembers},
}};

} // namespace

std::span<const Rule> subscriberRules()
{
    return kRules;
}

} // namespace hub::conformance
