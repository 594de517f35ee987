// Goal: what was answered is booked, whatever happens to the process.

#include "merchant.hpp"
#include "support/suite.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace simulator_test {

class BooksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BooksTest);
    CPPUNIT_TEST(booksAreTheSameAfterAKill);
    CPPUNIT_TEST(everyAnsweredOrderSurvivesAKillUnderLoad);
    CPPUNIT_TEST(signalEndsCleanly);
    CPPUNIT_TEST(movedClockStaysMovedAfterARestart);
    CPPUNIT_TEST(secondProgramOnTheSameBooksIsRefused);
    CPPUNIT_TEST(wrongUseIsRefusedWithASentence);
    CPPUNIT_TEST(controlRefusesWhatItDoesNotUnderstand);
    CPPUNIT_TEST_SUITE_END();

public:
    BooksTest()
        : merchant_(simulator_)
    {}

    void booksAreTheSameAfterAKill()
    {
        simulator_.start();
        merchant_.order("B1");
        merchant_.orderAndPay("B2");
        merchant_.orderAndPay("B3");
        merchant_.call(
            "alipay.trade.refund",
            {{"out_trade_no", "B3"}, {"refund_amount", "0.01"}, {"out_request_no", "a"}});
        const std::string before = simulator_.get("/control/books").dump();
        simulator_.kill();
        simulator_.start();
        CPPUNIT_ASSERT_EQUAL(before, simulator_.get("/control/books").dump());
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_HAS_SUCCESS"),
                             merchant_
                                 .call("alipay.trade.precreate",
                                       {{"out_trade_no", "B2"},
                                        {"total_amount", "200.00"},
                                        {"subject", "胸牌费 Badge fee"}})
                                 .subCode());
    }

    void everyAnsweredOrderSurvivesAKillUnderLoad()
    {
        simulator_.start();
        std::mutex guard;
        std::set<std::string> answered;
        std::atomic<int> count{0};
        std::atomic<bool> stopping{false};
        std::vector<std::thread> clients;
        for (int i = 0; i < 4; ++i) {
            clients.emplace_back([&] {
                while (!stopping) {
                    const std::string number = "L" + std::to_string(++count);
                    const GatewayAnswer answer = merchant_.call(
                        "alipay.trade.precreate",
                        {{"out_trade_no", number}, {"total_amount", "1.00"}, {"subject", "s"}});
                    if (answer.code() == "10000") {
                        const std::lock_guard lock(guard);
                        answered.insert(number);
                    }
                }
            });
        }
        const bool loaded = becomesTrue([&] {
            std::this_thread::yield();
            const std::lock_guard lock(guard);
            return answered.size() >= 40;
        });
        simulator_.kill();
        stopping = true;
        for (std::thread& client : clients) {
            client.join();
        }
        CPPUNIT_ASSERT(loaded);

        simulator_.start();
        std::set<std::string> booked;
        const Json books = simulator_.get("/control/books");
        for (const Json& trade : books["trades"]) {
            booked.insert(trade["out_trade_no"]);
        }
        for (const std::string& number : answered) {
            CPPUNIT_ASSERT_MESSAGE(number, booked.contains(number));
        }
    }

    void signalEndsCleanly()
    {
        simulator_.start();
        merchant_.order("B4");
        CPPUNIT_ASSERT_EQUAL(0, simulator_.terminate());
    }

    void movedClockStaysMovedAfterARestart()
    {
        simulator_.start();
        simulator_.post("/control/clock", {{"advance_s", 7200}});
        simulator_.kill();
        simulator_.start({"--clock-speed", "2"});
        const Json clock = simulator_.get("/control/clock");
        const auto ahead_ms =
            clock["test_ms"].get<std::int64_t>() - clock["real_ms"].get<std::int64_t>();
        CPPUNIT_ASSERT_MESSAGE(std::to_string(ahead_ms),
                               ahead_ms >= 7200 * 1000 && ahead_ms < 7260 * 1000);
        CPPUNIT_ASSERT_EQUAL(2.0, clock["speed"].get<double>());
    }

    void secondProgramOnTheSameBooksIsRefused()
    {
        simulator_.start();
        const std::string said =
            complaint({"serve", "--folder", simulator_.folder().string(), "--port", "0"});
        CPPUNIT_ASSERT_MESSAGE(said, said.find("another simulator") != std::string::npos);
    }

    void wrongUseIsRefusedWithASentence()
    {
        const std::string folder = simulator_.folder().string();
        struct Row {
            std::vector<std::string> arguments;
            std::string said;
        };
        for (const Row& row :
             {Row{{}, "usage"},
              Row{{"prepare"}, "usage"},
              Row{{"serve", "--folder", folder, "--speed", "2"}, "--speed"},
              Row{{"serve", "--folder", folder, "--port"}, "needs a value"},
              Row{{"serve", "--folder", folder, "--port", "99999"}, "--port"},
              Row{{"serve", "--folder", folder, "--clock-speed", "0"}, "--clock-speed"},
              Row{{"serve", "--folder", "/nonexistent", "--port", "0"}, "prepare"}}) {
            const std::string said = complaint(row.arguments);
            CPPUNIT_ASSERT_MESSAGE(said, said.find(row.said) != std::string::npos);
        }
        simulator_.start();
    }

    void controlRefusesWhatItDoesNotUnderstand()
    {
        simulator_.start();
        struct Row {
            const char* method;
            const char* path;
            const char* body;
            int status;
        };
        for (const Row& row : {Row{"POST", "/control/pay", "{\"out_trade_no\":\"NOBODY\"}", 404},
                               Row{"POST", "/control/pay", "{}", 404},
                               Row{"POST", "/control/pay", "[]", 400},
                               Row{"POST", "/control/pay", "{", 400},
                               Row{"POST", "/control/clock", "{\"advance_s\":-1}", 400},
                               Row{"POST", "/control/clock", "{}", 400},
                               Row{"POST", "/control/balance", "{}", 400},
                               Row{"POST", "/control/notify", "{\"out_trade_no\":\"X\"}", 404},
                               Row{"POST", "/control/other", "{}", 404},
                               Row{"GET", "/control/other", "", 404},
                               Row{"PUT", "/control/pay", "{}", 405},
                               Row{"GET", "/", "", 404}}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::string(row.path) + row.body,
                                         row.status,
                                         simulator_.request(row.method, row.path, row.body).status);
        }
    }

    void tearDown() override { simulator_.kill(); }

private:
    /// What the program says while it fails.
    static std::string complaint(const std::vector<std::string>& arguments)
    {
        std::vector<std::string> command{
            "sh", "-c", "if \"$@\" 2>&1; then echo it ended well; fi", "sh", simulatorBinary()};
        command.insert(command.end(), arguments.begin(), arguments.end());
        return runProgram(command, {}, true);
    }

    Simulator simulator_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(BooksTest, "books");

} // namespace simulator_test
