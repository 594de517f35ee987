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

/// One of staff, all set up.
struct Staff {
    std::string staff_id;
    std::string mail;
    std::string session;
    std::string secret; // of the authenticator, in base 32
    Json recovery_codes;
};

class Desk {
public:
    /// With the shipped pack of edition 7. Rules that the environment variable HUB_RULES_OFF names
    /// ("R-035 R-036") are switched off in it: the tests that requirements.tsv names for them have
    /// to fail then.
    Desk();

    /// As the hub carries it out: unit, task and unit again when the first asks for one.
    Heard carryOut(std::uint32_t kind,
                   const std::string& operation,
                   Json payload,
                   const std::string& session);
    Heard post(const std::string& operation, Json body, const std::string& session = {});
    Heard erase(const std::string& operation, const Json& path, const std::string& session);
    Heard get(const std::string& operation,
              const std::string& session,
              const Json& query = Json::object());
    Heard
    put(const std::string& operation, const Json& path, Json body, const std::string& session);
    /// An API key's request: how the first organizer is invited.
    Heard postByKey(const std::string& operation, Json body);
    /// What another plugin hears.
    Json asked(const std::string& operation, const Json& question);

    /// Registration says: these are the edition's rules.
    void keepRules(const Json& pack);
    /// The shipped ones without this one.
    void switchOff(const std::string& rule);

    /// Messaging says: the proof of `verification` is genuine, for `recipient`.
    void prove(const std::string& recipient);
    void proveMail(const std::string& recipient);
    void disprove();

    /// A picture whose text the test knows, answered.
    Json captcha(const std::string& answer = "ACEFH");

    static Json verification(const std::string& id = "verification-1");
    static Json organization(const std::string& code = kCode,
                             const std::string& verification_id = "verification-1");
    static Json overseas(const std::string& verification_id);
    /// Registers kCode with kPhone; the session.
    std::string registered();
    std::string logInSession(const std::string& account, const std::string& password);

    /// The token of an invitation of `mail` with these roles.
    std::string invited(const std::string& mail, const Json& roles);
    /// Invited, with a password; the session that may only set up the authenticator.
    std::string joined(const std::string& mail, const Json& roles);
    /// Joined, with an authenticator.
    Staff staff(const std::string& mail, const Json& roles);
    /// The code that the authenticator shows now.
    std::string totp(const Staff& staff);
    /// The sum of all publications, to look for what must not be there.
    std::string journal() const;

    hub::testing::PluginFake fake;
    int tasks = 0;
    std::string client_ip = "192.0.2.1";
};

} // namespace identity::test
