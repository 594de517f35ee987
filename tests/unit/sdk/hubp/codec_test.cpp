// Goal: every message survives the wire unchanged, and no bytes whatsoever get past the decoder
// wrongly or bring it down. Method: round trips, a table of broken messages, seeded mutations.

#include "hubp/codec.hpp"
#include "support/suite.hpp"

#include <array>
#include <random>
#include <string>
#include <vector>

#include <msgpack.hpp>

namespace {

namespace hubp = hub::hubp;

hubp::Envelope fullEnvelope()
{
    hubp::Envelope e;
    e.kind = HUB_KIND_TASK;
    e.source = HUB_SOURCE_CALL;
    e.flags = HUB_FLAG_REPLAY | HUB_FLAG_RESOLVED;
    e.partition = 3;
    e.schema_version = 2;
    e.attempt = 4;
    e.outcome = HUB_OUTCOME_PENDING;
    e.call_id = hubp::kEventCallBit | 77;
    e.subject = 12;
    e.seq = 9'000'000'000;
    e.time_unix_ms = 1'700'000'000'000;
    e.deadline_unix_ms = -1;
    e.id = "018f0000-0000-7000-8000-000000000001";
    e.type = "payment.paid";
    e.operation = "create";
    e.key = "order-1";
    e.edition = "4";
    e.account = "demo";
    e.idempotency_key = "abc";
    e.correlation_id = "c";
    e.trace = "0123456789abcdef0123456789abcdef";
    e.principal = "key:1";
    e.message = "发票 é 😀";
    return e;
}

std::vector<hubp::Frame> everyFrame()
{
    const std::string bytes("\x00\xFF{}", 4);
    return {hubp::Hello{"token", "library", "1.0.0", "0.1", 1, 0, 4711},
            hubp::Welcome{64, 1000, 3, R"({"id":"x"})", "{}"},
            hubp::Refuse{"no"},
            hubp::Call{fullEnvelope(), 7, bytes},
            hubp::Event{fullEnvelope(), true, bytes},
            hubp::Callback{fullEnvelope(), 8, bytes},
            hubp::Outcome{5, 7, HUB_THROTTLED, 250, "later", bytes},
            hubp::Ack{-5, -2147483647 - 1, 1, "blocked"},
            hubp::Publish{~std::uint64_t{0}, fullEnvelope(), bytes},
            hubp::Published{1, HUB_OK, 9},
            hubp::Credit{4294967295U},
            hubp::Ping{},
            hubp::Pong{},
            hubp::Log{3, "text"},
            hubp::Service{1, 2, "hub.http/1", "exchange", bytes},
            hubp::Served{1, HUB_OK, bytes},
            hubp::Stop{123},
            hubp::Bye{"done"},
            hubp::Batch{bytes},
            hubp::Session{fullEnvelope(), 1, bytes}};
}

hub::Result<hubp::Frame> decode(const hubp::Message& message)
{
    const char command = static_cast<char>(message.command);
    const std::array<std::string_view, 4> parts = {
        hubp::kProtocol, std::string_view(&command, 1), message.header, message.payload};
    return hubp::decode(parts);
}

std::string packed(const auto& value)
{
    msgpack::sbuffer buffer;
    msgpack::pack(buffer, value);
    return {buffer.data(), buffer.size()};
}

class CodecTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CodecTest);
    CPPUNIT_TEST(everyFrameSurvivesTheWire);
    CPPUNIT_TEST(commandNumbersAreFrozen);
    CPPUNIT_TEST(brokenMessagesAreRefusedWithASentence);
    CPPUNIT_TEST(unknownMembersAreIgnored);
    CPPUNIT_TEST(longMessageTextIsShortenedBetweenCharacters);
    CPPUNIT_TEST(longNamesAndPayloadsAreRefusedByTheSender);
    CPPUNIT_TEST(mutatedMessagesNeverThrow);
    CPPUNIT_TEST_SUITE_END();

public:
    void everyFrameSurvivesTheWire()
    {
        const std::vector<hubp::Frame> frames = everyFrame();
        CPPUNIT_ASSERT_EQUAL(std::variant_size_v<hubp::Frame>, frames.size());
        for (const hubp::Frame& frame : frames) {
            const auto message = hubp::encode(frame);
            CPPUNIT_ASSERT(message.ok());
            const auto back = decode(message.value());
            const std::string name(hubp::nameOf(hubp::commandOf(frame)));
            CPPUNIT_ASSERT_MESSAGE(name + (back.ok() ? "" : back.error().message), back.ok());
            CPPUNIT_ASSERT_MESSAGE(name, back.value() == frame);
        }
    }

    void commandNumbersAreFrozen()
    {
        const std::array<std::string_view, 20> names = {
            "HELLO",   "WELCOME", "REFUSE",    "CALL",   "EVENT", "CALLBACK", "OUTCOME",
            "ACK",     "PUBLISH", "PUBLISHED", "CREDIT", "PING",  "PONG",     "LOG",
            "SERVICE", "SERVED",  "STOP",      "BYE",    "BATCH", "SESSION"};
        for (std::size_t i = 0; i < names.size(); ++i) {
            const auto command = static_cast<hubp::Command>(i + 1);
            CPPUNIT_ASSERT_EQUAL(std::string(names[i]), std::string(hubp::nameOf(command)));
        }
    }

    void brokenMessagesAreRefusedWithASentence()
    {
        const std::string empty = packed(std::map<std::string, int>{});
        const std::string deep(200, '\x91');
        struct Row {
            const char* name;
            std::vector<std::string> parts;
            const char* expected;
        };
        const std::string ack = "\x08";
        const std::vector<Row> rows = {
            {"no parts", {}, "has 0 frames, must have 4"},
            {"five parts", {"HUBP1", "\x0C", empty, "", ""}, "has 5 frames, must have 4"},
            {"foreign", {"HTTP/1.1", "\x0C", empty, ""}, "speaks something else"},
            {"next version", {"HUBP2", "\x0C", empty, ""}, "speaks something else"},
            {"no command", {"HUBP1", "", empty, ""}, "has 0 bytes, must have 1"},
            {"two commands", {"HUBP1", "\x01\x01", empty, ""}, "has 2 bytes, must have 1"},
            {"command 0", {"HUBP1", std::string(1, '\0'), empty, ""}, "command 0 is unknown"},
            {"command 21", {"HUBP1", "\x15", empty, ""}, "command 21 is unknown"},
            {"stream", {"HUBP1", "\x20", empty, ""}, "command 32 is unknown"},
            {"no header", {"HUBP1", ack, "", ""}, "no MessagePack"},
            {"garbage", {"HUBP1", ack, "\xC1", ""}, "no MessagePack"},
            {"cut", {"HUBP1", ack, "\x82\xA1", ""}, "no MessagePack"},
            {"a list", {"HUBP1", ack, packed(std::vector<int>{1}), ""}, "an array, must be a map"},
            {"trailing", {"HUBP1", ack, empty + "x", ""}, "bytes after its end"},
            {"number names",
             {"HUBP1", ack, packed(std::map<int, int>{{1, 1}}), ""},
             "must be a text"},
            {"doubled", {"HUBP1", ack, "\x82\xA1\x61\x01\xA1\x61\x02", ""}, "names a member twice"},
            {"deep", {"HUBP1", ack, "\x81\xA1\x61" + deep, ""}, "deeper than allowed"},
            {"endless", {"HUBP1", ack, "\xDF\xFF\xFF\xFF\xFF", ""}, "larger"},
            {"text as number",
             {"HUBP1", ack, packed(std::map<std::string, std::string>{{"seq", "1"}}), ""},
             "ACK: the header \"seq\" is a text, must be an integer"},
            {"status too large",
             {"HUBP1", ack, packed(std::map<std::string, std::int64_t>{{"status", 1LL << 40}}), ""},
             "\"status\" is an integer out of range"},
            {"negative count",
             {"HUBP1", "\x0B", packed(std::map<std::string, int>{{"count", -1}}), ""},
             "\"count\" is an integer out of range, must be an unsigned integer up to 4294967295"},
            {"number as text",
             {"HUBP1", "\x01", packed(std::map<std::string, int>{{"token", 1}}), ""},
             "must be a text"},
            {"no UTF-8",
             {"HUBP1",
              ack,
              packed(std::map<std::string, std::string>{{"message", "\xC0\x80"}}),
              ""},
             "\"message\" is no UTF-8"},
            {"name too long",
             {"HUBP1",
              "\x01",
              packed(std::map<std::string, std::string>{{"token", std::string(256, 'a')}}),
              ""},
             "\"token\" has 256 bytes, at most 255"},
            {"header too long", {"HUBP1", ack, std::string(4097, 'a'), ""}, "more than 4096 bytes"},
            {"payload too long",
             {"HUBP1", "\x04", empty, std::string(hubp::kPayloadBytesMax + 1, 'a')},
             "CALL: the payload has 1048577 bytes, at most 1048576 are allowed"},
            {"payload of a ping", {"HUBP1", "\x0C", empty, "x"}, "at most 0 are allowed"},
            {"welcome without documents", {"HUBP1", "\x02", empty, ""}, "WELCOME: the payload"},
            {"log no UTF-8", {"HUBP1", "\x0E", empty, "\xFF"}, "is no UTF-8"},
        };
        for (const Row& row : rows) {
            const std::vector<std::string_view> parts(row.parts.begin(), row.parts.end());
            const auto frame = hubp::decode(parts);
            CPPUNIT_ASSERT_MESSAGE(row.name, !frame.ok());
            CPPUNIT_ASSERT_MESSAGE(std::string(row.name) + ": " + frame.error().message,
                                   frame.error().message.find(row.expected) != std::string::npos);
        }
    }

    void unknownMembersAreIgnored()
    {
        const std::map<std::string, int> header = {{"count", 5}, {"color", 1}};
        const auto frame = decode({hubp::Command::Credit, packed(header), ""});
        CPPUNIT_ASSERT(frame.ok());
        CPPUNIT_ASSERT_EQUAL(5U, std::get<hubp::Credit>(frame.value()).count);
    }

    void longMessageTextIsShortenedBetweenCharacters()
    {
        std::string text;
        while (text.size() + 3 <= HUB_MESSAGE_BYTES_MAX) {
            text += "票";
        }
        const hubp::Outcome outcome{1, 2, HUB_REJECTED, 0, text, "{}"};
        const auto message = hubp::encode(outcome);
        CPPUNIT_ASSERT(message.ok());
        CPPUNIT_ASSERT(message.value().header.size() <= hubp::kHeaderBytesMax);
        const auto back = decode(message.value());
        CPPUNIT_ASSERT(back.ok());
        const std::string& shorter = std::get<hubp::Outcome>(back.value()).message;
        CPPUNIT_ASSERT(shorter.size() > 3900 && shorter.size() % 3 == 0);
        CPPUNIT_ASSERT(text.starts_with(shorter));
    }

    void longNamesAndPayloadsAreRefusedByTheSender()
    {
        hubp::Publish publish{1, fullEnvelope(), "{}"};
        publish.envelope.key.assign(256, 'k');
        CPPUNIT_ASSERT_EQUAL(
            std::string("PUBLISH: the header member \"key\" has 256 bytes, at most "
                        "255 are allowed"),
            hubp::encode(publish).error().message);
        publish.envelope.key = "\xFF";
        CPPUNIT_ASSERT(!hubp::encode(publish).ok());
        publish.envelope.key = "k";
        publish.payload.assign(hubp::kPayloadBytesMax + 1, ' ');
        CPPUNIT_ASSERT(!hubp::encode(publish).ok());
    }

    void mutatedMessagesNeverThrow()
    {
        std::mt19937 random(20240601);
        for (const hubp::Frame& frame : everyFrame()) {
            const hubp::Message original = hubp::encode(frame).value();
            for (int round = 0; round < 2000; ++round) {
                hubp::Message message = original;
                std::string& victim = round % 4 == 0 ? message.payload : message.header;
                if (victim.empty()) {
                    continue;
                }
                if (round % 3 == 0) {
                    victim.resize(random() % victim.size());
                } else {
                    victim[random() % victim.size()] = static_cast<char>(random());
                }
                const auto decoded = decode(message);
                CPPUNIT_ASSERT(decoded.ok() || !decoded.error().message.empty());
            }
        }
    }
};

HUB_TEST_SUITE_REGISTRATION(CodecTest, "codec");

} // namespace
