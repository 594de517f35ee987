#include "gateway/asyncapi.hpp"

#include <fmt/format.h>

#include <string>

namespace hub::gateway {

namespace {

using base::Json;

constexpr const char* kSchemaFormat = "application/schema+json;version=draft-07";

Json textIn(const EventDescription& event, const char* language)
{
    return event.title.is_object() && event.title.contains(language) ? event.title[language]
                                                                     : Json(event.type);
}

std::string messageName(const EventDescription& event)
{
    return fmt::format("{}.v{}", event.type, event.version);
}

Json reference(const std::string& to)
{
    return {{"$ref", "#/" + to}};
}

Json messageOf(const EventDescription& event)
{
    Json examples = Json::array();
    for (const Json& example : event.examples) {
        examples.push_back({{"payload", example}});
    }
    return {{"name", event.type},
            {"title", textIn(event, "en")},
            {"x-title-zh", textIn(event, "zh")},
            {"summary", event.about},
            {"x-key", event.key},
            {"x-schema-version", event.version},
            {"headers", reference("components/schemas/Envelope")},
            {"payload", {{"schemaFormat", kSchemaFormat}, {"schema", event.payload}}},
            {"examples", std::move(examples)}};
}

/// What every event carries beside its payload (sdk/ABI.md, hub_event).
Json envelope()
{
    const Json text = {{"type", "string"}};
    const Json number = {{"type", "integer"}};
    return {{"type", "object"},
            {"required", Json::array({"id", "seq", "type", "schema_version", "time_unix_ms"})},
            {"properties",
             {{"id", text},
              {"seq", number},
              {"type", text},
              {"schema_version", number},
              {"key", text},
              {"edition", text},
              {"account", text},
              {"correlation_id", text},
              {"trace", text},
              {"time_unix_ms", number}}}};
}

} // namespace

Json makeAsyncApi(const std::vector<EventDescription>& events)
{
    Json document = {
        {"asyncapi", "3.0.0"},
        {"info", {{"title", "ExpoHub events"}, {"version", "1"}}},
        {"defaultContentType", "application/json"},
        {"channels", Json::object()},
        {"operations", Json::object()},
        {"components", {{"schemas", {{"Envelope", envelope()}}}, {"messages", Json::object()}}}};
    for (const EventDescription& event : events) {
        const std::string name = messageName(event);
        document["components"]["messages"][name] = messageOf(event);
        Json& channel = document["channels"][event.type];
        channel["address"] = event.type;
        channel["messages"][name] = reference("components/messages/" + name);
        document["operations"]["publish." + event.type] = {
            {"action", "send"},
            {"channel", reference("channels/" + event.type)},
            {"x-publisher", event.publisher}};
    }
    return document;
}

} // namespace hub::gateway
