// Goal: from the real hub a hostile connector gets no key, secret, exchange or publication that its
// manifest, its operator and its own live call do not give it, and none of the hub's files and
// doors. Method: the real hub with a connector that tries what a payment's subject says. When root
// runs this, all of it runs a second time as a plain user.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <grp.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hub::test {

namespace fs = std::filesystem;

namespace {

constexpr uid_t kNobody = 65534;
constexpr std::size_t kPathMax = 120;        // an order is a payment's subject, which has a limit
const std::string kRefusedUse = "refused 4"; // HUB_UNAUTHENTICATED

class HostileConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(HostileConnectorTest);
    CPPUNIT_TEST(theHubsFilesAndDoorsAreClosed);
    CPPUNIT_TEST(keysWorkInTheOwnLiveCallAsListed);
    CPPUNIT_TEST(callsOfOthersLendNoKeys);
    CPPUNIT_TEST(exchangesGoWhereTheManifestSays);
    CPPUNIT_TEST(aCallMakesOneExchangeAndNotTenThousand);
    CPPUNIT_TEST(onlyListedEventsArePublished);
    CPPUNIT_TEST(tablesOfPluginsAreNotThere);
    CPPUNIT_TEST(answersOfTheHostToOthersCallsGoNowhere);
    CPPUNIT_TEST(aStrangersHelloEndsItsSessionAlone);
    CPPUNIT_TEST(itDiesWithItsHub);
    CPPUNIT_TEST(allOfItAsAPlainUser);
    CPPUNIT_TEST_SUITE_END();

    /// One hub for all tests that only need it to run: nothing that is tried leaves a trace in it.
    static std::unique_ptr<HubProcess> common_;
    std::unique_ptr<HubProcess> own_;
    HubProcess* hub_ = nullptr;

    void pointPaymentsTo(const std::string& account)
    {
        hub_->configure("payments",
                        {{"library", "payments"},
                         {"enabled", true},
                         {"config",
                          {{"methods", {{"scan", {{"product", "qr"}, {"accounts", {account}}}}}},
                           {"amount_max_minor", 5000000}}}});
    }

    void prepare()
    {
        own_ = std::make_unique<HubProcess>();
        hub_ = own_.get();
        for (const char* name : {"app_key", "password"}) {
            const fs::path file = hub_->folder() / name;
            writeFile(file, "a secret of thirty-two characters");
            const ProgramEnd end = hub_->command(
                {"secret", "put", std::string("hostile-demo/") + name, "--file", file.string()});
            CPPUNIT_ASSERT_EQUAL_MESSAGE(end.output + end.error, 0, end.code);
        }
        hub_->configure("hub_test_hostile",
                        {{"library", "hub_test_hostile"},
                         {"enabled", true},
                         {"accounts",
                          {{"hostile-demo",
                            {{"config", Json::object()},
                             {"keys", {{"app_key", "hostile-demo/app_key"}}},
                             {"secrets", {{"portal_password", "hostile-demo/password"}}},
                             {"http_exact", {hub_->simulatorAddress().substr(8)}}}}}}});
        hub_->startSimulator();
    }

    void start()
    {
        if (!common_) {
            prepare();
            pointPaymentsTo("hostile-demo");
            hub_->start();
            common_ = std::move(own_);
        }
        hub_ = common_.get();
    }

    /// What came of all attempts of this order so far.
    std::vector<std::string> resultsOf(const std::string& order) const
    {
        const std::string log = hub_->log();
        std::string mark = "\"hostile " + order + " gives ";
        std::replace(mark.begin(), mark.end(), '@', '+');
        std::vector<std::string> results;
        for (std::size_t at = log.find(mark); at != std::string::npos; at = log.find(mark, at)) {
            at += mark.size();
            results.push_back(log.substr(at, log.find('"', at) - at));
        }
        return results;
    }

    std::string attempt(const std::string& order)
    {
        const std::size_t before = resultsOf(order).size();
        hub_->pay(order);
        CPPUNIT_ASSERT_MESSAGE(order + hub_->log(),
                               becomesTrue([&] { return resultsOf(order).size() > before; }));
        return resultsOf(order).back();
    }

    void expect(const std::string& result, const std::string& order)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(order, result, attempt(order));
    }

    /// Not what the connector runs from, and no path longer than an order may be.
    static bool isTried(const fs::path& file)
    {
        return file.string().size() < kPathMax &&
               readFile(file.parent_path() / "manifest.json").find("\"hub_test_hostile\"") ==
                   std::string::npos;
    }

    void expectRefused(const std::string& order)
    {
        const std::string result = attempt(order);
        CPPUNIT_ASSERT_MESSAGE(order + ": " + result, result.starts_with("refused"));
    }

    /// The processes of the hub's libraries.
    std::set<pid_t> children() const
    {
        std::set<pid_t> found;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            const std::string status = readFile(entry.path() / "status");
            if (status.find("PPid:\t" + std::to_string(hub_->pid()) + "\n") != std::string::npos &&
                status.find("State:\tZ") == std::string::npos) {
                found.insert(std::stoi(entry.path().filename().string()));
            }
        }
        return found;
    }

    /// No event has this key, after everything that was tried before has been seen.
    void expectNoEventOf(const std::string& key)
    {
        expect("got it", "use_own_key");
        int seq = 1;
        for (;; ++seq) {
            const ProgramEnd end = hub_->command({"event", "show", std::to_string(seq), "--json"});
            if (end.code != 0) {
                break;
            }
            CPPUNIT_ASSERT_MESSAGE(end.output,
                                   end.output.find('"' + key + '"') == std::string::npos);
        }
        CPPUNIT_ASSERT_MESSAGE("the journal was read", seq > 1);
    }

public:
    void tearDown() override { own_.reset(); }

    void theHubsFilesAndDoorsAreClosed()
    {
        start();
        const std::string hub = (hub_->folder() / "hub").string();
        for (const char* file : {"/master.key", "/hub.properties", "/callback.token"}) {
            CPPUNIT_ASSERT(!readFile(hub + file).empty());
            expect("refused EACCES", "read " + hub + file);
        }
        int files = 0;
        for (const char* folder :
             {"/secrets", "/store", "/store/libraries", "/plugins.d", "/run"}) {
            expect("refused EACCES", "list " + hub + folder);
            for (const auto& entry : fs::recursive_directory_iterator(hub + folder)) {
                if (entry.is_regular_file() && isTried(entry.path()) && ++files % 3 == 0) {
                    expect("refused EACCES", "read " + entry.path().string());
                }
            }
        }
        CPPUNIT_ASSERT(files >= 9);
        expect("refused EPERM", "connect " + hub + "/run/admin.sock");
        const std::string port = hub_->httpAddress().substr(hub_->httpAddress().rfind(':') + 1);
        expect("refused EPERM", "connect " + port);
        expect("refused EPERM", "kill " + std::to_string(hub_->pid()));
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"plugin", "list"}).code);
    }

    void keysWorkInTheOwnLiveCallAsListed()
    {
        start();
        expect("got it", "use_own_key");
        expect(kRefusedUse, "use_other_algorithm");
        expect(kRefusedUse, "use_other_use");
        expect("refused", "use_other_key");
        expect(kRefusedUse, "reveal portal_password");
        expect(kRefusedUse, "reveal app_key");
        expect(kRefusedUse, "reveal hostile-demo/password");
    }

    /// While another connector's call is alive, too.
    void callsOfOthersLendNoKeys()
    {
        prepare();
        hub_->start();
        const std::string other = hub_->pay("an honest one");
        const std::string number = hub_->codeNumber(other);
        hub_->stop();
        pointPaymentsTo("hostile-demo");
        hub_->start();
        expect("got it", "use_own_key");
        expect(kRefusedUse, "use_earlier_call");
        hub_->simulator("POST",
                        "/control/faults",
                        {{"rules",
                          {{{"fault", "delay"},
                            {"ms", 6000},
                            {"match", {{"method", "alipay.trade.close"}}}}}}});
        hub_->simulator("POST", "/control/open", {{"out_trade_no", number}});
        CPPUNIT_ASSERT(
            hub_->post("/api/v1/payments/" + other + "/cancel", Json::object(), "cancel").status <
            300);
        CPPUNIT_ASSERT(becomesTrue([&] {
            return hub_->simulator("GET", "/control/books?out_trade_no=" + number)
                       .dump()
                       .find("\"state\":\"closed\"") != std::string::npos;
        }));

        expect("refused 600 times", "use_guessed_calls");
        expect("tried", "forge_outcomes");

        const auto state = [&] {
            return hub_->get("/api/v1/payments/" + other).body.dump();
        };
        const std::string closing = "\"closing\"";
        CPPUNIT_ASSERT_MESSAGE("still the other library's to answer: " + state(),
                               state().find(closing) != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(
            state(), becomesTrue([&] { return state().find(closing) == std::string::npos; }));
    }

    void exchangesGoWhereTheManifestSays()
    {
        start();
        const std::string simulator = hub_->simulatorAddress();
        expect("got it", "post " + simulator + "/gateway.do");
        expect("refused 2", "delete " + simulator + "/gateway.do");
        for (const std::string& url : {std::string("https://evil.example.com/"),
                                       std::string("https://127.0.0.1:1/"),
                                       std::string("https://localhost/"),
                                       "https://pay.example.com@" + simulator.substr(8) + "1/",
                                       hub_->httpAddress() + "/api/v1/payments",
                                       std::string("file:///etc/passwd"),
                                       std::string("http://pay.example.com/")}) {
            expectRefused("post " + url);
        }
    }

    void aCallMakesOneExchangeAndNotTenThousand()
    {
        start();
        expect("refused 9999, others 1",
               "post_many_times " + hub_->simulatorAddress() + "/gateway.do");
    }

    void onlyListedEventsArePublished()
    {
        start();
        expect("refused 2", "publish payment.paid");
        expect("refused 2", "publish test.other");
        expect("tried", "forge_publication payment.paid");
        expect("tried", "forge_publication test.other");
        expect("tried", "forge_acks");
        expectNoEventOf("forged");
        expect("got it", "publish test.hostile"); // which its manifest lists
    }

    void tablesOfPluginsAreNotThere()
    {
        start();
        for (const char* table : {"hub.store/1", "hub.ask/1", "hub.session/1", "hub.stream/1"}) {
            expect("refused", std::string("table ") + table);
            // Its session lives on: the hub answers, and nobody waited.
            expect("tried", std::string("forge_service ") + table);
            expect("got it", "use_own_key");
        }
    }

    /// The host hands on only what answers a delivery that it has.
    void answersOfTheHostToOthersCallsGoNowhere()
    {
        prepare();
        hub_->start();
        const std::string other = hub_->pay("an honest one");
        hub_->codeNumber(other);
        const std::string before = hub_->get("/api/v1/payments/" + other).body.dump();
        hub_->stop();
        pointPaymentsTo("hostile-demo");
        hub_->start();
        expect("tried", "complete_others");
        expect("got it", "use_own_key");
        CPPUNIT_ASSERT_EQUAL(before, hub_->get("/api/v1/payments/" + other).body.dump());
    }

    void aStrangersHelloEndsItsSessionAlone()
    {
        start();
        const pid_t hostile = std::stoi(attempt("pid"));
        std::set<pid_t> others = children();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, others.erase(hostile));
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, others.size());
        hub_->pay("forge_hello subscriber_example");
        std::set<pid_t> now;
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] {
                                   now = children();
                                   return now.size() == 3 && now.count(hostile) == 0;
                               }));
        CPPUNIT_ASSERT(std::includes(now.begin(), now.end(), others.begin(), others.end()));
    }

    /// Also when it can't end by itself, and although the change of user undoes the tie.
    void itDiesWithItsHub()
    {
        common_.reset(); // there, the forged HELLO is delivered again and ends the process again
        start();
        const pid_t process = std::stoi(attempt("pid"));
        CPPUNIT_ASSERT_EQUAL(0, ::kill(process, SIGSTOP));
        hub_->kill();
        own_ = std::move(common_); // nobody needs it any more
        CPPUNIT_ASSERT(becomesTrue([&] {
            const std::string status = readFile("/proc/" + std::to_string(process) + "/status");
            return status.empty() || status.find("State:\tZ") != std::string::npos;
        }));
    }

    void allOfItAsAPlainUser()
    {
        if (::geteuid() != 0) {
            return; // this is it
        }
        common_.reset();
        const pid_t child = ::fork();
        if (child == 0) {
            const bool plain = ::setgroups(0, nullptr) == 0 &&
                               ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                               ::setresuid(kNobody, kNobody, kNobody) == 0;
            const std::string build = std::getenv("HUB_BUILD_DIR");
            if (!plain || ::access((build + "/bin/expohub").c_str(), X_OK) != 0) {
                ::_exit(77);
            }
            ::setenv("HOME", "/tmp", 1);
            ::execl("/proc/self/exe", "hostile", "--only", "hostile_connector", nullptr);
            ::_exit(78);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            std::cout << "skipped: as a plain user: this build can't be read by one" << std::endl;
            return;
        }
        CPPUNIT_ASSERT_EQUAL(0, status);
    }
};

std::unique_ptr<HubProcess> HostileConnectorTest::common_;

HUB_TEST_SUITE_REGISTRATION(HostileConnectorTest, "hostile_connector");

} // namespace

} // namespace hub::test
