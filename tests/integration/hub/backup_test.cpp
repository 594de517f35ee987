// Goal: a hub that was restored from a backup under load sends nothing until it knows what became
// of everything that was open, gives no number out twice, and books what the provider alone knows
// into suspense. Method: the real hub and the simulated provider; the hub is killed after further
// payments, and comes back from the backup. HUB_TEST_BACKUP_PAYMENTS says how many those are.
#include "backup_fixture.hpp"

#include <algorithm>
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

int furtherPayments()
{
    const char* text = std::getenv("HUB_TEST_BACKUP_PAYMENTS");
    return text == nullptr ? 200 : std::atoi(text);
}

constexpr std::int64_t kAmountMinor = 20000; // of each payment
constexpr std::size_t kShownMax = 200;       // exceptions that the command lists

class BackupTest : public BackupFixture {
    CPPUNIT_TEST_SUITE(BackupTest);
    CPPUNIT_TEST(aRestoredHubAsksBeforeItSends);
    CPPUNIT_TEST(anAttemptThatWaitedInTheBackupIsNotSentAgain);
    CPPUNIT_TEST_SUITE_END();

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
        const std::string findings = hub_->command({"doctor", "--json"}).output;
        CPPUNIT_ASSERT_MESSAGE(findings, findings.find("quarantine") != std::string::npos);
        // A snapshot of every page would keep the log of a working hub from beginning again.
        CPPUNIT_ASSERT_MESSAGE(findings, findings.find("\"store file\"") == std::string::npos);
        CPPUNIT_ASSERT_MESSAGE(findings,
                               findings.find("not read while the hub runs") != std::string::npos);
        CPPUNIT_ASSERT(becomesTrue([&] { return hub_->metric("hub_quarantine") == 1; }));
        const ProgramEnd early = hub_->command({"quarantine", "release"});
        CPPUNIT_ASSERT_EQUAL(64, early.code);
    }

    /// Not one of the later trades is missing in the books, and none is in them twice.
    void checkSuspense(std::size_t trades) const
    {
        const Json ledger = hub_->ask({"ledger", "check"});
        CPPUNIT_ASSERT_MESSAGE(ledger.dump(), ledger.at("balanced").get<bool>());
        std::int64_t suspended = 0;
        for (const Json& account : ledger.at("accounts")) {
            if (account.at("account") == "suspense:alipay-demo") {
                suspended = account.at("booked_minor").get<std::int64_t>();
            }
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            ledger.dump(), static_cast<std::int64_t>(trades) * kAmountMinor, std::abs(suspended));
    }

    std::int64_t createsOf(const std::string& number) const
    {
        std::int64_t count = 0;
        const Json answer = hub_->simulator("GET", "/control/exchanges?limit=1000");
        for (const Json& one : answer.at("exchanges")) {
            count += one.value("method", "") == "alipay.trade.precreate" &&
                             one.value("out_trade_no", "") == number
                         ? 1
                         : 0;
        }
        return count;
    }

    std::string attemptState(const Opened& opened) const
    {
        return hub_->get("/api/v1/payments/" + opened.payment)
            .body.at("attempt")
            .at("state")
            .get<std::string>();
    }

    /// Only another account may replace a code that is open.
    void addAccount() const
    {
        CPPUNIT_ASSERT_EQUAL(0, hub_->stop());
        const fs::path folder = hub_->folder() / "hub/plugins.d";
        Json connector = Json::parse(readFile(folder / "payment_alipay.json"));
        Json& accounts = connector.at("accounts");
        accounts["alipay-second"] = accounts.at("alipay-demo");
        accounts["alipay-second"]["callback_token"] = std::string(32, 'b');
        hub_->configure("payment_alipay", connector);
        Json payments = Json::parse(readFile(folder / "payments.json"));
        payments["config"]["methods"]["scan"]["accounts"].push_back("alipay-second");
        hub_->configure("payments", payments);
        hub_->start();
    }

    /// A payment whose second code waits for the end of the first one while a backup is made.
    Opened backUpWithAQueuedAttempt(const std::string& folder) const
    {
        const Opened first = open("two codes");
        const ApiAnswer second = hub_->post("/api/v1/payments/" + first.payment + "/attempts",
                                            {{"account", "alipay-second"}},
                                            "second-" + folder);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(second.body.dump(), 201, second.status);
        CPPUNIT_ASSERT_EQUAL(0, hub_->command({"backup", "--to", place(folder)}).code);
        return {first.payment, second.body.at("attempt").at("number").get<std::string>()};
    }

public:
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
            theirs.push_back({hub_->pay("further"), {}});
        }
        for (Opened& opened : theirs) {
            opened.number = hub_->codeNumber(opened.payment);
            payAtProvider(opened);
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
        CPPUNIT_ASSERT(!before.empty());

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

        CPPUNIT_ASSERT_MESSAGE(
            quarantine().dump() + hub_->log(),
            becomesTrue(
                [&] {
                    const Json payments = quarantine().at("libraries").at("payments");
                    return payments.at("attempts") == 0 && payments.at("refunds") == 0;
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
        CPPUNIT_ASSERT_MESSAGE(quarantine().dump() + hub_->log(),
                               becomesTrue(
                                   [&] {
                                       const Json payments =
                                           quarantine().at("libraries").at("payments");
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
        CPPUNIT_ASSERT_MESSAGE(
            exceptions.dump(),
            std::includes(expected.begin(), expected.end(), suspended.begin(), suspended.end()));
        CPPUNIT_ASSERT_EQUAL(std::min(expected.size(), kShownMax), suspended.size());
        checkSuspense(expected.size());

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

    void anAttemptThatWaitedInTheBackupIsNotSentAgain()
    {
        addAccount();
        hub_->simulator("POST",
                        "/control/faults",
                        {{"rules",
                          {{{"fault", "delay"},
                            {"ms", 20000},
                            {"match", {{"method", "alipay.trade.close"}}}}}}});
        Opened opened;
        std::string folder;
        for (int i = 0; i < 5 && folder.empty(); ++i) {
            const std::string name = "backup-" + std::to_string(i);
            opened = backUpWithAQueuedAttempt(name);
            folder = attemptState(opened) == "queued" ? name : ""; // a slow machine: once more
        }
        CPPUNIT_ASSERT(!folder.empty());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, createsOf(opened.number));
        CPPUNIT_ASSERT_EQUAL(opened.number, hub_->codeNumber(opened.payment));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, createsOf(opened.number));
        hub_->kill();
        CPPUNIT_ASSERT_EQUAL(0,
                             hub_->command({"restore", "--from", place(folder), "--replace"}).code);
        hub_->start();
        CPPUNIT_ASSERT_MESSAGE(
            quarantine().dump() + hub_->log(), becomesTrue([&] {
                return quarantine().at("libraries").at("payments").at("attempts") == 0;
            }));
        CPPUNIT_ASSERT_EQUAL(
            0, hub_->command({"quarantine", "release", "--reason", "a test", "--force"}).code);

        payAtProvider(opened); // the payer has the code of the life that is lost
        CPPUNIT_ASSERT_MESSAGE(hub_->log(), becomesTrue([&] { return stateOf(opened) == "paid"; }));
        (void)openAndPaid("after the release"); // calls leave in order: an old one had gone before
        CPPUNIT_ASSERT_EQUAL(std::int64_t{1}, createsOf(opened.number));
        CPPUNIT_ASSERT(hub_->ask({"ledger", "check"}).at("balanced").get<bool>());
    }
};

HUB_TEST_SUITE_REGISTRATION(BackupTest, "backup");

} // namespace

} // namespace hub::test
