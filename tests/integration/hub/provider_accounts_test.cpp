// Goal: an organizer takes a new account from nothing to its first fen with the command line alone,
// and what is wrong with a key is said before it is kept. Method: the real hub and the simulated
// provider; keys and PFX files made by openssl.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

namespace fs = std::filesystem;

constexpr const char* kFirst = "alipay-demo";
constexpr const char* kSecond = "alipay-second";

class ProviderAccountsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProviderAccountsTest);
    CPPUNIT_TEST(anAccountGoesFromNothingToItsFirstFen);
    CPPUNIT_TEST(whatIsWrongWithAKeyIsSaidAndNothingIsKept);
    CPPUNIT_TEST(anAccountWithoutItsKeysIsNotEnabled);
    CPPUNIT_TEST(aTestTellsWhatIsWrongWithAnAccount);
    CPPUNIT_TEST(aStoppedMethodTellsPeopleWhy);
    CPPUNIT_TEST(anAccountThatIsOwedAnAnswerIsNotRetired);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>();
        hub_->startSimulator();
        hub_->start();
    }

    void tearDown() override { hub_.reset(); }

    void anAccountGoesFromNothingToItsFirstFen()
    {
        const Json needs = hub_->ask({"provider-account", "describe", "payment_alipay"});
        CPPUNIT_ASSERT(needs.at("config").at("properties").contains("app_id"));
        createSecond();
        put(kSecond, "app_key", pfxOf(merchantKey(), "correct"), "correct");
        put(kSecond, "provider_key", simulator() / "alipay/provider_public_key.pem");
        hub_->ask({"provider-account", "enable", kSecond});

        const Json tested = hub_->ask({"provider-account", "test", kSecond});
        CPPUNIT_ASSERT_MESSAGE(tested.dump(), tested.at("works").get<bool>());

        hub_->ask({"go-live", "start", kSecond});
        std::string code;
        CPPUNIT_ASSERT(becomesTrue([&] {
            code = goLive().value("qr_code", "");
            return !code.empty();
        }));
        payAtSimulator();
        CPPUNIT_ASSERT_MESSAGE(goLive().dump(), becomesTrue([&] {
                                   const Json check = goLive();
                                   return check.at("paid").get<bool>() &&
                                          check.at("refunded").get<bool>();
                               }));
        CPPUNIT_ASSERT(!goLive().at("done").get<bool>()); // the bill comes tomorrow
    }

    void whatIsWrongWithAKeyIsSaidAndNothingIsKept()
    {
        createSecond();
        const fs::path garbage = hub_->folder() / "garbage.pem";
        writeFile(garbage, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refused(kSecond, "app_key", garbage, "", "app_key");
        refused(kSecond,
                "app_key",
                simulator() / "alipay/provider_public_key.pem",
                "",
                "is a public key");
        refused(kSecond, "provider_key", merchantKey(), "", "is a private key");
        refused(kSecond, "app_key", pfxOf(merchantKey(), "correct"), "wrong", "password");
        refused(kSecond, "mystery", merchantKey(), "", "knows no key or secret");

        const Json shown = hub_->ask({"provider-account", "show", kSecond});
        for (const auto& [role, about] : shown.at("keys").items()) {
            CPPUNIT_ASSERT_MESSAGE(role, !about.at("present").get<bool>());
        }
        const std::string secrets = hub_->ask({"secret", "list"}).dump();
        CPPUNIT_ASSERT_MESSAGE(secrets, secrets.find(kSecond) == std::string::npos);
    }

    void anAccountWithoutItsKeysIsNotEnabled()
    {
        createSecond();

        const ProgramEnd end = hub_->command({"provider-account", "enable", kSecond});

        CPPUNIT_ASSERT_EQUAL(1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.error,
                               end.error.find("has no app_key yet") != std::string::npos);
    }

    void aTestTellsWhatIsWrongWithAnAccount()
    {
        createSecond();
        const fs::path other = hub_->folder() / "other.pem";
        runProgram({"openssl", "genpkey", "-algorithm", "RSA", "-out", other.string()});
        put(kSecond, "app_key", other); // none that the provider knows
        put(kSecond, "provider_key", simulator() / "alipay/provider_public_key.pem");
        hub_->ask({"provider-account", "enable", kSecond});

        const ProgramEnd end = hub_->command({"provider-account", "test", kSecond});

        CPPUNIT_ASSERT_EQUAL(1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.output + end.error,
                               end.output.find("fails") != std::string::npos);
    }

    void aStoppedMethodTellsPeopleWhy()
    {
        const ProgramEnd bare = hub_->command({"payment-method", "stop", "scan"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(bare.error, 1, bare.code);
        hub_->ask({"payment-method", "stop", "scan", "系统维护中", "Back at six"});

        const ApiAnswer refused =
            hub_->post("/api/v1/payments", HubProcess::paymentOf("order-1", "x"), "key-1");

        CPPUNIT_ASSERT_EQUAL(409, refused.status);
        CPPUNIT_ASSERT_EQUAL(std::string("method_stopped"),
                             refused.body.at("code").get<std::string>());
        CPPUNIT_ASSERT(refused.body.dump().find("Back at six") != std::string::npos);
        const std::string audit = hub_->ask({"audit", "list"}).dump();
        CPPUNIT_ASSERT_MESSAGE(audit, audit.find("method.stop") != std::string::npos);
        hub_->ask({"payment-method", "start", "scan"});
        hub_->pay("open again");
        hub_->stop();
        const ProgramEnd closed = hub_->command({"payment-method", "start", "scan"});
        CPPUNIT_ASSERT_MESSAGE(closed.error,
                               closed.error.find("needs the running hub") != std::string::npos);
    }

    void anAccountThatIsOwedAnAnswerIsNotRetired()
    {
        hub_->stopSimulator();
        CPPUNIT_ASSERT_EQUAL(
            201,
            hub_->post("/api/v1/payments", HubProcess::paymentOf("order-1", "x"), "key-1").status);

        const ProgramEnd open = hub_->command({"provider-account", "retire", kFirst});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(open.output, 1, open.code);
        CPPUNIT_ASSERT_MESSAGE(open.error,
                               open.error.find("is enabled; drain it") != std::string::npos);
        hub_->ask({"provider-account", "drain", kFirst});
        const ProgramEnd early = hub_->command({"provider-account", "retire", kFirst});

        CPPUNIT_ASSERT_EQUAL_MESSAGE(early.output, 1, early.code);
        CPPUNIT_ASSERT_MESSAGE(early.error,
                               early.error.find("have no final outcome yet") != std::string::npos);
        CPPUNIT_ASSERT(becomesTrue([&] {
            return hub_->command({"provider-account", "retire", kFirst}).code == 0;
        }));
    }

private:
    fs::path simulator() const { return hub_->folder() / "simulator"; }
    fs::path merchantKey() const { return simulator() / "alipay/app_private_key.pem"; }
    fs::path accountsFile() const { return hub_->folder() / "hub/plugins.d/payment_alipay.json"; }

    /// With the first one's configuration; the operator opens the way to the simulator.
    void createSecond() const
    {
        const Json first = Json::parse(readFile(accountsFile())).at("accounts").at(kFirst);
        const fs::path config = hub_->folder() / "second.json";
        writeFile(config, first.at("config").dump());
        const Json made = hub_->ask(
            {"provider-account", "create", "payment_alipay", kSecond, "--file", config.string()});
        CPPUNIT_ASSERT_EQUAL(std::string("draining"), made.at("state").get<std::string>());
        Json file = Json::parse(readFile(accountsFile()));
        file["accounts"][kSecond]["http_exact"] = first.at("http_exact");
        hub_->configure("payment_alipay", file);
        hub_->ask({"plugin", "reload"});
    }

    /// As old tools make them.
    fs::path pfxOf(const fs::path& key, const std::string& password) const
    {
        const fs::path certificate = hub_->folder() / "pfx.pem";
        const fs::path pfx = hub_->folder() / "merchant.pfx";
        runProgram({"openssl",
                    "req",
                    "-x509",
                    "-new",
                    "-key",
                    key.string(),
                    "-subj",
                    "/CN=test",
                    "-days",
                    "2",
                    "-out",
                    certificate.string()});
        const ProgramEnd made = runProgram({"openssl",
                                            "pkcs12",
                                            "-export",
                                            "-legacy",
                                            "-inkey",
                                            key.string(),
                                            "-in",
                                            certificate.string(),
                                            "-out",
                                            pfx.string(),
                                            "-passout",
                                            "pass:" + password});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(made.error, 0, made.code);
        return pfx;
    }

    ProgramEnd putCommand(const std::string& account,
                          const std::string& role,
                          const fs::path& file,
                          const std::string& password) const
    {
        std::vector<std::string> words = {
            "provider-account", "put", account, role, "--file", file.string()};
        if (!password.empty()) {
            const fs::path passwords = hub_->folder() / "password";
            writeFile(passwords, password + "\n");
            words.insert(words.end(), {"--password-file", passwords.string()});
        }
        return hub_->command(words);
    }

    void put(const std::string& account,
             const std::string& role,
             const fs::path& file,
             const std::string& password = "") const
    {
        const ProgramEnd end = putCommand(account, role, file, password);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.error, 0, end.code);
    }

    void refused(const std::string& account,
                 const std::string& role,
                 const fs::path& file,
                 const std::string& password,
                 const std::string& why) const
    {
        const ProgramEnd end = putCommand(account, role, file, password);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(role + " " + file.string(), 1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.error, end.error.find(why) != std::string::npos);
    }

    Json goLive() const { return hub_->ask({"go-live", "show", kSecond}); }

    void payAtSimulator() const
    {
        const std::string number = hub_->codeNumber(goLive().at("payment_id"));
        hub_->simulator("POST", "/control/pay", {{"out_trade_no", number}});
    }

    std::unique_ptr<HubProcess> hub_;
};

HUB_TEST_SUITE_REGISTRATION(ProviderAccountsTest, "provider_accounts");

} // namespace

} // namespace hub::test
