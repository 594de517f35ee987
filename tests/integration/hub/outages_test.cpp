// Goal: while the disk is full or the database is gone nothing is acknowledged, providers and
// portals are told to come again, and service resumes without a restart; after a failed sync the
// supervisor's restart brings it back. Method: the real hub with a disk that fails on demand, and
// with a PostgreSQL server of its own that is stopped.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include <signal.h>

namespace hub::test {

namespace {

std::string text(const char* name)
{
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

class OutagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OutagesTest);
    CPPUNIT_TEST(aFullDiskRefusesUntilThereIsSpace);
    CPPUNIT_TEST(aDatabaseThatIsGoneIsComeBackTo);
    CPPUNIT_TEST(aFailedSyncIsFollowedByARestart);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HubProcess> hub_;
    std::filesystem::path scratch_;
    bool postgres_ = false;

    std::filesystem::path fault() const { return scratch_ / "fault"; }

    void startOnAFailingDisk(bool supervised)
    {
        HubOptions options;
        options.supervised = supervised;
        options.settings = {"store.folder = " + (scratch_ / "store").string()};
        options.environment = {"LD_PRELOAD=" + text("HUB_BUILD_DIR") + "/tests/hub_disk_faults.so",
                               "HUB_DISK_FOLDER=" + (scratch_ / "store").string(),
                               "HUB_DISK_FAULT=" + fault().string(),
                               // The runtime is not the first library then, and need not be.
                               "ASAN_OPTIONS=" + text("ASAN_OPTIONS") +
                                   ":verify_asan_link_order=0"};
        start(options);
    }

    void start(const HubOptions& options)
    {
        hub_ = std::make_unique<HubProcess>(options);
        hub_->startSimulator();
        hub_->start();
    }

    void postgres(const std::string& action)
    {
        const ProgramEnd end = runProgram({text("HUB_SOURCE_DIR") + "/tests/support/postgres.sh",
                                           action,
                                           (scratch_ / "pg").string()});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(end.output + end.error, 0, end.code);
        postgres_ = action != "stop";
    }

    std::string stateOf(const std::string& payment) const
    {
        const ApiAnswer answer = hub_->get("/api/v1/payments/" + payment);
        return answer.body.is_object() ? answer.body.value("state", "") : "";
    }

    bool isReady() const { return hub_->request("GET", "/readyz").status == 200; }

    /// What the provider was told when it last called about this number: 0 before it called.
    int lastAnswerTo(const std::string& number) const
    {
        const Json books = hub_->simulator("GET", "/control/books?out_trade_no=" + number);
        return books.at("deliveries").empty()
                   ? 0
                   : books.at("deliveries").back().at("http_status").get<int>();
    }

    /// The hub refuses while `begin` holds and resumes, by itself, after `end`.
    void refusesAndResumes(const std::function<void()>& begin, const std::function<void()>& end)
    {
        const std::string paid_meanwhile = hub_->pay("before");
        const std::string number = hub_->codeNumber(paid_meanwhile);
        const pid_t process = hub_->pid();
        begin();

        const Json wanted = HubProcess::paymentOf("order-again", "asked twice");
        const ApiAnswer refusal = hub_->post("/api/v1/payments", wanted, "again");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(refusal.body.dump(), 503, refusal.status);
        CPPUNIT_ASSERT(refusal.headers.count("Retry-After") == 1);
        CPPUNIT_ASSERT(!isReady());
        hub_->simulator("POST", "/control/pay", {{"out_trade_no", number}});
        CPPUNIT_ASSERT(becomesTrue([&] { return lastAnswerTo(number) >= 500; }));
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/healthz").status);

        end();

        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] { return isReady(); }));
        const ApiAnswer taken = hub_->post("/api/v1/payments", wanted, "again");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(taken.body.dump(), 201, taken.status);
        CPPUNIT_ASSERT(stateOf(paid_meanwhile) != "paid");
        hub_->simulator("POST", "/control/notify", {{"out_trade_no", number}});
        CPPUNIT_ASSERT(becomesTrue([&] { return stateOf(paid_meanwhile) == "paid"; }));
        CPPUNIT_ASSERT(hub_->isRunning());
        CPPUNIT_ASSERT_EQUAL(process, hub_->pid());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"ledger", "check"}).code);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);
    }

public:
    void setUp() override
    {
        std::string name = (std::filesystem::temp_directory_path() / "hub-out-XXXXXX").string();
        CPPUNIT_ASSERT(::mkdtemp(name.data()) != nullptr);
        scratch_ = name;
        std::filesystem::permissions(scratch_, std::filesystem::perms(0755));
    }

    void tearDown() override
    {
        hub_.reset();
        if (postgres_) {
            postgres("stop");
        }
        std::filesystem::remove_all(scratch_);
    }

    void aFullDiskRefusesUntilThereIsSpace()
    {
        startOnAFailingDisk(false);
        refusesAndResumes([&] { writeFile(fault(), "full"); },
                          [&] { std::filesystem::remove(fault()); });
    }

    void aDatabaseThatIsGoneIsComeBackTo()
    {
        postgres("start");
        HubOptions options;
        options.settings = {"store.backend = postgresql",
                            "store.postgres = host=" + (scratch_ / "pg").string() +
                                " user=hub dbname=hub"};
        start(options);
        refusesAndResumes([&] { postgres("halt"); }, [&] { postgres("resume"); });
    }

    void aFailedSyncIsFollowedByARestart()
    {
        startOnAFailingDisk(true);
        const std::string before = hub_->pay("before");
        hub_->codeNumber(before);
        const std::string run_file = readFile(hub_->folder() / "hub/run/expohub.pid");

        writeFile(fault(), "sync");
        const Json wanted = HubProcess::paymentOf("order-again", "asked twice");
        const ApiAnswer doubtful = hub_->post("/api/v1/payments", wanted, "again");
        const auto failed_at = std::chrono::steady_clock::now();

        CPPUNIT_ASSERT_MESSAGE(doubtful.body.dump(),
                               doubtful.status == 0 || doubtful.status == 503);
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] {
                                   return !std::filesystem::exists(fault()) && isReady();
                               }));
        std::cout << "ready again after "
                  << std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::steady_clock::now() - failed_at)
                         .count()
                  << " ms\n";
        CPPUNIT_ASSERT_MESSAGE(hub_->log(),
                               hub_->log().find("must be started again") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), stateOf(before));
        const ApiAnswer taken = hub_->post("/api/v1/payments", wanted, "again");
        CPPUNIT_ASSERT_EQUAL_MESSAGE(taken.body.dump(), 201, taken.status);
        hub_->codeNumber(taken.body.at("payment_id").get<std::string>());
    }
};

HUB_TEST_SUITE_REGISTRATION(OutagesTest, "outages");

} // namespace

} // namespace hub::test
