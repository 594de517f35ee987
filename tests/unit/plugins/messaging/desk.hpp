// Desk: the plugin messaging over the SDK's fake hub, with the words that its scenarios are told
// in. Two accounts send to the mainland; every call that is made is checked against the contract.
#pragma once

#include <hub/testing/plugin_fake.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace messaging::test {

using Json = nlohmann::json;

inline constexpr const char* kMain = "sms-main";
inline constexpr const char* kOther = "sms-other";
inline constexpr const char* kPhone = "+8619900000001";
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;

/// A verification that the desk asked for, as the person on the phone knows it.
struct Asked {
    std::string verification_id;
    std::string code;
    hub_call_id call = 0;
};

class Desk {
public:
    explicit Desk(const Json& settings = Json::object());

    hub::testing::PluginFake& hub() noexcept { return hub_; }

    hub::Answer askFor(const std::string& phone = kPhone,
                       const std::string& purpose = "login",
                       const std::string& client_ip = "192.0.2.1",
                       const Json& changes = Json::object());
    /// Throws std::runtime_error unless it is granted.
    Asked ask(const std::string& phone = kPhone, const std::string& purpose = "login");
    hub::Answer confirm(const std::string& verification_id, const std::string& code);
    /// Another code than that one.
    static std::string wrong(const std::string& code);
    hub::Answer proof(const std::string& verification_id,
                      const std::string& proof,
                      const std::string& purpose = "login");

    hub::Answer accept(hub_call_id call, const std::string& provider_number = "9001^0");
    hub::Answer reject(hub_call_id call, const std::string& reason, bool is_retriable);
    hub::Answer notSent(hub_call_id call);
    hub::Answer unknown(hub_call_id call);
    /// What the hub's own query found.
    hub::Answer resolve(hub_call_id call, const std::string& state);

    /// The report that a provider pushes; `changes` overrides members.
    hub::Answer report(const std::string& state,
                       const Json& changes = Json::object(),
                       const std::string& account = kMain);

    /// Contacts that the plugin identity would answer with.
    void setContacts(const Json& contacts);
    /// What the plugin identity answers to another question.
    void setSaid(const std::string& question, const Json& answer);
    hub::Answer tell(const std::string& type, const std::string& id, const Json& payload);

    Json payloadOf(const hub::testing::MadeCall& call) const;
    Json lastSent() const;
    /// The newest messages, as GET /messages lists them.
    Json messages(const Json& query = Json::object());
    Json newest() { return messages().at(0); }
    Json show(const std::string& message_id);
    /// Of published events: type and message.
    int published(const std::string& type) const { return hub_.countPublished(type); }

    /// What is wrong with the calls made so far; "" when all is well.
    std::string fault() const;

private:
    hub::testing::PluginFake hub_;
};

Json parse(const hub::Answer& answer);
/// "422 code_wrong"
std::string codeOf(const hub::Answer& answer);
void assertStatus(hub_status expected, const hub::Answer& answer);
std::string sourceFolder();

} // namespace messaging::test
