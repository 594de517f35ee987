// Goal: a connector's new version takes over while payments go on, and one that does worse gives
// the work back, for good. Method: the real hub, three versions of one library, a client that keeps
// paying.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <stdlib.h>

namespace hub::test {

namespace {

namespace fs = std::filesystem;

class ReplacementTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ReplacementTest);
    CPPUNIT_TEST(aNewVersionTakesOverWhilePaymentsGoOn);
    CPPUNIT_TEST(aWorseVersionGivesTheWorkBackForGood);
    CPPUNIT_TEST(anAccountIsDrainedWithoutANewProcess);
    CPPUNIT_TEST(aDrainMeanwhileOutlivesTheReplacement);
    CPPUNIT_TEST(aReloadThatDoesNotFitChangesNothing);
    CPPUNIT_TEST(aRefusedPackageStopsNothingAndNoFileIsWritten);
    CPPUNIT_TEST(aHalfCopiedLibraryIsNotTakenOver);
    CPPUNIT_TEST(accountsAreChangedAfterAVersionWasRolledBack);
    CPPUNIT_TEST(enablingWhatStartsAlreadyStartsNoSecondProcess);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override
    {
        std::string pattern = (fs::temp_directory_path() / "hub-swap-XXXXXX").string();
        installed_ = ::mkdtemp(pattern.data());
        for (const char* library : {"payments", "payment_alipay"}) {
            fs::copy(build() / "lib" / library, installed_ / library, fs::copy_options::recursive);
        }
        install("first");
        HubOptions options;
        options.settings = {"plugins.folder = " + installed_.string(),
                            "plugin_host.probation_ms = 3000"};
        hub_ = std::make_unique<HubProcess>(options);
        configure("enabled");
        hub_->configure(
            "payments",
            {{"library", "payments"},
             {"enabled", true},
             {"config",
              {{"methods", {{"scan", {{"product", "qr"}, {"accounts", {"swap-demo"}}}}}},
               {"amount_max_minor", 5000000}}}});
        hub_->startSimulator();
        hub_->start();
    }

    void tearDown() override
    {
        hub_.reset();
        fs::remove_all(installed_);
    }

    void aNewVersionTakesOverWhilePaymentsGoOn()
    {
        const std::string before = versionOf(hub_->pay("before"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(hub_->log(), std::string("1.0.0"), before);
        std::atomic<bool> stop{false};
        std::vector<std::string> paid;
        std::thread client([&] {
            while (!stop) {
                paid.push_back(hub_->pay("meanwhile"));
            }
        });

        install("second");
        hub_->ask({"plugin", "reload"});
        const bool took_over =
            becomesTrue([&] { return replacement().find("succeeded") != std::string::npos; });
        stop = true;
        client.join();

        CPPUNIT_ASSERT_MESSAGE(replacement() + hub_->log(), took_over);
        CPPUNIT_ASSERT(paid.size() > 10);
        CPPUNIT_ASSERT_EQUAL(std::string("1.1.0"), versionOf(hub_->pay("after")));
        for (const std::string& payment : paid) {
            const std::string version = versionOf(payment);
            CPPUNIT_ASSERT_MESSAGE(hub_->get("/api/v1/payments/" + payment).body.dump(),
                                   version == "1.0.0" || version == "1.1.0");
        }
        CPPUNIT_ASSERT_EQUAL(std::string("1.1.0"), library().at("version").get<std::string>());
    }

    void aWorseVersionGivesTheWorkBackForGood()
    {
        install("worse");
        hub_->ask({"plugin", "reload"});
        const bool went_back = becomesTrue([&] {
            hub_->pay("tried"); // fails while the worse one has the work
            return replacement().find("rolled_back") != std::string::npos;
        });
        CPPUNIT_ASSERT_MESSAGE(replacement() + hub_->log(), went_back);
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("after")));

        const std::string said = hub_->ask({"plugin", "reload"}).dump();
        CPPUNIT_ASSERT_MESSAGE(said, said.find("was rolled back") != std::string::npos);
        hub_->stop();
        hub_->start();
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("after a restart")));
    }

    void anAccountIsDrainedWithoutANewProcess()
    {
        hub_->pay("before");
        const std::string process = hub_->log();

        hub_->ask({"provider-account", "drain", "swap-demo"});

        const ApiAnswer refused =
            hub_->post("/api/v1/payments", HubProcess::paymentOf("order-drain", "x"), "key-drain");
        CPPUNIT_ASSERT_EQUAL(503, refused.status);
        hub_->ask({"provider-account", "enable", "swap-demo"});
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("after")));
        CPPUNIT_ASSERT(replacement().empty());
    }

    void aDrainMeanwhileOutlivesTheReplacement()
    {
        install("second");
        hub_->ask({"plugin", "reload"});

        hub_->ask({"provider-account", "drain", "swap-demo"});

        CPPUNIT_ASSERT(
            becomesTrue([&] { return replacement().find("succeeded") != std::string::npos; }));
        CPPUNIT_ASSERT_EQUAL(
            std::string("draining"),
            hub_->ask({"provider-account", "show", "swap-demo"}).at("state").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(
            503,
            hub_->post("/api/v1/payments", HubProcess::paymentOf("order-drain", "x"), "key-drain")
                .status);
    }

    void aReloadThatDoesNotFitChangesNothing()
    {
        configure("closed");

        const ProgramEnd end = hub_->command({"plugin", "reload"});

        CPPUNIT_ASSERT_EQUAL(1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.error,
                               end.error.find("/accounts/swap-demo/state") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("after")));
    }

    void aRefusedPackageStopsNothingAndNoFileIsWritten()
    {
        install("second");
        fs::remove(libraryFile());

        const std::string said = hub_->ask({"plugin", "reload"}).dump();

        CPPUNIT_ASSERT_MESSAGE(said, said.find("refused") != std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(said, said.find("version 1.0.0 goes on") != std::string::npos);
        const fs::path file = hub_->folder() / "hub/plugins.d/hub_test_swap.json";
        const std::string before = readFile(file);
        const ProgramEnd end = hub_->command({"provider-account", "drain", "swap-demo"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.output, 1, end.code);
        CPPUNIT_ASSERT_MESSAGE(end.error, end.error.find("refused") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(before, readFile(file));
        CPPUNIT_ASSERT(hub_->isRunning());
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("meanwhile")));

        install("second");
        hub_->ask({"plugin", "reload"});
        CPPUNIT_ASSERT_MESSAGE(replacement(), becomesTrue([&] {
                                   return replacement().find("succeeded") != std::string::npos;
                               }));
    }

    void aHalfCopiedLibraryIsNotTakenOver()
    {
        install("second");
        fs::resize_file(libraryFile(), fs::file_size(libraryFile()) / 2);

        const std::string said = hub_->ask({"plugin", "reload"}).dump();

        CPPUNIT_ASSERT_MESSAGE(said, said.find("not taken over") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("meanwhile")));

        install("second"); // the same digest
        hub_->ask({"plugin", "reload"});
        CPPUNIT_ASSERT_MESSAGE(replacement(), becomesTrue([&] {
                                   return replacement().find("succeeded") != std::string::npos;
                               }));
        CPPUNIT_ASSERT_EQUAL(std::string("1.1.0"), versionOf(hub_->pay("after")));
    }

    void accountsAreChangedAfterAVersionWasRolledBack()
    {
        install("worse");
        hub_->ask({"plugin", "reload"});
        CPPUNIT_ASSERT_MESSAGE(replacement() + hub_->log(), becomesTrue([&] {
                                   hub_->pay("tried");
                                   return replacement().find("rolled_back") != std::string::npos;
                               }));

        checkAccountChanges("in-the-same-run");
        hub_->stop();
        hub_->start();
        checkAccountChanges("after-a-restart");
    }

    void enablingWhatStartsAlreadyStartsNoSecondProcess()
    {
        hub_->pay("before");
        const std::size_t before = hosts().size();
        hub_->stop();
        const fs::path slow = hub_->folder() / "slow-host";
        const std::string real = (build() / "bin/expohub-plugin-host").string();
        writeFile(slow, "#!/bin/sh\nsleep 2\nexec " + real + "\n");
        fs::permissions(slow, fs::perms::owner_all);
        std::string settings = readFile(hub_->properties());
        settings.replace(settings.find(real), real.size(), slow.string());
        writeFile(hub_->properties(), settings);
        hub_->start();

        hub_->ask({"plugin", "enable", "hub_test_swap"}); // while it starts

        CPPUNIT_ASSERT(becomesTrue([&] { return library().at("state") == "started"; }));
        CPPUNIT_ASSERT_EQUAL(std::string("1.0.0"), versionOf(hub_->pay("after")));
        CPPUNIT_ASSERT_EQUAL(before, hosts().size());
    }

private:
    /// Of what a process knows, and of what it does not.
    void checkAccountChanges(const std::string& when) const
    {
        const Json drained = hub_->ask({"provider-account", "drain", "swap-demo"});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            when, std::string("draining"), drained.at("state").get<std::string>());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            when,
            503,
            hub_->post("/api/v1/payments", HubProcess::paymentOf("drained-" + when, "x"), when)
                .status);
        hub_->ask({"provider-account", "enable", "swap-demo"});
        const fs::path patch = hub_->folder() / "patch.json";
        const std::string url = hub_->simulatorAddress() + "/gateway.do?" + when.substr(0, 2);
        writeFile(patch, Json{{"url", url}}.dump());
        hub_->ask({"provider-account", "configure", "swap-demo", "--file", patch.string()});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when,
                                     url,
                                     hub_->ask({"provider-account", "show", "swap-demo"})
                                         .at("config")
                                         .at("url")
                                         .get<std::string>());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(when, std::string("1.0.0"), versionOf(hub_->pay(when)));
    }

    fs::path libraryFile() const
    {
        for (const auto& entry : fs::directory_iterator(installed_ / "hub_test_swap")) {
            if (entry.path().extension() == ".so") {
                return entry.path();
            }
        }
        return {};
    }

    /// Processes of libraries, by their ids.
    std::vector<std::string> hosts() const
    {
        const ProgramEnd found = runProgram({"pgrep", "-P", std::to_string(hub_->pid())});
        std::vector<std::string> ids;
        std::istringstream lines(found.output);
        for (std::string line; std::getline(lines, line);) {
            ids.push_back(line);
        }
        return ids;
    }

    static fs::path build()
    {
        return std::getenv("HUB_BUILD_DIR");
    } // NOLINT(concurrency-mt-unsafe)

    /// In place of what is there, as a package manager would: new files, then the names.
    void install(const std::string& version) const
    {
        const fs::path beside = installed_ / "hub_test_swap.new";
        fs::remove_all(beside);
        fs::copy(build() / "swap" / version / "hub_test_swap", beside);
        fs::remove_all(installed_ / "hub_test_swap");
        fs::rename(beside, installed_ / "hub_test_swap");
    }

    void configure(const std::string& state) const
    {
        const std::string simulator = hub_->simulatorAddress();
        hub_->configure("hub_test_swap",
                        {{"library", "hub_test_swap"},
                         {"enabled", true},
                         {"accounts",
                          {{"swap-demo",
                            {{"state", state},
                             {"config", {{"url", simulator + "/gateway.do"}}},
                             {"http_exact", {simulator.substr(8)}}}}}}});
    }

    /// Of the payment's code, once it is there; empty when none comes.
    std::string versionOf(const std::string& payment) const
    {
        std::string code;
        becomesTrue([&] {
            const Json body = hub_->get("/api/v1/payments/" + payment).body;
            code = body.value("/attempt/qr_code"_json_pointer, "");
            return !code.empty() || body.value("/attempt/state"_json_pointer, "") == "failed";
        });
        const std::string prefix = "https://qr.example.com/";
        return code.substr(std::min(prefix.size(), code.size()),
                           code.rfind('/') == std::string::npos ? 0
                                                                : code.rfind('/') - prefix.size());
    }

    Json library() const
    {
        for (const Json& each : hub_->ask({"plugin", "list"})) {
            if (each.at("library") == "hub_test_swap") {
                return each;
            }
        }
        return Json::object();
    }

    std::string replacement() const { return library().value("replacement", ""); }

    fs::path installed_;
    std::unique_ptr<HubProcess> hub_;
};

HUB_TEST_SUITE_REGISTRATION(ReplacementTest, "replacement");

} // namespace

} // namespace hub::test
