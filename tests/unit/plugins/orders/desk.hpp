// The plugin orders on the fake hub, with a registration and a payments that say what the test
// wants, and the words of a client: whoever asks gets the HTTP status and body that the hub sends.
#pragma once

#include <hub/testing/plugin_fake.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace orders::test {

using Json = nlohmann::json;

inline const std::string kEdition = "ciie-7";
inline const std::string kOrganization = "organization-1";
inline const std::string kOther = "organization-2";
inline constexpr std::int64_t kMinute = 60'000;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
/// 2026-10-08T10:40:00.123+08:00; the payment deadline of the edition is twelve days later.
inline constexpr std::int64_t kNowMs = 1791427200123;
/// 2026-10-20T24:00:00+08:00.
inline constexpr std::int64_t kDeadlineMs = 1792512000000;
inline constexpr std::int64_t kFee = 20000;

struct Heard {
    int status = 0;
    Json body; // of the answer, or the problem
};

class Desk {
public:
    explicit Desk(const Json& settings = Json::object());

    /// A payable visitor of kOrganization; `changes` overrides members of the answer, and
    /// "organization_id".
    void addPerson(const std::string& person_id, const Json& changes = Json::object());
    /// "person-1" to "person-<count>".
    std::vector<std::string> addPersons(int count);
    void setState(const std::string& person_id, const std::string& state);

    Heard create(const Json& person_ids, const std::string& organization = kOrganization);
    Heard quote(const Json& person_ids, const std::string& organization = kOrganization);
    Heard cancel(const std::string& number, const std::string& organization = kOrganization);
    Heard show(const std::string& number, const std::string& organization = kOrganization);
    Heard list(const Json& query = Json::object(), const std::string& organization = kOrganization);
    Heard finance(const std::string& operation, const Json& path, const Json& query);
    Heard grantException(const std::string& organization, const Json& body);
    /// A request with these scopes in its session; without any, one of an API key.
    Heard send(std::uint32_t kind,
               const std::string& operation,
               const Json& parts,
               const std::vector<std::string>& scopes);

    /// The number of a new order for these persons. Throws std::runtime_error when it is refused.
    std::string ordered(const std::vector<std::string>& person_ids);
    std::string stateOf(const std::string& number);

    /// An event of payments about an order's payment, with the members that its type has.
    void tell(const std::string& type,
              const std::string& payment_id,
              const std::string& order_ref,
              const Json& changes = Json::object());
    /// Payments made no payment of the newest wish; told `age_ms` ago.
    void decline(const std::string& order_ref, const std::string& code, std::int64_t age_ms = 0);
    void cancelPerson(const std::string& person_id);
    /// What payments answers when it is asked for the status of an order.
    void paymentsSay(const Json& status);
    void paymentsFail(hub_status status);

    Json command(const std::string& operation, const Json& arguments = Json::array());
    Json ask(const std::string& operation, const Json& question);
    int published(const std::string& type) const { return fake.countPublished(type); }
    Json lastPublished(const std::string& type) const;
    /// What is wrong with the events published so far, by events.json; "" when all is well.
    std::string fault() const;
    void passTime(std::int64_t span_ms);

    hub::testing::PluginFake fake;
    Json pack; // of the edition; null: archived
    std::int64_t revision = 3;
    bool registration_answers = true;

private:
    void answerFor(const std::string& organization);
    void deliver(const std::string& type, const std::string& key, const Json& payload);

    std::map<std::string, Json> persons_;
    int events_ = 0;
};

Json readJson(const std::string& path);
/// Of edition 7, without the rules that the environment variable HUB_RULES_OFF names ("R-194
/// R-195"): the tests that requirements.tsv names for them have to fail then.
Json shippedPack();
/// Status and code are these, and every sentence is there in both languages.
void assertRefused(int status, const std::string& code, const Heard& heard);
void assertStatus(int status, const Heard& heard);

} // namespace orders::test
