// Knows one organization, "sample-1", with one contact, and says that organizations were approved.
#include <hub/plugin.hpp>

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace {

using Json = nlohmann::json;

class Directory final : public hub::Plugin {
public:
    Directory(hub::Host host, std::string_view)
        : hub::Plugin(host)
    {}

    hub::Answer unit(hub::Unit& unit, const hub::Event& event) override
    {
        const Json body = Json::parse(event.payload()).at("body");
        hub::Publication publication;
        publication.type = "organization.approved";
        publication.key = body.at("organization_id");
        publication.payload = body.dump();
        unit.publish(publication);
        return {HUB_OK, {}, Json{{"status", 200}, {"body", body}}.dump(), 0};
    }

    hub::Answer read(const hub::Snapshot&, const hub::Event& event) override
    {
        Json contacts = Json::array();
        if (Json::parse(event.payload()).at("organization_id") == "sample-1") {
            contacts.push_back(
                {{"person", "sample-person-1"}, {"phone", "+8619900000021"}, {"language", "zh"}});
        }
        return {HUB_OK, {}, Json{{"contacts", contacts}}.dump(), 0};
    }
};

} // namespace

HUB_PLUGIN(Directory, "test_directory", "1.0.0")
