// Goal: what Alipay refuses is refused, with Alipay's code. Method: a table of requests that are
// right but for one thing; each must get its code and leave the books as they were.

#include "merchant.hpp"
#include "support/suite.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <vector>

namespace simulator_test {

namespace {

const char* const kPrecreate = "alipay.trade.precreate";
const char* const kQuery = "alipay.trade.query";
const char* const kCancel = "alipay.trade.cancel";
const char* const kClose = "alipay.trade.close";
const char* const kRefund = "alipay.trade.refund";
const char* const kRefundQuery = "alipay.trade.fastpay.refund.query";

/// A request on its way out. Steps that spoil it before or after it is signed.
struct Draft {
    Parameters parameters;
    std::filesystem::path key;
    std::filesystem::path other_key;
};
using Spoil = std::function<void(Draft&)>;

Spoil set(const char* name, std::string value)
{
    return [=](Draft& draft) {
        draft.parameters[name] = value;
    };
}
Spoil drop(const char* name)
{
    return [=](Draft& draft) {
        draft.parameters.erase(name);
    };
}
/// Replaces the signature by one over another text.
Spoil signOver(std::string (*text)(const Parameters&))
{
    return [=](Draft& draft) {
        Parameters bare = draft.parameters;
        bare.erase("sign");
        draft.parameters["sign"] = signWithOpenssl(draft.key, text(bare));
    };
}

std::string joinUnsorted(const Parameters& parameters)
{
    std::string text;
    for (auto one = parameters.rbegin(); one != parameters.rend(); ++one) {
        text += (text.empty() ? "" : "&") + one->first + "=" + one->second;
    }
    return text;
}

std::string joinWithoutSignType(const Parameters& parameters)
{
    Parameters fewer = parameters;
    fewer.erase("sign_type");
    return joinSorted(fewer);
}

std::string joinWithoutKeys(const Parameters& parameters)
{
    std::string text;
    for (const auto& [name, value] : parameters) {
        text += value;
    }
    return text;
}

/// A usual order with one member changed; a null removes it.
Json order(const char* member = "out_trade_no", const Json& value = "FRESH")
{
    Json content{{"out_trade_no", "FRESH"}, {"total_amount", "20.00"}, {"subject", "Badge fee"}};
    content[member] = value;
    if (value.is_null()) {
        content.erase(member);
    }
    return content;
}

Json known(const char* number)
{
    return {{"out_trade_no", number}};
}

Json refund(const char* number, const char* amount, const char* request)
{
    return {{"out_trade_no", number}, {"refund_amount", amount}, {"out_request_no", request}};
}

struct Row {
    std::string name;
    const char* method;
    Json content;
    std::string code;
    std::string sub_code;
    Spoil before_signing = nullptr;
    Spoil after_signing = nullptr;
};

/// Wrong public parameters and signatures.
std::vector<Row> gatewayRows()
{
    const std::string missing = "40001";
    const std::string invalid = "40002";
    const auto gateway = [](std::string name,
                            std::string code,
                            std::string sub_code,
                            Spoil before,
                            Spoil after = nullptr) {
        return Row{std::move(name),
                   kPrecreate,
                   order(),
                   std::move(code),
                   std::move(sub_code),
                   before,
                   after};
    };
    const auto signature = [&](std::string name, Spoil after) {
        return gateway(std::move(name), invalid, "isv.invalid-signature", nullptr, after);
    };
    return {
        gateway("no method", missing, "isv.missing-method", drop("method")),
        gateway("no app_id", missing, "isv.missing-app-id", drop("app_id")),
        gateway("empty app_id", missing, "isv.missing-app-id", set("app_id", "")),
        gateway("no sign_type", missing, "isv.missing-signature-type", drop("sign_type")),
        gateway("no sign", missing, "isv.missing-signature", nullptr, drop("sign")),
        gateway("no timestamp", missing, "isv.missing-timestamp", drop("timestamp")),
        gateway("no version", missing, "isv.missing-version", drop("version")),
        gateway("unknown method", invalid, "isv.invalid-method", set("method", "alipay.trade.pya")),
        gateway("unknown app", invalid, "isv.invalid-app-id", set("app_id", "9021000000009999")),
        gateway("long app_id", invalid, "isv.invalid-app-id", set("app_id", std::string(33, '1'))),
        gateway("RSA, not RSA2", invalid, "isv.invalid-signature-type", set("sign_type", "RSA")),
        gateway("charset GBK", invalid, "isv.invalid-charset", set("charset", "GBK")),
        gateway("no charset means GBK", invalid, "isv.invalid-charset", drop("charset")),
        gateway("format XML", invalid, "isv.invalid-format", set("format", "XML")),
        gateway("ISO timestamp",
                invalid,
                "isv.invalid-timestamp",
                set("timestamp", "2026-11-21T10:40:00")),
        gateway("no such day",
                invalid,
                "isv.invalid-timestamp",
                set("timestamp", "2026-02-30 10:40:00")),
        gateway("stale timestamp",
                invalid,
                "isv.invalid-timestamp",
                set("timestamp", beijingTime(-3600))),
        gateway("timestamp of the future",
                invalid,
                "isv.invalid-timestamp",
                set("timestamp", beijingTime(3600))),
        gateway("timestamp in UTC",
                invalid,
                "isv.invalid-timestamp",
                set("timestamp", beijingTime(-8L * 3600))),
        gateway("version 2.0", invalid, "isv.invalid-parameter", set("version", "2.0")),
        gateway("notify_url over ftp",
                invalid,
                "isv.invalid-parameter",
                set("notify_url", "ftp://example.com/n")),
        gateway("long notify_url",
                invalid,
                "isv.invalid-parameter",
                set("notify_url", "https://example.com/" + std::string(240, 'n'))),
        gateway("encrypted content", invalid, "isv.invalid-parameter", set("encrypt_type", "AES")),
        gateway("content is no JSON",
                invalid,
                "isv.invalid-parameter",
                set("biz_content", "{\"out_trade_no\":")),
        gateway("content is a list", invalid, "isv.invalid-parameter", set("biz_content", "[]")),
        gateway("no content", invalid, "isv.invalid-parameter", drop("biz_content")),
        signature("unsorted", signOver(joinUnsorted)),
        signature("sign_type dropped", signOver(joinWithoutSignType)),
        signature("percent-encoded values", signOver(encodeForm)),
        signature("values without names", signOver(joinWithoutKeys)),
        signature("amount changed after signing",
                  set("biz_content", order("total_amount", "20.01").dump())),
        signature("parameter added after signing", set("app_auth_token", "2026")),
        signature("parameter taken away after signing", drop("format")),
        signature("another app's key",
                  [](Draft& draft) {
                      Parameters bare = draft.parameters;
                      bare.erase("sign");
                      draft.parameters["sign"] = signWithOpenssl(draft.other_key, joinSorted(bare));
                  }),
        signature("SHA-1",
                  [](Draft& draft) {
                      Parameters bare = draft.parameters;
                      bare.erase("sign");
                      draft.parameters["sign"] =
                          signWithOpenssl(draft.key, joinSorted(bare), "-sha1");
                  }),
        signature("no base64", set("sign", "?" + std::string(343, 'A'))),
        signature("cut signature", [](Draft& draft) { draft.parameters["sign"].resize(340); }),
        signature("space after the signature",
                  [](Draft& draft) { draft.parameters["sign"] += " "; }),
        {"method not granted",
         kClose,
         known("WAITING"),
         "40006",
         "isv.insufficient-isv-permissions"},
    };
}

/// Members that break a rule of the method.
std::vector<Row> contentRows()
{
    const auto bad = [](const char* member, const Json& value) {
        return Row{fmt::format("{} {}", member, value.dump()),
                   kPrecreate,
                   order(member, value),
                   "40004",
                   "ACQ.INVALID_PARAMETER"};
    };
    const Json goods_without_price{{{"goods_id", "1"}, {"goods_name", "Badge"}, {"quantity", 1}}};
    return {
        bad("out_trade_no", nullptr),
        bad("out_trade_no", ""),
        bad("out_trade_no", "T-1"),
        bad("out_trade_no", "票1"),
        bad("out_trade_no", 12345),
        bad("out_trade_no", std::string(65, 'T')),
        bad("total_amount", nullptr),
        bad("total_amount", "20.001"),
        bad("total_amount", "0.00"),
        bad("total_amount", "-1.00"),
        bad("total_amount", "+1.00"),
        bad("total_amount", "1e2"),
        bad("total_amount", "1."),
        bad("total_amount", " 1.00"),
        bad("total_amount", 20.00),
        bad("subject", nullptr),
        bad("subject", ""),
        bad("subject", "a/b"),
        bad("subject", "a=b"),
        bad("subject", "a&b"),
        bad("subject", std::string(257, 's')),
        bad("body", 7),
        bad("product_code", "FAST_INSTANT_TRADE_PAY"),
        bad("timeout_express", "0m"),
        bad("timeout_express", "16d"),
        bad("timeout_express", "1.5h"),
        bad("timeout_express", "90"),
        bad("timeout_express", "90s"),
        bad("qr_code_timeout_express", "soon"),
        bad("time_expire", "2026-11-21"),
        bad("time_expire", beijingTime(16L * 24 * 3600)),
        bad("goods_detail", goods_without_price),
        bad("extend_params", "x"),
        bad("query_options", "x"),
        bad("undiscountable_amount", "20.01"),
        {"both channel lists",
         kPrecreate,
         Json{{"out_trade_no", "FRESH"},
              {"total_amount", "1.00"},
              {"subject", "s"},
              {"enable_pay_channels", "balance"},
              {"disable_pay_channels", "pcredit"}},
         "40004",
         "ACQ.INVALID_PARAMETER"},
        {"query without number", kQuery, Json::object(), "40004", "ACQ.INVALID_PARAMETER"},
        {"query of no trade_no", kQuery, {{"trade_no", "x"}}, "40004", "ACQ.INVALID_PARAMETER"},
        {"refund without amount", kRefund, known("PAID"), "40004", "ACQ.INVALID_PARAMETER"},
        {"refund with three decimals",
         kRefund,
         refund("PAID", "1.001", "r9"),
         "40004",
         "ACQ.INVALID_PARAMETER"},
        {"partial refund without its number",
         kRefund,
         Json{{"out_trade_no", "PAID"}, {"refund_amount", "1.00"}},
         "40004",
         "ACQ.INVALID_PARAMETER"},
        {"refund of nothing",
         kRefund,
         refund("PAID", "0.00", "r9"),
         "40004",
         "ACQ.REASON_TRADE_REFUND_FEE_ERR"},
        {"refund query without the refund's number",
         kRefundQuery,
         known("PAID"),
         "40004",
         "ACQ.INVALID_PARAMETER"},
    };
}

/// Right requests at the wrong moment.
std::vector<Row> stateRows()
{
    const auto acq = [](std::string name, const char* method, Json content, const char* sub_code) {
        return Row{
            std::move(name), method, std::move(content), "40004", std::string("ACQ.") + sub_code};
    };
    return {
        acq("over 100,000,000 yuan",
            kPrecreate,
            order("total_amount", "100000000.01"),
            "TOTAL_FEE_EXCEED"),
        acq("over the app's limit",
            kPrecreate,
            order("total_amount", "5000.01"),
            "TOTAL_FEE_EXCEED"),
        acq("expired before it began",
            kPrecreate,
            order("time_expire", beijingTime(-60)),
            "NOW_TIME_AFTER_EXPIRE_TIME_ERROR"),
        acq("unknown seller",
            kPrecreate,
            order("seller_id", "2088000000000404"),
            "SELLER_NOT_EXIST"),
        acq("another app's seller",
            kPrecreate,
            order("seller_id", "2088000000000002"),
            "PARTNER_ERROR"),
        acq("unknown store", kPrecreate, order("store_id", "NOWHERE"), "INVALID_STORE_ID"),
        acq("forbidden word", kPrecreate, order("subject", "含违禁词示例"), "EXIST_FORBIDDEN_WORD"),
        acq("other amount, same number",
            kPrecreate,
            Json{{"out_trade_no", "ISSUED"},
                 {"total_amount", "200.01"},
                 {"subject", "胸牌费 Badge fee"}},
            "CONTEXT_INCONSISTENT"),
        acq("other subject, same number",
            kPrecreate,
            Json{{"out_trade_no", "WAITING"}, {"total_amount", "200.00"}, {"subject", "Badge"}},
            "CONTEXT_INCONSISTENT"),
        acq("order of a paid number",
            kPrecreate,
            order("out_trade_no", "PAID"),
            "TRADE_HAS_SUCCESS"),
        acq("order of a closed number",
            kPrecreate,
            order("out_trade_no", "CLOSED"),
            "TRADE_HAS_CLOSE"),
        acq("order of a canceled number",
            kPrecreate,
            order("out_trade_no", "VOIDED"),
            "TRADE_HAS_CLOSE"),
        acq("query before the scan", kQuery, known("ISSUED"), "TRADE_NOT_EXIST"),
        acq("query of a canceled code", kQuery, known("VOIDED"), "TRADE_NOT_EXIST"),
        acq("query of an unknown number", kQuery, known("NOBODY"), "TRADE_NOT_EXIST"),
        acq("close before the scan", kClose, known("ISSUED"), "TRADE_NOT_EXIST"),
        acq("close of a paid one", kClose, known("PAID"), "TRADE_STATUS_ERROR"),
        acq("close of a closed one", kClose, known("CLOSED"), "REASON_TRADE_STATUS_INVALID"),
        acq("refund of an unknown number",
            kRefund,
            refund("NOBODY", "1.00", "r1"),
            "TRADE_NOT_EXIST"),
        acq("refund of an unpaid one",
            kRefund,
            refund("WAITING", "1.00", "r1"),
            "TRADE_STATUS_ERROR"),
        acq("refund of a closed one", kRefund, refund("CLOSED", "1.00", "r1"), "TRADE_HAS_CLOSE"),
        acq("refund over the rest",
            kRefund,
            refund("PARTLY", "150.01", "r2"),
            "REFUND_AMT_NOT_EQUAL_TOTAL"),
        acq("refund with another amount",
            kRefund,
            refund("PARTLY", "50.01", "r1"),
            "DISCORDANT_REPEAT_REQUEST"),
        acq("refund of a fully refunded one",
            kRefund,
            refund("REFUNDED", "1.00", "r2"),
            "TRADE_HAS_CLOSE"),
        acq("refund without balance",
            kRefund,
            refund("PAID", "200.00", "r1"),
            "SELLER_BALANCE_NOT_ENOUGH"),
        acq("cancel without balance", kCancel, known("PAID"), "SELLER_BALANCE_NOT_ENOUGH"),
        acq("refund query of an unknown number",
            kRefundQuery,
            Json{{"out_trade_no", "NOBODY"}, {"out_request_no", "r1"}},
            "TRADE_NOT_EXIST"),
    };
}

void addSecondApp(Json& settings)
{
    Json& alipay = settings["alipay"];
    alipay["apps"][0]["limit_minor"] = 500000;
    alipay["apps"][0]["store_ids"] = {"HALL1"};
    alipay["apps"].push_back({{"app_id", "9021000000000002"},
                              {"seller_id", "2088000000000002"},
                              {"app_private_key", "alipay/app2_private_key.pem"},
                              {"app_public_key", "alipay/app2_public_key.pem"},
                              {"methods_denied", {"alipay.trade.close"}}});
    alipay["apps"].push_back({{"app_id", "9021000000000003"},
                              {"seller_id", "2088000000000003"},
                              {"app_private_key", "alipay/app3_private_key.pem"},
                              {"app_public_key", "alipay/app3_public_key.pem"},
                              {"blocked", true}});
}

} // namespace

class RefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RefusalsTest);
    CPPUNIT_TEST(everyCorruptedRequestGetsItsCodeAndBooksNothing);
    CPPUNIT_TEST(whatIsRightIsAccepted);
    CPPUNIT_TEST(brokenFormsAreRefused);
    CPPUNIT_TEST(oneAppSeesNothingOfAnother);
    CPPUNIT_TEST(windowsCloseByTheTestClock);
    CPPUNIT_TEST_SUITE_END();

public:
    RefusalsTest()
        : simulator_(addSecondApp)
        , merchant_(simulator_)
        , second_(simulator_, "9021000000000002", "alipay/app2_private_key.pem")
    {}

    void setUp() override
    {
        simulator_.start();
        for (const char* number : {"ISSUED", "WAITING", "CLOSED", "VOIDED"}) {
            merchant_.order(number);
        }
        simulator_.post("/control/open", {{"out_trade_no", "WAITING"}});
        simulator_.post("/control/decline", {{"out_trade_no", "CLOSED"}});
        merchant_.call(kCancel, known("VOIDED"));
        for (const char* number : {"PAID", "PARTLY", "REFUNDED"}) {
            merchant_.orderAndPay(number);
        }
        merchant_.call(kRefund, refund("PARTLY", "50.00", "r1"));
        merchant_.call(kRefund, refund("REFUNDED", "200.00", "r1"));
        // Leaves 199.99 yuan, so that 200.00 can't be paid back.
        simulator_.post(
            "/control/balance",
            {{"provider", "alipay"}, {"seller_id", "2088000000000001"}, {"change_minor", -15001}});
    }

    void tearDown() override { simulator_.kill(); }

    void everyCorruptedRequestGetsItsCodeAndBooksNothing()
    {
        const Json before = simulator_.get("/control/books");
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows : {gatewayRows(), contentRows(), stateRows()}) {
            for (const Row& row : rows) {
                const GatewayAnswer answer = send(row);
                const std::string said = answer.code() + " " + answer.subCode();
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name + ": " + answer.raw, row.code + " " + row.sub_code, said);
                CPPUNIT_ASSERT_MESSAGE(row.name + " is signed by no-one or genuinely",
                                       answer.sign.empty() || merchant_.isGenuine(answer));
                CPPUNIT_ASSERT_MESSAGE(row.name + " is signed when it is known who asks",
                                       answer.sign.empty() == (answer.node == "error_response"));
                distinct.insert(row.sub_code);
                ++count;
            }
        }
        CPPUNIT_ASSERT(count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 30);
        CPPUNIT_ASSERT_EQUAL(before.dump(), simulator_.get("/control/books").dump());
    }

    void whatIsRightIsAccepted()
    {
        for (const Json& content : {order(),
                                    order("total_amount", "20.00"),
                                    order("total_amount", "20"),
                                    Json{{"out_trade_no", "a_Z9"},
                                         {"total_amount", "0.01"},
                                         {"subject", "胸牌费 2026 (early)"},
                                         {"body", "x=1&y=2"},
                                         {"seller_id", "2088000000000001"},
                                         {"store_id", "HALL1"},
                                         {"timeout_express", "10m"},
                                         {"qr_code_timeout_express", "10m"},
                                         {"time_expire", beijingTime(600)},
                                         {"passback_params", "merchantBizType%3d3C"},
                                         {"goods_detail",
                                          {{{"goods_id", "1"},
                                            {"goods_name", "Badge"},
                                            {"quantity", 1},
                                            {"price", "0.01"}}}}}}) {
            const GatewayAnswer answer = merchant_.call(kPrecreate, content);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.raw, std::string("10000"), answer.code());
            CPPUNIT_ASSERT(merchant_.isGenuine(answer));
        }
        Parameters in_query = merchant_.sign(merchant_.parameters(kQuery, known("PAID")));
        const std::string content = in_query.extract("biz_content").mapped();
        const GatewayAnswer split = readAnswer(simulator_.request(
            "POST", "/gateway.do?" + encodeForm(in_query), encodeForm({{"biz_content", content}})));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            "public parameters in the address", std::string("10000"), split.code());
    }

    void brokenFormsAreRefused()
    {
        const Parameters good = merchant_.sign(merchant_.parameters(kQuery, known("PAID")));
        const std::string form = encodeForm(good);
        for (const std::string& broken : {form + "&body=%zz",
                                          form + "&body=%ff%fe",
                                          form + "&app_id=9021000000000002",
                                          form + "&body=%e8%83"}) {
            const GatewayAnswer answer =
                readAnswer(simulator_.request("POST", "/gateway.do", broken));
            CPPUNIT_ASSERT_EQUAL(std::string("isv.invalid-parameter"), answer.subCode());
        }
        CPPUNIT_ASSERT_EQUAL(std::string("isv.missing-method"),
                             readAnswer(simulator_.request("POST", "/gateway.do")).subCode());
        CPPUNIT_ASSERT_EQUAL(
            413,
            simulator_.request("POST", "/gateway.do", std::string(1024 * 1024 + 1, 'x')).status);
    }

    void oneAppSeesNothingOfAnother()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_NOT_EXIST"),
                             second_.call(kQuery, known("PAID")).subCode());
        second_.order("PAID", "7.00");
        const Merchant blocked(simulator_, "9021000000000003", "alipay/app3_private_key.pem");
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.SELLER_BEEN_BLOCKED"),
                             blocked.call(kPrecreate, order()).subCode());
    }

    void windowsCloseByTheTestClock()
    {
        const long day_s = 24L * 3600;
        simulator_.post("/control/clock", {{"advance_s", day_s + 1}});
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_CANCEL_TIME_OUT"),
                             merchant_.call(kCancel, known("PARTLY")).subCode());
        const GatewayAnswer expired = merchant_.call(kQuery, known("WAITING"));
        CPPUNIT_ASSERT_EQUAL(std::string("TRADE_CLOSED"),
                             expired.fields["trade_status"].get<std::string>());

        simulator_.post("/control/clock", {{"advance_s", 90 * day_s}});
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_HAS_FINISHED"),
                             merchant_.call(kRefund, refund("PARTLY", "1.00", "r7")).subCode());
        CPPUNIT_ASSERT_EQUAL(std::string("ACQ.TRADE_HAS_FINISHED"),
                             merchant_.call(kCancel, known("PARTLY")).subCode());
    }

private:
    GatewayAnswer send(const Row& row) const
    {
        const bool as_second = row.name == "method not granted";
        const Merchant& sender = as_second ? second_ : merchant_;
        Draft draft{sender.parameters(row.method, row.content), sender.key(), second_.key()};
        if (row.before_signing) {
            row.before_signing(draft);
        }
        draft.parameters = sender.sign(draft.parameters);
        if (row.after_signing) {
            row.after_signing(draft);
        }
        return sender.send(draft.parameters);
    }

    Simulator simulator_;
    Merchant merchant_;
    Merchant second_;
};

HUB_TEST_SUITE_REGISTRATION(RefusalsTest, "refusals");

} // namespace simulator_test
