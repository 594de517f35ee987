// Goal: what a portal may send wrongly is refused by status, code and pointer, on the real hub with
// its real plugin. Method: one row per fault, as bytes.
#include "support/hub_process.hpp"
#include "support/suite.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hub::test {

namespace {

const std::string kPayments = "/api/v1/payments";

struct Row {
    std::string name;
    std::string bytes;
    int status; ///< 0: closed without an answer
    std::string code;
    std::string pointer; ///< "-": none
};

int statusOf(const std::string& answer)
{
    return answer.rfind("HTTP/1.1 ", 0) == 0 ? std::stoi(answer.substr(9, 3)) : 0;
}

Json problemOf(const std::string& answer)
{
    const std::size_t begin = answer.find("\r\n\r\n");
    return begin == std::string::npos ? Json()
                                      : Json::parse(answer.substr(begin + 4), nullptr, false);
}

class RefusedRequestsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RefusedRequestsTest);
    CPPUNIT_TEST(eachFaultHasItsAnswer);
    CPPUNIT_TEST(aKeyMeansOneBody);
    CPPUNIT_TEST(slowClientsAreCut);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<HubProcess> hub_;

    std::string head(const std::string& method, const std::string& path) const
    {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    }
    std::string authorization() const { return "Authorization: Bearer " + hub_->token() + "\r\n"; }
    std::string get(const std::string& path) const
    {
        return head("GET", path) + authorization() + "\r\n";
    }
    std::string post(const std::string& body, const std::string& headers) const
    {
        return head("POST", kPayments) +
               "Content-Type: application/json\r\nIdempotency-Key: k\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    std::string post(const std::string& body) const { return post(body, authorization()); }
    std::string payment(const std::string& member, const Json& value) const
    {
        Json body = HubProcess::paymentOf("order-refused", "refused");
        body[member] = value;
        return post(body.dump());
    }
    /// A key that may only read.
    std::string readingKey() const
    {
        const Json key =
            hub_->ask({"api-key", "create", "--holder", "test reader", "--scope", "payments:read"});
        return "Authorization: Bearer " + key.at("token").get<std::string>() + "\r\n";
    }

    std::vector<Row> rows() const
    {
        const std::string sound = HubProcess::paymentOf("order-refused", "refused").dump();
        const std::string amount = "/amount_minor";
        return {
            {"cut off", post(R"({"order_ref":)"), 400, "invalid_json", ""},
            {"wrong type", payment("subject", 7), 400, "invalid_body", "/subject"},
            {"text for a number", payment("amount_minor", "5"), 400, "invalid_body", amount},
            {"unknown member", payment("amount", 5), 400, "invalid_body", "/amount"},
            {"negative", payment("amount_minor", -5), 422, "amount_not_positive", amount},
            {"nothing", payment("amount_minor", 0), 422, "amount_not_positive", amount},
            {"fraction", payment("amount_minor", 20.5), 422, "amount_not_whole", amount},
            {"too much", payment("amount_minor", 5000001), 422, "amount_over_limit", amount},
            {"dollars", payment("currency", "USD"), 422, "currency_not_supported", "/currency"},
            {"no such method", payment("method", "cash"), 422, "method_not_supported", "/method"},
            {"unknown route", get("/api/v1/nothing"), 404, "not_found", "-"},
            {"unknown payment", get(kPayments + "/none"), 404, "not_found", "-"},
            {"wrong method",
             head("DELETE", kPayments) + authorization() + "\r\n",
             405,
             "method_not_allowed",
             "-"},
            {"too large",
             head("POST", kPayments) + authorization() +
                 "Content-Type: application/json\r\nIdempotency-Key: k\r\n"
                 "Content-Length: 1048577\r\n\r\n",
             413,
             "body_too_large",
             "-"},
            {"two lengths",
             post(sound, authorization() + "Transfer-Encoding: chunked\r\n"),
             400,
             "malformed_request",
             "-"},
            {"no key", post(sound, ""), 401, "unauthenticated", "-"},
            {"unknown key",
             post(sound, "Authorization: Bearer ehk_0_0\r\n"),
             401,
             "unauthenticated",
             "-"},
            {"key without the scope", post(sound, readingKey()), 403, "scope_missing", "-"},
        };
    }

public:
    void setUp() override
    {
        HubOptions options;
        options.settings = {"gateway.header_timeout_ms = 300", "gateway.body_timeout_ms = 300"};
        hub_ = std::make_unique<HubProcess>(options);
        hub_->startSimulator();
        hub_->start();
    }

    void tearDown() override { hub_.reset(); }

    void eachFaultHasItsAnswer()
    {
        for (const Row& row : rows()) {
            const std::string answer = hub_->sendRaw(row.bytes);
            const Json problem = problemOf(answer);
            const std::string said = row.name + ": " + answer;

            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, row.status, statusOf(answer));
            CPPUNIT_ASSERT_MESSAGE(said,
                                   answer.find("application/problem+json") != std::string::npos);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, row.code, problem.value("code", ""));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(said, row.pointer, problem.value("pointer", "-"));
            CPPUNIT_ASSERT_MESSAGE(said, !problem.value("detail", "").empty());
        }
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "nothing was created", std::size_t{0}, hub_->get(kPayments).body.at("items").size());
    }

    void aKeyMeansOneBody()
    {
        const Json wanted = HubProcess::paymentOf("order-once", "once");
        const ApiAnswer first = hub_->post(kPayments, wanted, "once");
        const ApiAnswer again = hub_->post(kPayments, wanted, "once");
        const ApiAnswer other =
            hub_->post(kPayments, HubProcess::paymentOf("order-other", "once"), "once");

        CPPUNIT_ASSERT_EQUAL(201, first.status);
        CPPUNIT_ASSERT_EQUAL(201, again.status);
        CPPUNIT_ASSERT_EQUAL(first.body.at("payment_id"), again.body.at("payment_id"));
        CPPUNIT_ASSERT_EQUAL(409, other.status);
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, hub_->get(kPayments).body.at("items").size());
    }

    void slowClientsAreCut()
    {
        const std::string header = head("GET", kPayments);
        CPPUNIT_ASSERT_EQUAL(std::string(), hub_->sendRaw(header));
        CPPUNIT_ASSERT(becomesTrue([&] {
            return hub_->metric(R"(hub_http_cut_total{reason="header_too_slow"})") == 1.0;
        }));
        const std::string body = post("{}");
        CPPUNIT_ASSERT_EQUAL(408, statusOf(hub_->sendRaw(body.substr(0, body.size() - 1))));
    }
};

HUB_TEST_SUITE_REGISTRATION(RefusedRequestsTest, "refused_requests");

} // namespace

} // namespace hub::test
