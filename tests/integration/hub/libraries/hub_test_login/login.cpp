// Logs everybody in who says a name, and shows what the hub says about sessions.
#include <hub/plugin.hpp>
#include <hub/session.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

constexpr std::int64_t kHourMs = 3'600'000;

hub::Answer ok(const Json& body)
{
    return {HUB_OK, "", Json{{"status", 200}, {"body", body}}.dump(), 0};
}

/// "person:<subject>"
std::string subjectOf(const hub::Event& event)
{
    return std::string{event.principal().substr(event.principal().find(':') + 1)};
}

class Login final : public hub::Plugin {
public:
    Login(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json payload = Json::parse(event.payload());
        const Json& body = payload.at("body");
        return event.operation() == "profile.write" ? write(unit, event, payload)
                                                    : logIn(unit, event, body);
    }

    hub::Answer read(const hub::Snapshot& snapshot, const hub::Event& event) override
    {
        Json open = Json::array();
        for (const std::string& session : hub::openSessions(snapshot, subjectOf(event))) {
            open.push_back(Json::parse(session));
        }
        return ok({{"principal", event.principal()},
                   {"session", Json::parse(event.payload()).value("session", Json())},
                   {"open", open}});
    }

private:
    static hub::Answer logIn(hub::Unit& unit, const hub::Event& event, const Json& body)
    {
        hub::SessionGrant grant;
        grant.subject = body.at("subject").get<std::string>();
        grant.scopes = body.value("scopes", Json::array()).dump();
        grant.label = "test";
        grant.expires_unix_ms = unit.nowMs() + body.value("life_ms", kHourMs);
        const auto id = hub::grantSession(unit, grant);
        if (!id.ok()) {
            return {id.error().code, id.error().message, "", 0};
        }
        if (body.value("ends", "") == "refused") {
            return {HUB_REJECTED, "refused on purpose", "", 0};
        }
        if (body.value("ends", "") == "thrown") {
            throw std::runtime_error("thrown on purpose");
        }
        return ok({{"id", id.value()}, {"principal", event.principal()}});
    }

    static hub::Answer write(hub::Unit& unit, const hub::Event& event, const Json& payload)
    {
        const Json& body = payload.at("body");
        const std::string own =
            payload.contains("session") ? payload["session"]["id"].get<std::string>() : "";
        const std::string end = body.value("end", "");
        if (body.contains("scopes") && !hub::rescopeSession(unit, own, body["scopes"].dump())) {
            return {HUB_NOT_FOUND, "no session", "", 0};
        }
        if (end == "own") {
            hub::endSession(unit, own);
        } else if (!end.empty()) {
            hub::endSessions(unit, subjectOf(event), end == "others" ? own : "");
        }
        return ok({{"principal", event.principal()}});
    }
};

} // namespace

HUB_PLUGIN(Login, "hub_test_login", "1.0.0")
