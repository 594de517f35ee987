// Goal: a hub that was restored from a backup under load sends nothing until it knows what became
// of everything that was open, gives no number out twice, and books what the provider alone knows
// into suspense. Method: the real hub and the simulated provider; the hub is killed after further
// payments, and comes back from the backup. HUB_TEST_BACKUP_PAYMENTS says how many those are.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <atomic>
#include <cstdlib>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <sqlite3.h>

namespace hub::test {

namespace {

namespace fs = std::filesystem;

int furtherPayments()
{
    const char* text = std::getenv("HUB_TEST_BACKUP_PAYMENTS");
    return text == nullptr ? 200 : std::atoi(text);
}

struct Opened {
    std::string payment;
    std::string number;
};

class BackupTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(BackupTest);
    CPPUNIT_TEST(aRestoredHubAsksBeforeItSends);
    CPPUNIT_TEST(whatDoesNotFitIsRefusedAndNothingIsRestored);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HubProcess> hub_;

    std::string place(const std::string& name) const { return (hub_->folder() / name).string(); }

    Opened open(const std::string& subject) const
    {
        const std::string payment = hub_->pay(subject);
        return {payment, hub_->codeNumber(payment)};
    }

    std::string stateOf(const Opened& opened) const
    {
        return hub_->get("/api/v1/payments/" + opened.payment).body.at("state").get<std::string>();
    }

    void payAtProvider(const Opened& opened) const
    {
        hub_->simulator("POST", "/control/pay", {{"out_trade_no", opened.number}});
    }

    Opened openAndPaid(const std::string& subject) const
    {
        const Opened opened = open(subject);
        payAtProvider(opened);
        CPPUNIT_ASSERT(becomesTrue([&] { return stateOf(opened) == "paid"; }));
        return opened;
    }

    std::string refund(const Opened& opened) const
    {
        const ApiAnswer answer =
            hub_->post("/api/v1/payments/" + opened.payment + "/refunds",
                       {{"amount_minor", 20000}, {"currency", "CNY"}, {"reason", "withdrawn"}},
                       "refund-" + opened.payment);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body.dump(), 201, answer.status);
        return answer.body.at("refund_id").get<std::string>();
    }

    std::set<std::string> numbersAtProvider() const
    {
        std::set<std::string> numbers;
        for (const Json& trade : hub_->simulator("GET", "/control/books").at("trades")) {
            numbers.insert(trade.at("number").get<std::string>());
        }
        return numbers;
    }

    /// The provider closes a bill with its day; no test waits for midnight.
    void bookAtYesterday() const
    {
        sqlite3* books = nullptr;
        const std::string file = (hub_->folder() / "simulator/books.db").string();
        const bool done =
            sqlite3_open(file.c_str(), &books) == SQLITE_OK &&
            sqlite3_exec(books,
                         "UPDATE trades SET paid_ms = paid_ms - 86400000 WHERE paid_ms > 0",
                         nullptr,
                         nullptr,
                         nullptr) == SQLITE_OK;
        const std::string why = sqlite3_errmsg(books);
        sqlite3_close(books);
        CPPUNIT_ASSERT_MESSAGE(why, done);
    }

    Json open() const { return hub_->ask({"quarantine", "show"}); }

    void checkQuarantine() const
    {
        const ApiAnswer ready = hub_->request("GET", "/readyz");
        CPPUNIT_ASSERT_EQUAL(503, ready.status);
        CPPUNIT_ASSERT_MESSAGE(ready.body.dump(),
                               ready.body.dump().find("restored") != std::string::npos);
        const ApiAnswer refused =
            hub_->post("/api/v1/payments", HubProcess::paymentOf("order-late", "late"), "late");
        CPPUNIT_ASSERT_EQUAL(503, refused.status);
        CPPUNIT_ASSERT_MESSAGE(refused.body.dump(),
                               refused.body.dump().find("quarantine") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(200, hub_->get("/api/v1/payments").status);
        CPPUNIT_ASSERT(hub_->command({"doctor"}).output.find("quarantine") != std::string::npos);
        CPPUNIT_ASSERT(becomesTrue([&] { return hub_->metric("hub_quarantine") == 1; }));
        const ProgramEnd early = hub_->command({"quarantine", "release"});
        CPPUNIT_ASSERT_EQUAL(64, early.code);
    }

public:
    void setUp() override
    {
        hub_ = std::make_unique<HubProcess>();
        hub_->startSimulator();
        hub_->start();
    }

    void aRestoredHubAsksBeforeItSends()
    {
        std::vector<Opened> unpaid;
        std::vector<Opened> paid_later;
        for (int i = 0; i < 5; ++i) {
            unpaid.push_back(open("unpaid"));
            paid_later.push_back(open("paid later"));
        }
        const Opened to_refund = openAndPaid("to refund");
        hub_->simulator("POST",
                        "/control/faults",
                        {{"rules",
                          {{{"fault", "delay"},
                            {"ms", 8000},
                            {"match", {{"method", "alipay.trade.refund"}}}}}}});
        const std::string refund_number = refund(to_refund); // under way while the backup is made

        std::atomic<bool> stop{false};
        std::atomic<int> made{0};
        std::thread load([&] {
            while (!stop) {
                const std::string order = "load-" + std::to_string(made);
                const ApiAnswer answer =
                    hub_->post("/api/v1/payments", HubProcess::paymentOf(order, "load"), order);
                made += answer.status == 201 ? 1 : 0;
            }
        });
        const bool loaded = becomesTrue([&] { return made > 5; });
        const ProgramEnd backup = hub_->command(
            {"backup", "--to", place("backup"), "--persons-to", place("persons"), "--json"});
        stop = true;
        load.join();
        CPPUNIT_ASSERT_EQUAL_MESSAGE(backup.error, 0, backup.code);
        CPPUNIT_ASSERT(loaded);
        CPPUNIT_ASSERT_MESSAGE(backup.error, backup.error.find("copying") != std::string::npos);

        std::vector<Opened> theirs;
        for (int i = 0; i < furtherPayments(); ++i) {
            const std::string payment = hub_->pay("further");
            if (i < 10) {
                theirs.push_back({payment, hub_->codeNumber(payment)});
                payAtProvider(theirs.back());
            }
        }
        for (const Opened& opened : paid_later) {
            payAtProvider(opened);
        }
        for (const Opened& opened : theirs) {
            CPPUNIT_ASSERT(becomesTrue([&] { return stateOf(opened) == "paid"; }));
        }
        hub_->kill();
        hub_->stopSimulator();
        bookAtYesterday();
        hub_->startSimulator();
        const std::set<std::string> before = numbersAtProvider();

        const ProgramEnd kept = hub_->command({"restore", "--from", place("backup")});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(kept.output, 1, kept.code);
        CPPUNIT_ASSERT_MESSAGE(kept.error, kept.error.find("--replace") != std::string::npos);
        const Json restored = hub_->ask({"restore",
                                         "--from",
                                         place("backup"),
                                         "--persons-from",
                                         place("persons"),
                                         "--replace"});
        CPPUNIT_ASSERT_EQUAL(std::int64_t{2}, restored.at("epoch").get<std::int64_t>());
        hub_->start();
        checkQuarantine();

        CPPUNIT_ASSERT_MESSAGE(open().dump() + hub_->log(),
                               becomesTrue(
                                   [&] {
                                       const Json payments = open().at("libraries").at("payments");
                                       return payments.at("attempts") == 0 &&
                                              payments.at("refunds") == 0;
                                   },
                                   std::chrono::seconds(60)));
        for (const Opened& opened : paid_later) {
            CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(opened));
        }
        CPPUNIT_ASSERT_EQUAL(
            std::string("succeeded"),
            hub_->get("/api/v1/payments/" + to_refund.payment + "/refunds/" + refund_number)
                .body.at("state")
                .get<std::string>());
        CPPUNIT_ASSERT(numbersAtProvider() == before); // nothing was sent that makes one

        // Yesterday's bill is compared; today's is not there, so somebody must answer for it.
        CPPUNIT_ASSERT_MESSAGE(open().dump() + hub_->log(),
                               becomesTrue(
                                   [&] {
                                       const Json payments = open().at("libraries").at("payments");
                                       return payments.at("open_bills") == 1;
                                   },
                                   std::chrono::seconds(60)));
        std::set<std::string> suspended;
        const Json exceptions = hub_->ask({"payment", "exceptions"});
        for (const Json& item : exceptions.at("items")) {
            CPPUNIT_ASSERT_EQUAL(std::string("their_payment"), item.at("kind").get<std::string>());
            CPPUNIT_ASSERT(item.at("booked").get<bool>());
            suspended.insert(item.at("number").get<std::string>());
        }
        std::set<std::string> expected;
        for (const Opened& opened : theirs) {
            expected.insert(opened.number);
        }
        CPPUNIT_ASSERT_MESSAGE(exceptions.dump(), suspended == expected);
        const Json ledger = hub_->ask({"ledger", "check"});
        CPPUNIT_ASSERT(ledger.at("balanced").get<bool>());
        CPPUNIT_ASSERT(ledger.dump().find("suspense:alipay-demo") != std::string::npos);

        const std::vector<std::string> release = {
            "quarantine", "release", "--reason", "today's bill comes tomorrow"};
        CPPUNIT_ASSERT_EQUAL(1, hub_->command(release).code);
        std::vector<std::string> forced = release;
        forced.emplace_back("--force");
        CPPUNIT_ASSERT_EQUAL(0, hub_->command(forced).code);
        const Json audited = hub_->ask({"audit", "list", "--action", "quarantine.released"});
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, audited.size());
        CPPUNIT_ASSERT_EQUAL(release.back(), audited[0].at("detail").get<std::string>());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);

        const Opened fresh = openAndPaid("after the release");
        CPPUNIT_ASSERT_EQUAL(std::string("002"), fresh.number.substr(5, 3));
        CPPUNIT_ASSERT(before.count(fresh.number) == 0);
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/readyz").status);
        CPPUNIT_ASSERT(hub_->ask({"ledger", "check"}).at("balanced").get<bool>());
    }

    void whatDoesNotFitIsRefusedAndNothingIsRestored()
    {
        const Opened paid = openAndPaid("before");
        const ProgramEnd same =
            hub_->command({"backup", "--to", place("backup"), "--persons-to", place("backup")});
        CPPUNIT_ASSERT_EQUAL(1, same.code);
        CPPUNIT_ASSERT_MESSAGE(same.error, same.error.find("persons") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"backup", "--to", place("backup")}).code);
        CPPUNIT_ASSERT(!fs::exists(place("backup.partial")));
        const ProgramEnd twice = hub_->command({"backup", "--to", place("backup")});
        CPPUNIT_ASSERT(twice.code != 0);
        CPPUNIT_ASSERT_MESSAGE(twice.error, twice.error.find("not there") != std::string::npos);
        const ProgramEnd running =
            hub_->command({"restore", "--from", place("backup"), "--replace"});
        CPPUNIT_ASSERT(running.code != 0);
        CPPUNIT_ASSERT_MESSAGE(running.error,
                               running.error.find("held by another hub") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        // Offline, too.
        const ProgramEnd offline = hub_->command({"backup", "--to", place("offline")});
        CPPUNIT_ASSERT_EQUAL_MESSAGE(offline.error, 0, offline.code);

        const std::string store = place("offline") + "/store/hub.db";
        std::string bytes = readFile(store);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        writeFile(store, bytes);
        const ProgramEnd changed =
            hub_->command({"restore", "--from", place("offline"), "--replace"});
        CPPUNIT_ASSERT(changed.code != 0);
        CPPUNIT_ASSERT_MESSAGE(changed.error,
                               changed.error.find("was changed") != std::string::npos);
        fs::remove(store);
        const ProgramEnd missing =
            hub_->command({"restore", "--from", place("offline"), "--replace"});
        CPPUNIT_ASSERT_MESSAGE(missing.error,
                               missing.error.find("is missing") != std::string::npos);

        hub_->start();
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), stateOf(paid));
        CPPUNIT_ASSERT_EQUAL(200, hub_->request("GET", "/readyz").status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2},
                             hub_->ask({"audit", "list", "--action", "store.backed_up"}).size());
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"audit", "verify"}).code);
    }
};

HUB_TEST_SUITE_REGISTRATION(BackupTest, "backup");

} // namespace

} // namespace hub::test
