// Goal: messages stand in books of their own, and books of an older form are brought forward with
// what they owe. Method: the books alone, on a file that is made here.

#include "core/books.hpp"
#include "support/suite.hpp"

#include <Poco/TemporaryFile.h>

namespace hub::simulator {

namespace {

ShortMessage message(const std::string& number, const std::string& phone, std::int64_t due_ms)
{
    ShortMessage one;
    one.provider = "carrier";
    one.sender = "sender";
    one.number = number;
    one.phone = phone;
    one.kind = "code";
    one.created_ms = due_ms;
    one.due_ms = due_ms;
    one.ends_ms = due_ms + 10;
    return one;
}

class MessageBooksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageBooksTest);
    CPPUNIT_TEST(countsAreOfWhatTheFilterNames);
    CPPUNIT_TEST(theLatestComesFirst);
    CPPUNIT_TEST(theEndFollowsTheClock);
    CPPUNIT_TEST(olderBooksAreBroughtForward);
    CPPUNIT_TEST_SUITE_END();

public:
    void countsAreOfWhatTheFilterNames()
    {
        Books books(file_.path());
        books.transact([](Book& book) {
            for (const auto& [number, phone, due_ms] : {std::tuple{"1", "19900000001", 100},
                                                        {"2", "19900000001", 200},
                                                        {"3", "19900000002", 200}}) {
                ShortMessage one = message(number, phone, due_ms);
                book.messages().insert(one);
            }
            const auto count = [&](const MessageFilter& filter, std::int64_t since_ms) {
                return book.messages().count(filter, since_ms);
            };
            CPPUNIT_ASSERT_EQUAL(std::int64_t{3}, count({.provider = "carrier"}, 0));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, count({.provider = "other"}, 0));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{2},
                                 count({.provider = "carrier", .phone = "19900000001"}, 100));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{1},
                                 count({.provider = "carrier", .phone = "19900000001"}, 101));
            CPPUNIT_ASSERT_EQUAL(
                std::int64_t{0},
                count({.provider = "carrier", .phone = "19900000001", .kind = "notice"}, 0));
            return true;
        });
    }

    void theLatestComesFirst()
    {
        Books books(file_.path());
        const auto numbers = [&](const std::string& phone, std::int64_t limit) {
            std::string all;
            for (const ShortMessage& one : books.transact(
                     [&](Book& book) { return book.messages().latest(phone, {}, limit); })) {
                all += one.number;
            }
            return all;
        };
        books.transact([](Book& book) {
            for (const char* number : {"1", "2", "3"}) {
                ShortMessage one =
                    message(number, *number == '2' ? "19900000002" : "19900000001", 100);
                book.messages().insert(one);
            }
            return true;
        });
        CPPUNIT_ASSERT_EQUAL(std::string("321"), numbers("", 10));
        CPPUNIT_ASSERT_EQUAL(std::string("32"), numbers("", 2));
        CPPUNIT_ASSERT_EQUAL(std::string("31"), numbers("+8619900000001", 10));
        CPPUNIT_ASSERT_EQUAL(std::string(), numbers("9900000001", 10));
    }

    void theEndFollowsTheClock()
    {
        ShortMessage one = message("1", "19900000001", 100);
        CPPUNIT_ASSERT(one.stateAt(109) == MessageState::Waiting);
        CPPUNIT_ASSERT(one.stateAt(110) == MessageState::Delivered);
        one.failure = "OFF";
        CPPUNIT_ASSERT(one.stateAt(109) == MessageState::Waiting);
        CPPUNIT_ASSERT(one.stateAt(110) == MessageState::Failed);
    }

    /// The second form let every notification belong to a trade.
    void olderBooksAreBroughtForward()
    {
        {
            Database older(file_.path());
            older.run("CREATE TABLE notifications (id TEXT PRIMARY KEY, trade INTEGER NOT NULL "
                      "REFERENCES trades (id), provider TEXT NOT NULL, app TEXT NOT NULL, number "
                      "TEXT NOT NULL, event TEXT NOT NULL, url TEXT NOT NULL, fields TEXT NOT "
                      "NULL, state TEXT NOT NULL, due_ms INTEGER NOT NULL, attempts INTEGER NOT "
                      "NULL) STRICT;"
                      "INSERT INTO notifications VALUES ('N2', 7, 'p', 'a', 'n', 'e', 'u', '{}', "
                      "'queued', 5, 1), ('N1', 7, 'p', 'a', 'n', 'e', 'u', '{}', 'queued', 5, 0);"
                      "PRAGMA user_version = 1");
        }
        for (int opened = 0; opened < 2; ++opened) { // the second time nothing is left to do
            Books books(file_.path());
            books.transact([&](Book& book) {
                const auto owed = book.owedNotifications(10);
                CPPUNIT_ASSERT_EQUAL(std::size_t{2} + static_cast<std::size_t>(opened),
                                     owed.size());
                CPPUNIT_ASSERT_EQUAL(std::string("N2"), owed[0].id);
                CPPUNIT_ASSERT_EQUAL(std::string("N1"), owed[1].id);
                Notification free;
                free.id = "M" + std::to_string(opened);
                free.state = "queued";
                free.due_ms = 9;
                book.insert(free);
                Delivery sent;
                sent.notification = "N1";
                book.insert(sent);
                return true;
            });
        }
    }

private:
    Poco::TemporaryFile file_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(MessageBooksTest, "message_books");

} // namespace hub::simulator
