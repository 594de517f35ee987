// The plugin identity on the fake hub, and the words of a client: whoever asks gets the HTTP status
// and body that the hub would send.
#pragma once

#include <hub/testing/plugin_fake.hpp>

#include <string>

#include <nlohmann/json.hpp>

namespace identity::test {

using Json = nlohmann::json;

inline const std::string kPhone = "+8619900000001";
inline const std::string kPassword = "sample-Word-1";
/// Visibly synthetic codes: "HUB" is no organization's.
inline const std::string kCode = "91310000MAXHUB014C";
inline const std::string kOtherCode = "91440000MAXHUB022A";

struct Heard {
    int status = 0;
    Json body; // of the answer, or the problem
};

class Desk {
public:
    Desk();

    /// As the hub carries it out: unit, task and unit again when the first asks for one.
    Heard post(const std::string& operation, Json body, const std::string& session = {});
    Heard erase(const std::string& operation, const Json& path, const std::string& session);
    Heard get(const std::string& operation, const std::string& session);

    /// Messaging says: the proof of `verification` is genuine, for `recipient`.
    void prove(const std::string& recipient);
    void disprove();

    static Json verification(const std::string& id = "verification-1");
    static Json organization(const std::string& code = kCode,
                             const std::string& verification_id = "verification-1");
    /// Registers kCode with kPhone; the session.
    std::string registered();

    hub::testing::PluginFake fake;
    int tasks = 0;

private:
    Heard carryOut(std::uint32_t kind,
                   const std::string& operation,
                   Json payload,
                   const std::string& session);
};

} // namespace identity::test
