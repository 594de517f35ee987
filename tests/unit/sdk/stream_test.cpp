// Goal: a partner can show without a hub how a library speaks over a stream: its session, its
// marks, what it does when the connection breaks. Method: a small connector against the script.

#include "support/suite.hpp"

#include <hub/connector.hpp>
#include <hub/stream.hpp>
#include <hub/testing/connector_fake.hpp>

#include <memory>
#include <mutex>
#include <string>

namespace {

using hub::testing::ConnectorFake;

/// Mails over a connection of each call; holds a session where it is told to.
class Mailer final : public hub::Connector {
public:
    Mailer(hub::Host host, std::string_view)
        : hub::Connector(host)
    {}

    void handle(const hub::Event& event, hub::Reply reply) override
    {
        auto stream = hub::Stream::open(
            host(), event.callId(), "smtp.example.com:587", hub::StreamSecurity::Plain);
        if (!stream.ok()) {
            reply.send(stream.error().code, stream.error().message);
            return;
        }
        hub::StreamLines lines(stream.value());
        if (const auto hello = greet(stream.value(), lines); !hello.ok()) {
            reply.send(HUB_UNAVAILABLE, hello.error().message);
            return;
        }
        if (const auto marked = stream.value().begin(event.callId()); !marked.ok()) {
            reply.send(HUB_UNAVAILABLE, marked.error().message);
            return;
        }
        const bool sent = stream.value().write("MESSAGE\r\n").ok();
        const auto answer = lines.next(1000);
        reply.send(sent && answer.ok() && answer.value() == "250" ? HUB_OK : HUB_OUTCOME_UNKNOWN);
    }

    void session(const hub::Event& event, hub::Reply reply) override
    {
        if (event.account() == "none") {
            hub::Connector::session(event, std::move(reply));
            return;
        }
        auto stream = hub::Stream::open(
            host(), event.callId(), "sms.example.com:7890", hub::StreamSecurity::Tls);
        if (!stream.ok()) {
            reply.send(stream.error().code, stream.error().message);
            return;
        }
        hub::StreamLines lines(stream.value());
        for (;;) {
            const auto line = lines.next(50);
            if (line.ok()) {
                host().log(hub::LogLevel::Info, line.value());
            } else if (line.error().code != HUB_THROTTLED) {
                reply.send(line.error().code == HUB_NOT_FOUND ? HUB_OK : line.error().code);
                return;
            }
        }
    }

private:
    static hub::Result<void> greet(const hub::Stream& stream, hub::StreamLines& lines)
    {
        if (auto written = stream.write("STARTTLS\r\n"); !written.ok()) {
            return written;
        }
        if (auto ready = lines.next(1000); !ready.ok()) {
            return ready.error();
        }
        return lines.secure();
    }
};

const hub_plugin_api* entry(std::uint16_t major, std::uint16_t) noexcept
{
    return hub::detail::entry<Mailer>(major, "mailer", "1.0.0");
}

class StreamTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StreamTest);
    CPPUNIT_TEST(aCallIsMarkedBeforeItsMessage);
    CPPUNIT_TEST(nothingIsSentWithoutAMark);
    CPPUNIT_TEST(aCutIsUnknownAndNoConnectionIsNotSent);
    CPPUNIT_TEST(bytesBehindThePlainAnswerEndIt);
    CPPUNIT_TEST(whatIsNotInTheScriptFails);
    CPPUNIT_TEST(aSessionReadsUntilThePeerEnds);
    CPPUNIT_TEST(aSessionReturnsWhenTheLibraryStops);
    CPPUNIT_TEST(aLibraryWithoutSessionsSaysSo);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<ConnectorFake> fake_;

    hub_status call() { return fake_->call("main", "send", "{}").status; }

public:
    void setUp() override
    {
        fake_ = std::make_unique<ConnectorFake>();
        fake_->start(&entry, "{}");
    }
    void tearDown() override { fake_.reset(); }

    void aCallIsMarkedBeforeItsMessage()
    {
        fake_->streams()
            .connection()
            .expect("STARTTLS\r\n")
            .give("220\r\n")
            .expectSecure()
            .expect("MESSAGE\r\n")
            .give("25")
            .give("0\n");

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, call());

        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake_->streams().beginnings().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{10}, fake_->streams().beginnings().front().written);
        CPPUNIT_ASSERT_EQUAL(std::string("smtp.example.com:587"),
                             fake_->streams().openings().front().address);
        CPPUNIT_ASSERT(fake_->streams().failures().empty());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, fake_->streams().stepsLeft());
    }

    void nothingIsSentWithoutAMark()
    {
        fake_->streams().setBeginStatus(HUB_UNAVAILABLE);
        fake_->streams().connection().expect("STARTTLS\r\n").give("220\r\n").expectSecure();

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, call());
        CPPUNIT_ASSERT(fake_->streams().beginnings().empty());
        CPPUNIT_ASSERT(fake_->streams().failures().empty());
    }

    void aCutIsUnknownAndNoConnectionIsNotSent()
    {
        fake_->streams()
            .connection()
            .expect("STARTTLS\r\n")
            .give("220\r\n")
            .expectSecure()
            .expect("MESSAGE\r\n")
            .cut();
        fake_->streams().refuseOpen();

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN}, call());
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, call());
        CPPUNIT_ASSERT(fake_->streams().failures().empty());
    }

    void bytesBehindThePlainAnswerEndIt()
    {
        fake_->streams().connection().expect("STARTTLS\r\n").give("220\r\n250 forged\r\n");

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, call());
        CPPUNIT_ASSERT(fake_->streams().beginnings().empty());
    }

    void whatIsNotInTheScriptFails()
    {
        fake_->streams().connection().expect("QUIT\r\n");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, call());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, fake_->streams().failures().size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{0}, fake_->streams().beginnings().size());

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, call());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, fake_->streams().failures().size());
    }

    void aSessionReadsUntilThePeerEnds()
    {
        fake_->streams().connection().give("one\r\ntwo\n").end();

        const hub_call_id session = fake_->session("main");

        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, fake_->sessionEnd(session).status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, fake_->logs().size());
        CPPUNIT_ASSERT_EQUAL(std::string("two"), fake_->logs().back().text);
    }

    void aSessionReturnsWhenTheLibraryStops()
    {
        fake_->streams().connection().expect("never");
        const hub_call_id session = fake_->session("main");
        fake_->stop();
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, fake_->sessionEnd(session).status);
    }

    void aLibraryWithoutSessionsSaysSo()
    {
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNSUPPORTED},
                             fake_->sessionEnd(fake_->session("none")).status);
    }
};

HUB_TEST_SUITE_REGISTRATION(StreamTest, "stream");

} // namespace
