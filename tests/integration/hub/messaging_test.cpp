// Goal: a code reaches a phone and lets its owner in, notices find their contacts, reports of
// delivery arrive, and a silent provider leaves a doubt that is shown. Method: the real hub with
// the real connector and the simulated provider, on both back ends; two plugins of the tests play
// who knows organizations and who asks for proofs.
#include "support/hub_process.hpp"
#include "support/postgres.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

constexpr const char* kAccount = "sms-demo";
constexpr const char* kPhone = "19900000001";
constexpr const char* kToken = "0123456789abcdef0123456789abcdef";

class MessagingTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessagingTest);
    CPPUNIT_TEST(aCodeLetsItsOwnerIn);
    CPPUNIT_TEST(aCodeLetsItsOwnerInOnPostgres);
    CPPUNIT_TEST(aSilentProviderLeavesADoubt);
    CPPUNIT_TEST(anAnswerThatGotLostIsFoundOut);
    CPPUNIT_TEST(anEventTellsItsContacts);
    CPPUNIT_TEST(noNumberAndNoCodeIsLeftInClear);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<PostgresSchema> schema_;
    std::unique_ptr<HubProcess> hub_;
    std::string staff_;

    Json simulatorAccount() const
    {
        return Json::parse(readFile(hub_->folder() / "simulator/simulator.json"))
            .at("aliyun")
            .at("accounts")
            .at(0);
    }

    /// A template without variables, which the provider has approved.
    void addNoticeTemplate() const
    {
        const std::filesystem::path file = hub_->folder() / "simulator/simulator.json";
        Json settings = Json::parse(readFile(file));
        settings["aliyun"]["accounts"][0]["templates"].push_back(
            {{"code", "SMS_100000010"},
             {"kind", "notice"},
             {"state", "approved"},
             {"text", "模拟通知：审核已通过。"}});
        writeFile(file, settings.dump());
    }

    void configureProvider() const
    {
        const Json account = simulatorAccount();
        const std::filesystem::path secret = hub_->folder() / "access_key_secret";
        writeFile(secret, account.at("access_key_secret").get<std::string>());
        const ProgramEnd put = hub_->command(
            {"secret", "put", "sms-demo/access_key_secret", "--file", secret.string()});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(put.error, 0, put.code);
        std::filesystem::remove(secret);
        const std::string address = hub_->simulatorAddress();
        hub_->configure(
            "sms_aliyun",
            {{"library", "sms_aliyun"},
             {"enabled", true},
             {"accounts",
              {{kAccount,
                {{"config",
                  {{"access_key_id", account.at("access_key_id")},
                   {"sign_name", account.at("signs").at(0).at("name")},
                   {"endpoint_url", address},
                   {"http_timeout_ms", 1000},
                   {"templates",
                    {{"verification_code",
                      {{"zh", {{"code", "SMS_100000001"}, {"variables", {{"code", "code"}}}}},
                       {"en", {{"code", "SMS_100000002"}, {"variables", {{"code", "code"}}}}}}},
                     {"organization.approved", {{"zh", {{"code", "SMS_100000010"}}}}}}}}},
                 {"keys", {{"access_key_secret", "sms-demo/access_key_secret"}}},
                 {"callback_token", kToken},
                 {"http_exact", {address.substr(std::string("https://").size())}}}}}}});
    }

    void start(const HubOptions& options = {})
    {
        hub_ = std::make_unique<HubProcess>(options);
        addNoticeTemplate();
        configureProvider();
        const Json never = {{"from", "00:00"}, {"until", "00:00"}};
        hub_->configure(
            "messaging",
            {{"library", "messaging"}, {"enabled", true}, {"config", {{"quiet_hours", never}}}});
        for (const char* library : {"test_directory", "test_gate"}) {
            hub_->configure(library, {{"library", library}, {"enabled", true}});
        }
        hub_->startSimulator();
        hub_->start();
        staff_ = hub_->ask({"api-key", "create", "--holder", "staff", "--scope", "messages:read"})
                     .at("token")
                     .get<std::string>();
        hub_->simulator("POST",
                        "/control/provider/aliyun/report_url",
                        {{"access_key_id", simulatorAccount().at("access_key_id")},
                         {"url", publicUrl() + "/callback/sms_aliyun/sms-demo/" + kToken}});
    }

    void startOnPostgres()
    {
        schema_ = std::make_unique<PostgresSchema>();
        start({{"store.backend = postgresql",
                "store.postgres = " + schema_->connection(),
                "store.postgres_schema = " + schema_->name()},
               {},
               false});
    }

    std::string publicUrl() const
    {
        const std::string text = readFile(hub_->properties());
        const std::string name = "public_url = ";
        const std::size_t begin = text.find(name) + name.size();
        return text.substr(begin, text.find('\n', begin) - begin);
    }

    /// As a browser without any key.
    ApiAnswer visit(const std::string& path, const Json& body) const
    {
        return hub_->request(
            "POST", "/api/v1" + path, body.dump(), {{"Content-Type", "application/json"}});
    }

    ApiAnswer askFor(const std::string& phone = kPhone) const
    {
        return visit(
            "/verifications",
            {{"channel", "sms"}, {"recipient", phone}, {"purpose", "login"}, {"language", "zh"}});
    }

    ApiAnswer confirm(const std::string& verification, const std::string& code) const
    {
        return visit("/verifications/" + verification + "/confirmations", {{"code", code}});
    }

    Json messages(const std::string& query = "") const
    {
        const ApiAnswer answer = hub_->request(
            "GET", "/api/v1/messages" + query, {}, {{"Authorization", "Bearer " + staff_}});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 200, answer.status);
        return answer.body.at("items");
    }

    bool becomes(const std::string& state) const
    {
        return becomesTrue([&] {
            const Json list = messages();
            return !list.empty() && list.at(0).at("state") == state;
        });
    }

    /// The simulated provider delivers by itself after some seconds.
    bool isTaken() const
    {
        return becomesTrue([&] {
            const Json list = messages();
            const std::string state = list.empty() ? "" : list.at(0).value("state", "");
            return state == "accepted" || state == "delivered";
        });
    }

    /// What the phone shows; "" while nothing came.
    std::string inbox(const std::string& phone) const
    {
        const Json list =
            hub_->simulator("GET", "/control/messages?phone=%2B86" + phone).at("messages");
        return list.empty() ? "" : list.at(0).at("text").get<std::string>();
    }

    std::string codeAt(const std::string& phone) const
    {
        std::string text;
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] {
                                   text = inbox(phone);
                                   return !text.empty();
                               }));
        const std::size_t begin = text.find_first_of("0123456789");
        CPPUNIT_ASSERT_MESSAGE(text, begin != std::string::npos);
        return text.substr(begin, 6);
    }

    void letIn()
    {
        const ApiAnswer asked = askFor();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(asked.body.dump(), 201, asked.status);
        const std::string verification = asked.body.at("verification_id");
        const std::string code = codeAt(kPhone);
        CPPUNIT_ASSERT_MESSAGE(messages().dump(), isTaken());

        const ApiAnswer early = askFor();
        CPPUNIT_ASSERT_EQUAL(429, early.status);
        CPPUNIT_ASSERT(std::stoi(early.headers.at("Retry-After")) > 1);
        const std::string wrong = code == "000000" ? "000001" : "000000";
        const ApiAnswer missed = confirm(verification, wrong);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(missed.body.dump(), 422, missed.status);
        CPPUNIT_ASSERT_EQUAL(4, missed.body.at("parameters").at("tries_left").get<int>());
        CPPUNIT_ASSERT_EQUAL(
            3, confirm(verification, wrong).body.at("parameters").at("tries_left").get<int>());
        const ApiAnswer confirmed = confirm(verification, code);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(confirmed.body.dump(), 200, confirmed.status);

        Json question = {{"verification_id", verification},
                         {"proof", confirmed.body.at("proof")},
                         {"purpose", "login"}};
        const Json heard = hub_->post("/api/v1/test-gate", question).body.at("heard");
        CPPUNIT_ASSERT_MESSAGE(heard.dump(), heard.at("valid").get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string("+86") + kPhone, heard.at("recipient").get<std::string>());
        question["purpose"] = "password_reset";
        CPPUNIT_ASSERT(
            !hub_->post("/api/v1/test-gate", question).body.at("heard").at("valid").get<bool>());

        hub_->simulator("POST", "/control/clock", {{"advance_s", 60}});
        CPPUNIT_ASSERT_MESSAGE(messages().dump() + hub_->log(), becomes("delivered"));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1},
                             messages("?recipient=%2B86" + std::string(kPhone)).size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, messages("?recipient_tail=0001").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, messages("?recipient_tail=0002").size());
        CPPUNIT_ASSERT_EQUAL(std::string("+86199****0001"),
                             messages().at(0).at("recipient").get<std::string>());
    }

public:
    void tearDown() override
    {
        hub_.reset();
        schema_.reset();
    }

    void aCodeLetsItsOwnerIn()
    {
        start();
        letIn();
    }

    void aCodeLetsItsOwnerInOnPostgres()
    {
        startOnPostgres();
        letIn();
    }

    void aSilentProviderLeavesADoubt()
    {
        start();
        hub_->simulator("POST", "/control/faults", {{"fault", "silence"}, {"ms", 3000}});

        CPPUNIT_ASSERT_EQUAL(201, askFor().status);

        CPPUNIT_ASSERT_MESSAGE(messages().dump() + hub_->log(), becomes("in_doubt"));
        CPPUNIT_ASSERT(messages().at(0).at("in_doubt").get<bool>());
        // It is asked about, and nothing was sent a second time.
        CPPUNIT_ASSERT(becomesTrue([&] {
            const std::string said = hub_->simulator("GET", "/control/exchanges").dump();
            return said.find("QuerySendDetails") != std::string::npos;
        }));
        CPPUNIT_ASSERT_EQUAL(std::string(), inbox(kPhone));
        CPPUNIT_ASSERT(messages().at(0).at("in_doubt").get<bool>());
        const std::string shown = hub_->command({"message", "list"}).output;
        CPPUNIT_ASSERT_MESSAGE(shown, shown.find("in_doubt") != std::string::npos);
    }

    void anAnswerThatGotLostIsFoundOut()
    {
        start();
        hub_->simulator("POST", "/control/faults", {{"fault", "drop_after_booking"}});

        const ApiAnswer asked = askFor();

        CPPUNIT_ASSERT_MESSAGE(messages().dump() + hub_->log(), isTaken());
        const std::string verification = asked.body.at("verification_id");
        CPPUNIT_ASSERT_EQUAL(200, confirm(verification, codeAt(kPhone)).status);
        const std::string path = "/control/messages?phone=%2B86" + std::string(kPhone);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->simulator("GET", path).at("messages").size());
    }

    void anEventTellsItsContacts()
    {
        start();
        hub_->post("/api/v1/test-approvals", {{"organization_id", "sample-1"}});

        CPPUNIT_ASSERT_MESSAGE(messages().dump() + hub_->log(), isTaken());
        CPPUNIT_ASSERT(inbox("19900000021").find("审核已通过") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("organization.approved"),
                             messages().at(0).at("cause").at("type").get<std::string>());
        hub_->post("/api/v1/test-approvals", {{"organization_id", "sample-2"}});
        CPPUNIT_ASSERT_MESSAGE(messages().dump(), becomes("no_recipient"));
    }

    /// Of what the hub itself keeps and writes; the simulated provider's folder is left out.
    void noNumberAndNoCodeIsLeftInClear()
    {
        start();
        letIn();
        const std::string code = codeAt(kPhone);
        messages("?recipient=" + std::string(kPhone));
        hub_->stop();
        std::size_t files = 0;
        for (const char* folder : {"hub", "log"}) {
            for (const auto& entry :
                 std::filesystem::recursive_directory_iterator(hub_->folder() / folder)) {
                if (!entry.is_regular_file() || entry.path().filename() == "simulator.out") {
                    continue;
                }
                const std::string content = readFile(entry.path());
                const std::string name = entry.path().string();
                CPPUNIT_ASSERT_MESSAGE(name, content.find(kPhone) == std::string::npos);
                CPPUNIT_ASSERT_MESSAGE(name, content.find('"' + code + '"') == std::string::npos);
                ++files;
            }
        }
        CPPUNIT_ASSERT(files > 3);
    }
};

HUB_TEST_SUITE_REGISTRATION(MessagingTest, "messaging");

} // namespace

} // namespace hub::test
