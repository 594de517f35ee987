// The plugin registration on the fake hub, and the words of its clients: whoever asks gets the HTTP
// status and body that the hub would send.
#pragma once

#include <hub/testing/plugin_fake.hpp>

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace registration::test {

using Json = nlohmann::json;

inline const std::string kEdition = "ciie-7";
/// A visibly synthetic code: "HUB" is no organization's.
inline const std::string kCode = "91310000MAXHUB014C";
inline const std::string kOrganization = "01980000-0000-7000-8000-000000000001";

struct Heard {
    int status = 0;
    Json body; // of the answer, or the problem
};

/// Who asks: what the session's grants are about; none is the organizer.
struct Visitor {
    std::string login;
    std::vector<std::string> scopes;
};

Visitor contactOf(const std::string& organization_id);
Visitor clerkOf(const std::string& delegation_id);
Visitor subClerkOf(const std::string& sub_delegation_id);
inline const Visitor kOrganizer = {"organizer", {}};

class Desk {
public:
    /// With the shipped pack of the edition, and two delegations. Rules that the environment
    /// variable HUB_RULES_OFF names ("R-112 R-113") are switched off in it: the tests that
    /// requirements.tsv names for them have to fail then.
    explicit Desk(const std::string& edition = kEdition);

    /// A request as the hub carries it out: unit, task and unit again when the first asks for one.
    Heard write(const std::string& operation, const Visitor& who, Json parts);
    Heard read(const std::string& operation, const Visitor& who, Json parts = Json::object());

    /// Identity says: an account was opened.
    void registered(const std::string& organization_id,
                    const std::string& organization_class = "enterprise",
                    const std::string& region = "mainland",
                    const std::string& past_organization_id = {});
    /// Changes the pack: `patch` is an RFC 6902 array.
    void changeRules(const Json& patch);
    Json pack() const { return pack_; }
    const std::string& edition() const noexcept { return edition_; }

    /// Types of the events that were published since the last call.
    std::vector<std::string> published();

    hub::testing::PluginFake fake;

private:
    Heard
    carryOut(std::uint32_t kind, const std::string& operation, const Visitor& who, Json parts);

    std::string edition_;
    Json pack_;
    std::size_t published_ = 0;
};

} // namespace registration::test
