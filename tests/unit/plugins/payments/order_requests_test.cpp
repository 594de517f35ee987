// Goal: an order gets one open payment with a code that can be paid, however often it asks; what
// can't be paid so is declined with its reason and asks no provider. Method: the plugin over the
// fake hub, told by events.
#include "desk.hpp"
#include "support/suite.hpp"

#include <memory>
#include <string>

namespace {

using namespace payments::test; // NOLINT(google-build-using-namespace): the words of the scenarios
using payments::Json;

class OrderRequestsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(OrderRequestsTest);
    CPPUNIT_TEST(anOrderGetsACodeAndNobodyIsAsked);
    CPPUNIT_TEST(askingAgainChangesNothing);
    CPPUNIT_TEST(anExpiredCodeIsReplacedForTheSamePayment);
    CPPUNIT_TEST(anotherAmountIsDeclined);
    CPPUNIT_TEST(whatCannotBePaidIsDeclined);
    CPPUNIT_TEST(aStoppedMethodIsDeclined);
    CPPUNIT_TEST_SUITE_END();

    std::unique_ptr<Desk> desk_;
    int asked_ = 0;

    void ask(const Json& changes = Json::object())
    {
        Json wish = {{"order_ref", "V1"},
                     {"amount_minor", kAmount},
                     {"currency", "CNY"},
                     {"method", "wallets"},
                     {"subject", "Badges"}};
        wish.merge_patch(changes);
        assertStatus(HUB_OK,
                     desk_->hub().publish("order.payment_requested",
                                          "asked-" + std::to_string(++asked_),
                                          wish.dump()));
    }

    Json status() { return parse(desk_->hub().ask("status", "V1")); }

    std::string declined() const
    {
        for (const auto& event : desk_->hub().publications()) {
            if (event.type == "payment.declined") {
                return Json::parse(event.payload).at("code");
            }
        }
        return "";
    }

public:
    void setUp() override
    {
        desk_ = std::make_unique<Desk>(Json{
            {"public_url", "https://fair.example.com"},
            {"methods",
             {{"wallets", {{"product", "qr"}, {"checkout", true}, {"accounts", {"alipay-main"}}}},
              {"scan", {{"product", "qr"}, {"accounts", {"alipay-main"}}}}}}});
    }

    void anOrderGetsACodeAndNobodyIsAsked()
    {
        ask();
        const Json known = status();
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, known.at("payments").size());
        const Json& payment = known.at("payments")[0];
        CPPUNIT_ASSERT(payment.at("amount_minor") == kAmount);
        const std::string url = payment.at("checkout").at("url");
        CPPUNIT_ASSERT_EQUAL(0UL, url.find("https://fair.example.com/pay/"));
        CPPUNIT_ASSERT(known.at("undecided") == false);
        CPPUNIT_ASSERT(desk_->hub().calls().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("payment.created"), desk_->hub().publications()[0].type);
        CPPUNIT_ASSERT_EQUAL(std::string(), desk_->fault());
    }

    void askingAgainChangesNothing()
    {
        ask();
        const Json before = status();
        ask();
        CPPUNIT_ASSERT(before == status());
    }

    void anExpiredCodeIsReplacedForTheSamePayment()
    {
        ask();
        const Json before = status().at("payments")[0];
        desk_->hub().passTime(11 * kMinute);
        ask();
        const Json after = status().at("payments")[0];
        CPPUNIT_ASSERT(before.at("payment_id") == after.at("payment_id"));
        CPPUNIT_ASSERT(before.at("checkout") != after.at("checkout"));
    }

    void anotherAmountIsDeclined()
    {
        ask();
        ask({{"amount_minor", kAmount + 1}});
        CPPUNIT_ASSERT_EQUAL(std::string("another_amount_open"), declined());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, status().at("payments").size());
    }

    void whatCannotBePaidIsDeclined()
    {
        ask({{"method", "scan"}}); // one account's code, nothing that an app opens
        CPPUNIT_ASSERT_EQUAL(std::string("method_not_supported"), declined());
        setUp();
        ask({{"amount_minor", 0}});
        CPPUNIT_ASSERT_EQUAL(std::string("amount_not_positive"), declined());
        CPPUNIT_ASSERT(status().at("payments").empty());
    }

    void aStoppedMethodIsDeclined()
    {
        const Json stop = {{"path", {{"method", "wallets"}}},
                           {"body", {{"notice_en", "Closed"}, {"notice_zh", "暂停"}}}};
        assertStatus(HUB_OK, desk_->hub().request("method.stop", stop.dump()));
        ask();
        CPPUNIT_ASSERT_EQUAL(std::string("method_stopped"), declined());
    }
};

HUB_TEST_SUITE_REGISTRATION(OrderRequestsTest, "order_requests");

} // namespace
