// Goal: a stream connects only to who it should, carries bytes both ways at once, ends for whoever
// waits, and never calls something unsent that may have left. Method: real sockets and real TLS
// against a scripted server on loopback.

#include "base/clock.hpp"
#include "egress/streams.hpp"
#include "support/https_fake.hpp"
#include "support/suite.hpp"

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace hub::egress;
using hub::testing::Certificate;
using hub::testing::HttpsFake;
using hub::testing::HttpsPeer;

constexpr std::size_t kSome = 65536;

void assertStatus(int expected, const StreamAnswer& answer)
{
    CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.reason, hub_status{expected}, answer.status);
}

class StreamsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StreamsTest);
    CPPUNIT_TEST(bytesGoBothWays);
    CPPUNIT_TEST(readsAndWritesOfManyThreadsDoNotMix);
    CPPUNIT_TEST(certificatesThatDoNotFitAreRefused);
    CPPUNIT_TEST(theNameIsCheckedAndSentToThePeer);
    CPPUNIT_TEST(addressesThatAreNotPublicAreRefused);
    CPPUNIT_TEST(namesAndPortsThatAreNotThereAreRefused);
    CPPUNIT_TEST(aPeerThatSaysNothingEndsAtTheTimeOut);
    CPPUNIT_TEST(aReadWaitsForSlowPeersAndEndsAtItsTimeOut);
    CPPUNIT_TEST(thePeersEndIsToldFromALoss);
    CPPUNIT_TEST(aPlainEndIsTold);
    CPPUNIT_TEST(whatWasReadBeforeALossComesFirst);
    CPPUNIT_TEST(aPeerThatTakesNothingMakesAWriteUnknown);
    CPPUNIT_TEST(aLostPeerMakesAWriteUnknownThenUnavailable);
    CPPUNIT_TEST(plainBecomesTls);
    CPPUNIT_TEST(bytesBeforeTlsAreRefused);
    CPPUNIT_TEST(bytesBehindTheAnswerBreakTheHandshake);
    CPPUNIT_TEST(closingAnswersWhoWaits);
    CPPUNIT_TEST(theDeadlineEndsAStream);
    CPPUNIT_TEST(onlyOneReadWaits);
    CPPUNIT_TEST(theLastOneAnswersWhoWaits);
    CPPUNIT_TEST_SUITE_END();

    hub::base::SystemClock clock_;
    std::unique_ptr<HttpsFake> fake_;
    std::unique_ptr<Streams> streams_;
    std::shared_ptr<const StreamGauge> gauge_;

    void
    serve(HttpsFake::Script script, bool plain = false, Certificate certificate = Certificate::Good)
    {
        fake_ = std::make_unique<HttpsFake>(std::move(script), certificate);
        if (plain) {
            fake_->plainFirst();
        }
        StreamSettings settings;
        settings.ca_file = fake_->caFile().string();
        streams_ = std::make_unique<Streams>(settings, clock_);
    }

    static StreamAnswer wait(const std::function<void(StreamDone)>& begin)
    {
        return later(begin).get();
    }

    static std::future<StreamAnswer> later(const std::function<void(StreamDone)>& begin)
    {
        auto answer = std::make_shared<std::promise<StreamAnswer>>();
        begin([answer](StreamAnswer ended) { answer->set_value(std::move(ended)); });
        return answer->get_future();
    }

    StreamAnswer openTo(StreamTarget target, bool tls, int timeout_ms = 0, int live_ms = 0)
    {
        return wait([&](StreamDone done) {
            gauge_ = streams_->open(
                {std::move(target), tls, timeout_ms, live_ms == 0 ? 0 : clock_.nowMs() + live_ms},
                std::move(done));
        });
    }

    StreamAnswer open(bool tls = true, int timeout_ms = 0, int live_ms = 0)
    {
        const std::string port = std::to_string(fake_->port());
        return openTo({fake_->origin(), "127.0.0.1", port, true}, tls, timeout_ms, live_ms);
    }

    StreamAnswer write(const std::string& bytes, int timeout_ms = 0)
    {
        return wait([&](StreamDone done) {
            streams_->write(gauge_->id, bytes, timeout_ms, std::move(done));
        });
    }

    std::future<StreamAnswer> readLater(int timeout_ms = 0, std::size_t bytes_max = kSome)
    {
        return later([&](StreamDone done) {
            streams_->read(gauge_->id, bytes_max, timeout_ms, std::move(done));
        });
    }

    StreamAnswer read(int timeout_ms = 0, std::size_t bytes_max = kSome)
    {
        return readLater(timeout_ms, bytes_max).get();
    }

    StreamAnswer secure()
    {
        return wait([&](StreamDone done) { streams_->secure(gauge_->id, 0, std::move(done)); });
    }

    std::string readAll(std::size_t size)
    {
        std::string all;
        while (all.size() < size) {
            StreamAnswer piece = read();
            assertStatus(HUB_OK, piece);
            all += piece.bytes;
        }
        return all;
    }

public:
    void tearDown() override
    {
        streams_.reset();
        fake_.reset();
        gauge_.reset();
    }

    void bytesGoBothWays()
    {
        serve([](HttpsPeer& peer) {
            peer.send("hello\r\n");
            while (auto line = peer.readUntil("\n")) {
                peer.send(*line);
            }
        });
        assertStatus(HUB_OK, open());
        CPPUNIT_ASSERT_EQUAL(std::string("hello\r\n"), readAll(7));
        const std::string large = std::string(HUB_PAYLOAD_BYTES_MAX - 1, 'x') + "\n";
        assertStatus(HUB_OK, write(large));
        CPPUNIT_ASSERT(large == readAll(large.size()));
        assertStatus(HUB_BAD_REQUEST, write(large + "x"));
        assertStatus(HUB_OK, write("a\nbc\n"));
        assertStatus(HUB_OK, read(0, 1));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5 + HUB_PAYLOAD_BYTES_MAX}, gauge_->bytes_written.load());
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8 + HUB_PAYLOAD_BYTES_MAX}, gauge_->bytes_read.load());
    }

    void readsAndWritesOfManyThreadsDoNotMix()
    {
        constexpr int kThreads = 4;
        constexpr int kLines = 50;
        serve([](HttpsPeer& peer) {
            while (auto line = peer.readUntil("\n")) {
                peer.send(*line);
            }
        });
        assertStatus(HUB_OK, open());
        std::vector<std::thread> writers;
        for (int n = 0; n < kThreads; ++n) {
            writers.emplace_back([this, n] {
                for (int i = 0; i < kLines; ++i) {
                    assertStatus(HUB_OK,
                                 write(std::string(2000, static_cast<char>('a' + n)) + "\n"));
                }
            });
        }
        const std::string all = readAll(std::size_t{kThreads} * kLines * 2001);
        for (std::thread& writer : writers) {
            writer.join();
        }
        for (std::size_t at = 0; at < all.size(); at += 2001) {
            CPPUNIT_ASSERT_EQUAL(std::string(2000, all[at]) + "\n", all.substr(at, 2001));
        }
    }

    void certificatesThatDoNotFitAreRefused()
    {
        for (const Certificate certificate :
             {Certificate::OtherName, Certificate::Expired, Certificate::ForeignCa}) {
            serve([](HttpsPeer& peer) { (void)peer.readSome(); }, false, certificate);
            const StreamAnswer answer = open();
            assertStatus(HUB_UNAVAILABLE, answer);
            CPPUNIT_ASSERT_MESSAGE(answer.reason,
                                   answer.reason.find("certificate") != std::string::npos);
            CPPUNIT_ASSERT(!gauge_->open);
            assertStatus(HUB_UNAVAILABLE, write("secret"));
        }
    }

    void theNameIsCheckedAndSentToThePeer()
    {
        serve([](HttpsPeer& peer) { (void)peer.readSome(); });
        const std::string port = std::to_string(fake_->port());
        assertStatus(HUB_OK, openTo({"localhost:" + port, "localhost", port, true}, true));
        // The certificate is for 127.0.0.1 and localhost only.
        assertStatus(HUB_UNAVAILABLE, openTo({"x", "127.0.0.2", port, true}, true));
    }

    void addressesThatAreNotPublicAreRefused()
    {
        serve([](HttpsPeer&) {});
        const std::string port = std::to_string(fake_->port());
        for (const char* host : {"127.0.0.1", "localhost", "::1", "10.0.0.1", "169.254.169.254"}) {
            const StreamAnswer answer = openTo({host, host, port, false}, false);
            assertStatus(HUB_UNAVAILABLE, answer);
            CPPUNIT_ASSERT_MESSAGE(host, answer.reason.find("not public") != std::string::npos);
        }
        CPPUNIT_ASSERT_EQUAL(0, fake_->connections());
    }

    void namesAndPortsThatAreNotThereAreRefused()
    {
        serve([](HttpsPeer&) {});
        assertStatus(HUB_UNAVAILABLE, openTo({"x", "no-such-host.invalid", "25", true}, false));
        const std::string port = std::to_string(fake_->port());
        fake_.reset();
        assertStatus(HUB_UNAVAILABLE, openTo({"x", "127.0.0.1", port, true}, false));
    }

    void aPeerThatSaysNothingEndsAtTheTimeOut()
    {
        serve([](HttpsPeer&) {});
        fake_->hangBeforeTls();
        const auto before_ms = clock_.monotonicMs();
        assertStatus(HUB_UNAVAILABLE, open(true, 200));
        const auto took_ms = clock_.monotonicMs() - before_ms;
        CPPUNIT_ASSERT(took_ms >= 200 && took_ms < 3000);
    }

    void aReadWaitsForSlowPeersAndEndsAtItsTimeOut()
    {
        serve([](HttpsPeer& peer) {
            (void)peer.readUntil("go\n");
            for (const char* byte : {"s", "l", "o", "w"}) {
                if (!peer.pause(20) || !peer.send(byte)) {
                    return;
                }
            }
            while (peer.pause(1000)) {}
        });
        assertStatus(HUB_OK, open());
        assertStatus(HUB_THROTTLED, read(50));
        assertStatus(HUB_OK, write("go\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("slow"), readAll(4));
        assertStatus(HUB_THROTTLED, read(50));
        CPPUNIT_ASSERT(gauge_->open);
    }

    void thePeersEndIsToldFromALoss()
    {
        serve([](HttpsPeer& peer) {
            (void)peer.readUntil("end\n");
            peer.number() == 1 ? peer.close() : peer.cut();
        });
        assertStatus(HUB_OK, open());
        auto waiting = readLater();
        assertStatus(HUB_OK, write("end\n"));
        assertStatus(HUB_NOT_FOUND, waiting.get());
        assertStatus(HUB_NOT_FOUND, read());

        assertStatus(HUB_OK, open());
        waiting = readLater();
        assertStatus(HUB_OK, write("end\n"));
        assertStatus(HUB_UNAVAILABLE, waiting.get());
        CPPUNIT_ASSERT(!gauge_->open);
    }

    void aPlainEndIsTold()
    {
        serve([](HttpsPeer& peer) { peer.send("bye"); }, true);
        assertStatus(HUB_OK, open(false));
        CPPUNIT_ASSERT_EQUAL(std::string("bye"), readAll(3));
        assertStatus(HUB_NOT_FOUND, read());
    }

    void whatWasReadBeforeALossComesFirst()
    {
        std::promise<void> sent;
        serve([&sent](HttpsPeer& peer) {
            (void)peer.readUntil("\n");
            peer.send("last words");
            peer.cut();
            sent.set_value();
        });
        assertStatus(HUB_OK, open());
        assertStatus(HUB_OK, write("\n"));
        sent.get_future().get();
        CPPUNIT_ASSERT_EQUAL(std::string("last words"), readAll(10));
        assertStatus(HUB_UNAVAILABLE, read());
    }

    void aPeerThatTakesNothingMakesAWriteUnknown()
    {
        serve([](HttpsPeer& peer) {
            while (peer.pause(1000)) {}
        });
        assertStatus(HUB_OK, open());
        const std::string large(HUB_PAYLOAD_BYTES_MAX, 'x');
        StreamAnswer answer{HUB_OK, {}, {}};
        for (int i = 0; i < 64 && answer.status == HUB_OK; ++i) {
            answer = write(large, 300);
        }
        assertStatus(HUB_OUTCOME_UNKNOWN, answer);
        CPPUNIT_ASSERT(!gauge_->open);
        assertStatus(HUB_UNAVAILABLE, write("more"));
        assertStatus(HUB_UNAVAILABLE, read());
    }

    void aLostPeerMakesAWriteUnknownThenUnavailable()
    {
        serve(
            [](HttpsPeer& peer) {
                (void)peer.readUntil("\n");
                peer.reset();
            },
            true);
        assertStatus(HUB_OK, open(false));
        StreamAnswer answer = write("\n");
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (answer.status == HUB_OK && std::chrono::steady_clock::now() < until) {
            answer = write("x");
        }
        assertStatus(HUB_OUTCOME_UNKNOWN, answer);
        assertStatus(HUB_UNAVAILABLE, write("x"));
    }

    void plainBecomesTls()
    {
        serve(
            [](HttpsPeer& peer) {
                (void)peer.readUntil("STARTTLS\r\n");
                peer.send("220 go\r\n");
                if (peer.secure()) {
                    peer.send("under tls");
                    (void)peer.readSome();
                }
            },
            true);
        assertStatus(HUB_OK, open(false));
        assertStatus(HUB_OK, write("STARTTLS\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("220 go\r\n"), readAll(8));
        assertStatus(HUB_OK, secure());
        CPPUNIT_ASSERT_EQUAL(std::string("under tls"), readAll(9));
        assertStatus(HUB_BAD_REQUEST, secure());
        CPPUNIT_ASSERT(!gauge_->open);
    }

    void bytesBeforeTlsAreRefused()
    {
        std::promise<void> injected;
        serve(
            [&injected](HttpsPeer& peer) {
                (void)peer.readUntil("STARTTLS\r\n");
                peer.send("220 go\r\n");
                (void)peer.readUntil("read it\r\n");
                peer.send("250 forged\r\n");
                injected.set_value();
                (void)peer.readSome();
            },
            true);
        assertStatus(HUB_OK, open(false));
        assertStatus(HUB_OK, write("STARTTLS\r\n"));
        CPPUNIT_ASSERT_EQUAL(std::string("220 go\r\n"), readAll(8));
        assertStatus(HUB_OK, write("read it\r\n"));
        injected.get_future().get();
        assertStatus(HUB_REJECTED, secure());
        CPPUNIT_ASSERT(!gauge_->open);
        assertStatus(HUB_UNAVAILABLE, read());
    }

    void bytesBehindTheAnswerBreakTheHandshake()
    {
        serve(
            [](HttpsPeer& peer) {
                if (peer.readSome()) { // the client's first record of TLS
                    peer.send("250 forged\r\n");
                }
                (void)peer.readUntil("never");
            },
            true);
        assertStatus(HUB_OK, open(false));
        assertStatus(HUB_UNAVAILABLE, secure());
        CPPUNIT_ASSERT(!gauge_->open);
    }

    void closingAnswersWhoWaits()
    {
        serve([](HttpsPeer& peer) { (void)peer.readSome(); });
        assertStatus(HUB_OK, open());
        auto waiting = readLater(60000);
        streams_->close(gauge_->id);
        streams_->close(gauge_->id);
        assertStatus(HUB_UNAVAILABLE, waiting.get());
        assertStatus(HUB_UNAVAILABLE, read());

        // Also while it is being connected.
        fake_->hangBeforeTls();
        auto opening = later([&](StreamDone done) {
            gauge_ =
                streams_->open({{fake_->origin(), "127.0.0.1", std::to_string(fake_->port()), true},
                                true,
                                60000,
                                0},
                               std::move(done));
        });
        streams_->close(gauge_->id);
        assertStatus(HUB_UNAVAILABLE, opening.get());
    }

    void theDeadlineEndsAStream()
    {
        serve([](HttpsPeer& peer) { (void)peer.readSome(); });
        assertStatus(HUB_OK, open(true, 0, 1000));
        const StreamAnswer answer = read(60000);
        assertStatus(HUB_UNAVAILABLE, answer);
        CPPUNIT_ASSERT(!gauge_->open);
    }

    void onlyOneReadWaits()
    {
        serve([](HttpsPeer& peer) { (void)peer.readSome(); });
        assertStatus(HUB_OK, open());
        auto waiting = readLater(60000);
        assertStatus(HUB_BAD_REQUEST, read());
        streams_->close(gauge_->id);
        assertStatus(HUB_UNAVAILABLE, waiting.get());
    }

    void theLastOneAnswersWhoWaits()
    {
        serve([](HttpsPeer& peer) { (void)peer.readSome(); });
        assertStatus(HUB_OK, open());
        auto waiting = readLater(60000);
        streams_.reset();
        assertStatus(HUB_UNAVAILABLE, waiting.get());
    }
};

HUB_TEST_SUITE_REGISTRATION(StreamsTest, "streams");

} // namespace
