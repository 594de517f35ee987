// Goal: what was accepted is kept through kill -9, arrives by the test clock, is found by query, is
// reported until somebody acknowledges, and can be read by a person. Method: a customer that signs
// by openssl, the process, and a receiver of reports.

#include "aliyun_merchant.hpp"
#include "receiver.hpp"
#include "support/suite.hpp"

namespace simulator_test {

namespace {

constexpr const char* kPhone = "19900000001";
constexpr const char* kTaken = R"({"code":0,"msg":"接收成功"})";

} // namespace

class AliyunMessagesTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(AliyunMessagesTest);
    CPPUNIT_TEST(aMessageArrivesAndIsFound);
    CPPUNIT_TEST(aRepetitionIsAnotherMessage);
    CPPUNIT_TEST(aPhoneThatIsOffGetsNothing);
    CPPUNIT_TEST(onePhoneGetsOnlySoMany);
    CPPUNIT_TEST(longTextsCostMore);
    CPPUNIT_TEST(messagesSurviveTheProcess);
    CPPUNIT_TEST(reportsComeUntilTheyAreTaken);
    CPPUNIT_TEST(reportsAreLostDoubledAndDisordered);
    CPPUNIT_TEST(faultsLeaveTheBooksAsTheySay);
    CPPUNIT_TEST(aPersonReadsTheInbox);
    CPPUNIT_TEST_SUITE_END();

public:
    AliyunMessagesTest()
        : simulator_([](Json& settings) {
            settings["aliyun"]["accounts"][0]["templates"].push_back(
                {{"code", "SMS_100000010"},
                 {"kind", "notice"},
                 {"state", "approved"},
                 {"text", std::string(120, '0') + "${text}"}});
        })
        , receiver_(simulator_.folder())
        , merchant_(simulator_)
    {}

    void setUp() override
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        simulator_.post("/control/provider/aliyun/report_url",
                        {{"access_key_id", merchant_.accessKeyId()}, {"url", receiver_.url()}});
    }
    void tearDown() override { simulator_.kill(); }

    void aMessageArrivesAndIsFound()
    {
        const HttpAnswer sent =
            merchant_.send(merchant_.request("SendSms", merchant_.message("M01", kPhone)));
        const std::string biz_id = Json::parse(sent.body)["BizId"];
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), aliyunCode(sent));
        Json record = only(merchant_.query(kPhone));
        CPPUNIT_ASSERT_EQUAL(1, record["SendStatus"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("M01"), record["OutId"].get<std::string>());
        CPPUNIT_ASSERT(!record.contains("ReceiveDate"));
        simulator_.post("/control/clock", {{"advance_s", 10}});
        record = only(merchant_.query(kPhone, {{"BizId", biz_id}}));
        CPPUNIT_ASSERT_EQUAL(3, record["SendStatus"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("DELIVERED"), record["ErrCode"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(
            std::string("【模拟展会】您的验证码是739251，5分钟内有效，请勿告诉他人。"),
            record["Content"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(0,
                             merchant_.query(kPhone, {{"BizId", "1^0"}})["TotalCount"].get<int>());
        CPPUNIT_ASSERT_EQUAL(
            0,
            merchant_.query(kPhone, {{"SendDate", beijingDay(-86400)}})["TotalCount"].get<int>());
        CPPUNIT_ASSERT_EQUAL(0, merchant_.query("19900000002")["TotalCount"].get<int>());
    }

    void aRepetitionIsAnotherMessage()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("M02", kPhone));
        simulator_.post("/control/clock", {{"advance_s", 61}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("M02", kPhone));
        const Json found = merchant_.query(kPhone, {{"PageSize", "1"}, {"CurrentPage", "2"}});
        CPPUNIT_ASSERT_EQUAL(2, found["TotalCount"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found["SmsSendDetailDTOs"]["SmsSendDetailDTO"].size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, messages("number=M02").size());
    }

    void aPhoneThatIsOffGetsNothing()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("M03", "19900000404"));
        simulator_.post("/control/provider/aliyun/fate",
                        {{"phone", "19900000002"}, {"err_code", "MOBILE_IN_BLACK"}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("M04", "19900000002"));
        simulator_.post("/control/clock", {{"advance_s", 10}});
        const Json off = only(merchant_.query("19900000404"));
        CPPUNIT_ASSERT_EQUAL(2, off["SendStatus"].get<int>());
        CPPUNIT_ASSERT_EQUAL(std::string("MOBILE_NOT_ON_SERVICE"),
                             off["ErrCode"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("MOBILE_IN_BLACK"),
                             only(merchant_.query("19900000002"))["ErrCode"].get<std::string>());
    }

    /// 1 a minute, 5 an hour, 10 a day: the windows pass by the test clock.
    void onePhoneGetsOnlySoMany()
    {
        const auto codes = [&](int count) {
            int sent = 0;
            for (int i = 0; i < count; ++i) {
                simulator_.post("/control/clock", {{"advance_s", 60}});
                sent += merchant_.sendCode("L", kPhone) == "OK" ? 1 : 0;
            }
            return sent;
        };
        CPPUNIT_ASSERT_EQUAL(5, codes(7));
        simulator_.post("/control/clock", {{"advance_s", 3600}});
        CPPUNIT_ASSERT_EQUAL(5, codes(6));
        simulator_.post("/control/clock", {{"advance_s", 3600}});
        CPPUNIT_ASSERT_EQUAL(0, codes(1));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("L", "19900000002"));
        simulator_.post("/control/clock", {{"advance_s", 86400}});
        CPPUNIT_ASSERT_EQUAL(1, codes(1));
    }

    void longTextsCostMore()
    {
        Parameters query = merchant_.message("U01", kPhone);
        query["TemplateCode"] = "SMS_100000010";
        query["TemplateParam"] = R"({"text":"12345678"})"; // 6 + 120 + 8 = 134 = 2 * 67
        CPPUNIT_ASSERT_EQUAL(std::string("OK"),
                             aliyunCode(merchant_.send(merchant_.request("SendSms", query))));
        query["TemplateParam"] = R"({"text":"123456789"})";
        CPPUNIT_ASSERT_EQUAL(std::string("OK"),
                             aliyunCode(merchant_.send(merchant_.request("SendSms", query))));
        CPPUNIT_ASSERT_EQUAL(3, messages("number=U01")[0]["units"].get<int>());
        CPPUNIT_ASSERT_EQUAL(2, messages("number=U01")[1]["units"].get<int>());
        CPPUNIT_ASSERT_EQUAL(
            -5, simulator_.get("/control/books")["balances"][0]["balance_minor"].get<int>());
    }

    void messagesSurviveTheProcess()
    {
        receiver_.answerWith({{200, kTaken}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("K01", kPhone));
        const Json before = messages("number=K01");
        simulator_.kill();
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        CPPUNIT_ASSERT_EQUAL(before[0]["provider_number"].dump(),
                             messages("number=K01")[0]["provider_number"].dump());
        simulator_.post("/control/clock", {{"advance_s", 10}});
        CPPUNIT_ASSERT(receiver_.waitFor(1));
        CPPUNIT_ASSERT_EQUAL(std::string("K01"), report(0)["out_id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("isv.BUSINESS_LIMIT_CONTROL"),
                             AliyunMerchant(simulator_).sendCode("K02", kPhone));
    }

    void reportsComeUntilTheyAreTaken()
    {
        receiver_.answerWith({{500, ""}, {200, "success"}, {200, R"({"code":1})"}, {200, kTaken}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("R01", kPhone));
        for (std::size_t count = 1; count <= 4; ++count) {
            CPPUNIT_ASSERT_EQUAL(std::string("queued"),
                                 notification("R01")["state"].get<std::string>());
            simulator_.post("/control/clock", {{"advance_s", 1800}});
            CPPUNIT_ASSERT(receiver_.waitFor(count));
            CPPUNIT_ASSERT(becomesTrue(
                [&] { return notification("R01")["attempts"].get<std::size_t>() == count; }));
        }
        CPPUNIT_ASSERT(becomesTrue([&] { return notification("R01")["state"] == "delivered"; }));
        const Json told = report(0);
        CPPUNIT_ASSERT(told["success"].get<bool>());
        CPPUNIT_ASSERT_EQUAL(std::string(kPhone), told["phone_number"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("DELIVERED"), told["err_code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(messages("number=R01")[0]["provider_number"].get<std::string>(),
                             told["biz_id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(std::string("application/json;charset=utf-8"),
                             receiver_.headers()[0].at("Content-Type"));
        simulator_.post("/control/provider/aliyun/report", {{"out_id", "R01"}});
        CPPUNIT_ASSERT(receiver_.waitFor(5));
    }

    void reportsAreLostDoubledAndDisordered()
    {
        receiver_.answerWith({10, {200, kTaken}});
        simulator_.post("/control/faults",
                        {{"rules",
                          {{{"fault", "notify_none"}, {"match", {{"out_trade_no", "LOST"}}}},
                           {{"fault", "notify_duplicate"},
                            {"count", 2},
                            {"match", {{"out_trade_no", "TWICE"}}}},
                           {{"fault", "notify_reorder"},
                            {"ms", 3600'000},
                            {"match", {{"out_trade_no", "HELD"}}}}}}});
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("LOST", "19900000011"));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("HELD", "19900000012"));
        simulator_.post("/control/clock", {{"advance_s", 10}});
        CPPUNIT_ASSERT(becomesTrue([&] {
            return notification("LOST")["state"] == "suppressed" &&
                   notification("HELD")["state"] == "held";
        }));
        CPPUNIT_ASSERT(receiver_.bodies().empty());
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("TWICE", "19900000013"));
        simulator_.post("/control/clock", {{"advance_s", 10}});
        CPPUNIT_ASSERT(receiver_.waitFor(3));
        CPPUNIT_ASSERT_EQUAL(std::string("TWICE"), report(0)["out_id"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(receiver_.bodies()[0], receiver_.bodies()[1]);
        CPPUNIT_ASSERT_EQUAL(std::string("HELD"), report(2)["out_id"].get<std::string>());
    }

    void faultsLeaveTheBooksAsTheySay()
    {
        struct Row {
            Json rule;
            std::size_t booked;
        };
        const Row rows[] = {
            {{{"fault", "drop_before_booking"}}, 0},
            {{{"fault", "drop_after_booking"}}, 1},
            {{{"fault", "garbage"}, {"booked", true}}, 1},
            {{{"fault", "http_status"}, {"status", 503}}, 0},
            {{{"fault", "refuse"}, {"code", "isp.SYSTEM_ERROR"}, {"booked", true}}, 1},
            {{{"fault", "tls_close"}}, 0},
            {{{"fault", "silence"}, {"ms", 50}}, 0},
            {{{"fault", "delay"}, {"ms", 50}}, 1},
        };
        int count = 0;
        for (const Row& row : rows) {
            const std::string number = "F0" + std::to_string(++count);
            simulator_.post("/control/faults", row.rule);
            merchant_.sendCode(number, "1990000002" + std::to_string(count));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                row.rule.dump(), row.booked, messages("number=" + number).size());
        }
    }

    void aPersonReadsTheInbox()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("I01", kPhone));
        simulator_.post("/control/clock", {{"advance_s", 61}});
        Parameters query = merchant_.message("I02", kPhone);
        query["TemplateParam"] = R"({"code":"<b>&\"1"})";
        CPPUNIT_ASSERT_EQUAL(std::string("OK"),
                             aliyunCode(merchant_.send(merchant_.request("SendSms", query))));
        CPPUNIT_ASSERT_EQUAL(std::string("OK"), merchant_.sendCode("I03", "19900000002"));
        const HttpAnswer page = simulator_.request("GET", std::string("/inbox?phone=") + kPhone);
        const auto at = [&](const std::string& text) {
            return page.body.find(text);
        };
        CPPUNIT_ASSERT_EQUAL(200, page.status);
        CPPUNIT_ASSERT(at("您的验证码是&lt;b&gt;&amp;&quot;1") < at("您的验证码是739251"));
        CPPUNIT_ASSERT(at("您的验证码是739251") != std::string::npos);
        CPPUNIT_ASSERT(at("已送达 Delivered") != std::string::npos);
        CPPUNIT_ASSERT(at("<b>&") == std::string::npos && at("<script") == std::string::npos);
        CPPUNIT_ASSERT(at("19900000002") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, messages("phone=%2B8619900000001").size());
        const HttpAnswer none = simulator_.request("GET", "/inbox?phone=19900000099");
        CPPUNIT_ASSERT(none.body.find("没有短信") != std::string::npos);
    }

private:
    Json messages(const std::string& question) const
    {
        return simulator_.get("/control/messages?" + question)["messages"];
    }

    static Json only(const Json& list)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            list.dump(), std::string("OK"), list["Code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(1, list["TotalCount"].get<int>());
        return list["SmsSendDetailDTOs"]["SmsSendDetailDTO"][0];
    }

    /// The only report of the index-th push.
    Json report(std::size_t index) const
    {
        const Json reports = Json::parse(receiver_.bodies().at(index));
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, reports.size());
        return reports[0];
    }

    Json notification(const std::string& number) const
    {
        return simulator_.get("/control/books?out_trade_no=" + number)["notifications"][0];
    }

    Simulator simulator_;
    Receiver receiver_;
    AliyunMerchant merchant_;
};

HUB_TEST_SUITE_REGISTRATION(AliyunMessagesTest, "aliyun_messages");

} // namespace simulator_test
