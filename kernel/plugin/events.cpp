#include "plugin/events.hpp"

#include "base/exception.hpp"
#include "config/library_file.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hub::plugin {

namespace {

using base::Json;

constexpr const char* kForm = R"json({
  "type": "object",
  "additionalProperties": false,
  "required": ["events"],
  "properties": {
    "events": {
      "type": "array",
      "items": {
        "type": "object",
        "additionalProperties": false,
        "required": ["type", "version", "title", "key", "payload", "examples"],
        "properties": {
          "type": { "type": "string", "pattern": "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$" },
          "version": { "type": "integer", "minimum": 1, "maximum": 65535 },
          "title": {
            "type": "object",
            "additionalProperties": false,
            "required": ["en", "zh"],
            "properties": { "en": { "type": "string" }, "zh": { "type": "string" } }
          },
          "about": { "type": "string" },
          "key": { "type": "string", "pattern": "^[a-z][a-z0-9_]*$" },
          "payload": { "type": "object" },
          "examples": { "type": "array", "minItems": 1 }
        }
      }
    }
  }
})json";

const config::Schema& form()
{
    static const config::Schema kSchema(Json::parse(kForm), "the form of events");
    return kSchema;
}

class Reader {
public:
    Reader(const Manifest& manifest, std::string name, std::vector<std::string>& problems)
        : manifest_(manifest)
        , name_(std::move(name))
        , problems_(problems)
    {}

    std::vector<EventSpec> read(const Json& json)
    {
        std::vector<EventSpec> events;
        for (std::size_t i = 0; i < json.size(); ++i) {
            place_ = fmt::format("/events/{}", i);
            events.push_back(take(json[i]));
        }
        for (const PublishedType& item : manifest_.publishes) {
            if (described_.count({item.type, item.version}) == 0) {
                problems_.push_back(fmt::format("{}: must describe \"{}\" in version {}, because "
                                                "the manifest publishes it; add it",
                                                name_,
                                                item.type,
                                                item.version));
            }
        }
        return events;
    }

private:
    void refuse(const std::string& member, const std::string& text)
    {
        problems_.push_back(fmt::format("{}: \"{}{}\" {}", name_, place_, member, text));
    }

    EventSpec take(const Json& json)
    {
        EventSpec event;
        event.type = json.at("type");
        event.version = json.at("version");
        event.title = json.at("title");
        event.about = json.value("about", "");
        event.key = json.at("key");
        event.payload = json.at("payload");
        event.examples = json.at("examples");
        if (!described_.insert({event.type, event.version}).second) {
            refuse("", fmt::format("describes \"{}\" once more; remove it", event.type));
        }
        if (!manifest_.publishesType(event.type, event.version)) {
            refuse("/type",
                   fmt::format("is \"{}\" in version {}, must be among \"publishes\" of the "
                               "manifest; correct one",
                               event.type,
                               event.version));
        }
        compile(event);
        return event;
    }

    void compile(EventSpec& event)
    {
        try {
            event.form = std::make_shared<const config::Schema>(
                event.payload, fmt::format("{}: \"{}/payload\"", name_, place_));
        } catch (const base::Failure& problem) {
            problems_.push_back(problem.message());
            return;
        }
        for (std::size_t i = 0; i < event.examples.size(); ++i) {
            for (const config::Violation& violation : event.form->check(event.examples[i])) {
                refuse(fmt::format("/examples/{}{}", i, violation.pointer),
                       violation.message + "; correct the example or the schema");
            }
        }
    }

    const Manifest& manifest_;
    std::string name_;
    std::vector<std::string>& problems_;
    std::string place_;
    std::set<std::pair<std::string, std::uint32_t>> described_;
};

} // namespace

std::optional<std::vector<EventSpec>> parseEvents(const Json& json,
                                                  const Manifest& manifest,
                                                  const std::string& name,
                                                  std::vector<std::string>& problems)
{
    const std::size_t before = problems.size();
    for (const config::Violation& violation : form().check(json)) {
        problems.push_back(config::describeViolation(name, json, violation) + "; correct it");
    }
    if (problems.size() != before) {
        return std::nullopt;
    }
    std::vector<EventSpec> events = Reader(manifest, name, problems).read(json.at("events"));
    if (problems.size() != before) {
        return std::nullopt;
    }
    return events;
}

} // namespace hub::plugin
