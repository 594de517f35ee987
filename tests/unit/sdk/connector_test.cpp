// Goal: nothing foreign crosses the boundary, and every delivery gets exactly one answer that is
// safe for money. Method: a connector that misbehaves as it is told, driven over the C interface.

#include "support/suite.hpp"

#include <hub/connector.hpp>
#include <hub/testing/connector_fake.hpp>

#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using hub::testing::ConnectorFake;

/// Does what the operation says.
class Misbehaving : public hub::Connector {
public:
    Misbehaving(hub::Host host, std::string_view config)
        : hub::Connector(host)
    {
        if (config == "throw") {
            throw std::invalid_argument("\"config\" is \"throw\", must be anything else");
        }
        if (config == "throw int") {
            throw 7;
        }
    }

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        const std::string_view operation = event.operation();
        if (operation == "throw") {
            throw std::runtime_error("handle threw");
        }
        if (operation == "throw int") {
            throw 7;
        }
        if (operation == "twice") {
            reply.send(HUB_OK, "first");
            reply.send(HUB_REJECTED, "second");
        }
        if (operation == "later") {
            threads_.emplace_back(
                [moved = std::move(reply)]() mutable { moved.send(HUB_OK, "later"); });
        }
        if (operation == "echo") {
            reply.send(
                {HUB_PENDING, std::string{event.account()}, std::string{event.payload()}, 250});
        }
        if (operation == "long message") {
            reply.send(HUB_REJECTED, std::string(2 * HUB_MESSAGE_BYTES_MAX, 'm'));
        }
    }

    void stop(std::int64_t) override
    {
        for (std::thread& thread : threads_) {
            thread.join();
        }
    }

private:
    std::vector<std::thread> threads_;
};

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Misbehaving>(major, "misbehaving", "1.0.0");
}

class ConnectorTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ConnectorTest);
    CPPUNIT_TEST(anUnansweredDeliveryIsUnknown);
    CPPUNIT_TEST(anExceptionIsUnknownAndLogged);
    CPPUNIT_TEST(onlyTheFirstAnswerCounts);
    CPPUNIT_TEST(answersMayComeFromAnotherThread);
    CPPUNIT_TEST(answersCrossUnchangedAndBounded);
    CPPUNIT_TEST(constructorsThatThrowRefuseWithASentence);
    CPPUNIT_TEST(anotherMajorIsRefused);
    CPPUNIT_TEST(scriptedExchangesAreMadeOncePerDelivery);
    CPPUNIT_TEST(randomnessAndTimeRepeat);
    CPPUNIT_TEST_SUITE_END();

public:
    void anUnansweredDeliveryIsUnknown()
    {
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, callOnce("forget").status);
    }

    void anExceptionIsUnknownAndLogged()
    {
        for (const char* operation : {"throw", "throw int"}) {
            ConnectorFake fake;
            fake.start(&entry, "{}");

            const hub::Answer answer = fake.call("main", operation, "{}");

            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake.logs().size());
        }
    }

    void onlyTheFirstAnswerCounts()
    {
        ConnectorFake fake;
        fake.start(&entry, "{}");

        CPPUNIT_ASSERT_EQUAL(std::string("first"), fake.call("main", "twice", "{}").message);
        CPPUNIT_ASSERT_EQUAL(0, fake.extraAnswers());
    }

    void answersMayComeFromAnotherThread()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("later"), callOnce("later").message);
    }

    void answersCrossUnchangedAndBounded()
    {
        const hub::Answer echo = callOnce("echo");

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_PENDING}, echo.status);
        CPPUNIT_ASSERT_EQUAL(std::string("main"), echo.message);
        CPPUNIT_ASSERT_EQUAL(std::string(R"({"a":"é"})"), echo.payload);
        CPPUNIT_ASSERT_EQUAL(std::uint32_t{250}, echo.retry_after_ms);
        CPPUNIT_ASSERT_EQUAL(std::size_t{HUB_MESSAGE_BYTES_MAX},
                             callOnce("long message").message.size());
    }

    void constructorsThatThrowRefuseWithASentence()
    {
        for (const char* config : {"throw", "throw int"}) {
            ConnectorFake fake;
            try {
                fake.start(&entry, config);
                CPPUNIT_FAIL("the library was taken");
            } catch (const std::runtime_error& problem) {
                CPPUNIT_ASSERT(std::string(problem.what()).size() > 20);
            }
        }
    }

    void anotherMajorIsRefused()
    {
        CPPUNIT_ASSERT(entry(HUB_ABI_MAJOR + 1, 0) == nullptr);
        CPPUNIT_ASSERT(entry(HUB_ABI_MAJOR, 7) != nullptr);
    }

    void scriptedExchangesAreMadeOncePerDelivery()
    {
        hub::testing::HttpFake http;
        http.answer(200, "a");
        http.answer(200, "b");

        CPPUNIT_ASSERT(http.exchange(1, {}).ok());
        CPPUNIT_ASSERT(!http.exchange(1, {}).ok());
        CPPUNIT_ASSERT(http.exchange(2, {}).ok());
        CPPUNIT_ASSERT(!http.exchange(3, {}).ok());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, http.failures().size());
    }

    void randomnessAndTimeRepeat()
    {
        const auto draw = [] {
            hub::testing::ClockFake clock;
            std::string bytes(33, '\0');
            clock.random(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
            clock.advance(5);
            return bytes + std::to_string(clock.nowMs());
        };
        CPPUNIT_ASSERT_EQUAL(draw(), draw());
        CPPUNIT_ASSERT(draw().substr(0, 16) != draw().substr(16, 16));
    }

private:
    static hub::Answer callOnce(const char* operation)
    {
        ConnectorFake fake;
        fake.start(&entry, "{}");
        return fake.call("main", operation, R"({"a":"é"})");
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(ConnectorTest, "connector");
