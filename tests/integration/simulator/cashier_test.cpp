// Goal: a person with nothing but the code's address can open, pay, decline and leave; looking
// changes nothing.

#include "merchant.hpp"
#include "support/suite.hpp"

namespace simulator_test {

class CashierTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CashierTest);
    CPPUNIT_TEST(personOpensAndPays);
    CPPUNIT_TEST(lookingCreatesNoTrade);
    CPPUNIT_TEST(personDeclines);
    CPPUNIT_TEST(personLeavesAndComesBack);
    CPPUNIT_TEST(payingTwiceChargesOnce);
    CPPUNIT_TEST(pageSaysWhatStandsInTheWay);
    CPPUNIT_TEST(pageShowsForeignTextAsText);
    CPPUNIT_TEST(addressesCanBeginWithAnotherName);
    CPPUNIT_TEST_SUITE_END();

public:
    CashierTest()
        : merchant_(simulator_)
    {}

    void setUp() override { simulator_.start(); }
    void tearDown() override { simulator_.kill(); }

    void personOpensAndPays()
    {
        const std::string page = pathOf(merchant_.order("C1"));
        assertShows(page, {"模拟钱包", "Simulated wallet", "模拟商户", page + "/open", "viewport"});

        CPPUNIT_ASSERT_EQUAL(page, press(page + "/open"));
        assertShows(page, {"200.00", "胸牌费 Badge fee", "C1", page + "/pay", page + "/decline"});
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), state("C1"));

        CPPUNIT_ASSERT_EQUAL(page, press(page + "/pay"));
        assertShows(page, {"支付成功", "200.00"});
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), state("C1"));
    }

    void lookingCreatesNoTrade()
    {
        const std::string page = pathOf(merchant_.order("C2"));
        assertShows(page, {"已识别付款二维码"});
        CPPUNIT_ASSERT_EQUAL(405, simulator_.request("GET", page + "/open").status);
        CPPUNIT_ASSERT_EQUAL(405, simulator_.request("GET", page + "/pay").status);
        CPPUNIT_ASSERT_EQUAL(std::string("issued"), state("C2"));
    }

    void personDeclines()
    {
        const std::string page = pathOf(merchant_.order("C3"));
        press(page + "/open");
        press(page + "/decline");
        assertShows(page, {"订单关闭"});
        CPPUNIT_ASSERT_EQUAL(std::string("closed"), state("C3"));
        CPPUNIT_ASSERT_EQUAL(409, simulator_.request("POST", page + "/pay").status);
    }

    void personLeavesAndComesBack()
    {
        const std::string page = pathOf(merchant_.order("C4"));
        press(page + "/open");
        CPPUNIT_ASSERT_EQUAL(200, simulator_.request("POST", page + "/leave").status);
        CPPUNIT_ASSERT_EQUAL(std::string("waiting"), state("C4"));
        press(page + "/pay");
        CPPUNIT_ASSERT_EQUAL(std::string("paid"), state("C4"));
    }

    void payingTwiceChargesOnce()
    {
        const std::string page = pathOf(merchant_.order("C5"));
        press(page + "/pay");
        press(page + "/pay");
        const Json books = simulator_.get("/control/books");
        CPPUNIT_ASSERT_EQUAL(20000, books["balances"][0]["balance_minor"].get<int>());
    }

    void pageSaysWhatStandsInTheWay()
    {
        CPPUNIT_ASSERT_EQUAL(404, simulator_.request("GET", "/qr/none").status);
        CPPUNIT_ASSERT_EQUAL(404, simulator_.request("POST", "/qr/none/pay").status);

        const std::string page = pathOf(merchant_.order("C6"));
        CPPUNIT_ASSERT_EQUAL(404, simulator_.request("POST", page + "/steal").status);
        simulator_.post("/control/clock", {{"advance_s", 2 * 3600 + 1}});
        const HttpAnswer late = simulator_.request("POST", page + "/pay");
        CPPUNIT_ASSERT_EQUAL(409, late.status);
        CPPUNIT_ASSERT(late.body.find("二维码已过期") != std::string::npos);
    }

    void pageShowsForeignTextAsText()
    {
        merchant_.call(
            "alipay.trade.precreate",
            {{"out_trade_no", "C7"}, {"total_amount", "1.00"}, {"subject", "<script>\"x\""}});
        const std::string page = "/qr/" + simulator_.trade("C7")["qr"].get<std::string>();
        press(page + "/open");
        const std::string html = simulator_.request("GET", page).body;
        CPPUNIT_ASSERT(html.find("<script") == std::string::npos);
        CPPUNIT_ASSERT(html.find("&lt;script&gt;&quot;x&quot;") != std::string::npos);
    }

    void addressesCanBeginWithAnotherName()
    {
        simulator_.kill();
        simulator_.start({"--public-url", "https://wallet.example.com"});
        CPPUNIT_ASSERT(merchant_.order("C8").starts_with("https://wallet.example.com/qr/"));
    }

private:
    std::string pathOf(const std::string& address) const
    {
        CPPUNIT_ASSERT_MESSAGE(address, address.starts_with(simulator_.url() + "/qr/"));
        return address.substr(simulator_.url().size());
    }
    /// Presses a button; returns where it leads.
    std::string press(const std::string& path) const
    {
        const HttpAnswer answer = simulator_.request("POST", path);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.body, 303, answer.status);
        return answer.location;
    }
    void assertShows(const std::string& path, const std::vector<std::string>& texts) const
    {
        const HttpAnswer answer = simulator_.request("GET", path);
        CPPUNIT_ASSERT_EQUAL(200, answer.status);
        for (const std::string& text : texts) {
            CPPUNIT_ASSERT_MESSAGE(text, answer.body.find(text) != std::string::npos);
        }
    }
    std::string state(const std::string& number) const
    {
        return simulator_.trade(number)["state"].get<std::string>();
    }

    Simulator simulator_;
    Merchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(CashierTest, "cashier");

} // namespace simulator_test
