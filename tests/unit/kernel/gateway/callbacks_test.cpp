// Goal: a provider's bytes reach the backend unchanged, its acknowledgement goes back unchanged,
// and what is refused before is audited. Method: real sockets, a recording backend.

#include "fixture.hpp"

namespace {

using namespace hub::gateway::testing; // NOLINT: the shared names of these tests

std::string raw(const std::string& method, const std::string& target, const std::string& body)
{
    return method + " " + target + " HTTP/1.1\r\nHost: evil.example\r\nX-Sign: a  b\r\n" +
           "Content-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

class CallbacksTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CallbacksTest);
    CPPUNIT_TEST(handsOnTheRawRequest);
    CPPUNIT_TEST(answersExactlyAsTheConnectorSays);
    CPPUNIT_TEST(auditsWhatItRefuses);
    CPPUNIT_TEST(takesNoTraceFromOutside);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override { hub_ = std::make_unique<Fixture>(); }
    void tearDown() override { hub_.reset(); }

    void handsOnTheRawRequest()
    {
        hub_->start();
        const std::string body("a=1&b=%E5\0\xff\r\n", 14);

        const Answer answer =
            hub_->exchange(raw("POST", "/callback/demo/acc-1/Tok3n?x=%41&y", body));

        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        const auto& callback = hub_->backend.callbacks.at(0);
        CPPUNIT_ASSERT_EQUAL(std::string("demo"), callback.connector);
        CPPUNIT_ASSERT_EQUAL(std::string("acc-1"), callback.account);
        CPPUNIT_ASSERT_EQUAL(std::string("Tok3n"), callback.token);
        CPPUNIT_ASSERT_EQUAL(std::string("POST"), callback.method);
        CPPUNIT_ASSERT_EQUAL(std::string("/callback/demo/acc-1/Tok3n"), callback.path);
        CPPUNIT_ASSERT_EQUAL(std::string("x=%41&y"), callback.query);
        CPPUNIT_ASSERT(callback.body == body);
        CPPUNIT_ASSERT_EQUAL(std::string("127.0.0.1"), callback.client_ip);
        const std::pair<std::string, std::string> field{"x-sign", "a  b"};
        CPPUNIT_ASSERT(std::count(callback.headers.begin(), callback.headers.end(), field) == 1);
    }

    void answersExactlyAsTheConnectorSays()
    {
        hub_->start();
        struct Row {
            std::string name;
            hub::gateway::CallbackReply reply;
            int expected;
        };
        const std::vector<Row> rows = {
            {"good", {200, "text/plain", "success"}, 200},
            {"bad", {400, "application/json", "{\"code\":\"FAIL\"}"}, 400},
            {"later", {503, "text/plain", "fail"}, 503},
            {"bytes", {200, "application/octet-stream", std::string("\0\r\n", 3)}, 200},
            {"a redirect is none", {302, "text/plain", "success"}, 503},
            {"an interim status is none", {100, "text/plain", "success"}, 503}};
        for (const Row& row : rows) {
            hub_->backend.callback_reply = row.reply;

            const Answer answer = hub_->exchange(raw("POST", "/callback/demo/acc/tok", "x"));

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, row.expected, answer.status);
            CPPUNIT_ASSERT_MESSAGE(row.name, row.reply.body == answer.body);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.name, row.reply.media_type, answer.header("content-type"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.name, std::string(), answer.header("location"));
        }
    }

    void auditsWhatItRefuses()
    {
        hub_->start();
        struct Row {
            std::string bytes;
            int status;
            std::string reason;
        };
        const std::vector<Row> rows = {
            {raw("POST", "/callback/demo/acc", "x"), 404, "not_found"},
            {raw("POST", "/callback/demo/acc/tok/more", "x"), 404, "not_found"},
            {raw("POST", "/callback/demo//tok", "x"), 404, "not_found"},
            {raw("POST", "/callback/de%2Fmo/acc/tok", "x"), 404, "not_found"},
            {raw("PUT", "/callback/demo/acc/tok", "x"), 405, "method_not_allowed"},
            {raw("POST", "/callback/demo/acc/tok", std::string(65537, 'x')),
             413,
             "body_too_large"}};
        for (const Row& row : rows) {
            hub_->backend.refused.clear();

            const Answer answer = hub_->exchange(row.bytes);

            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.reason, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->backend.refused.size());
            CPPUNIT_ASSERT_EQUAL(std::size_t{0}, hub_->backend.refused[0].second.find(row.reason));
        }
        CPPUNIT_ASSERT(hub_->backend.callbacks.empty());
    }

    void takesNoTraceFromOutside()
    {
        hub_->start();

        hub_->exchange(
            "GET /callback/demo/acc/tok HTTP/1.1\r\nHost: x\r\n"
            "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n");

        CPPUNIT_ASSERT(hub_->backend.callbacks.at(0).trace != "4bf92f3577b34da6a3ce929d0e0e4736");
        CPPUNIT_ASSERT_EQUAL(std::size_t{32}, hub_->backend.callbacks.at(0).trace.size());
    }

private:
    std::unique_ptr<Fixture> hub_;
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CallbacksTest, "callbacks");
