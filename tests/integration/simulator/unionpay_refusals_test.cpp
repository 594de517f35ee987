// Goal: what UnionPay refuses is refused with its respCode, in a genuine answer. Method: a table of
// requests that are right but for one thing; none of them may change the books.

#include "support/suite.hpp"
#include "unionpay_merchant.hpp"

#include <fmt/format.h>

#include <functional>
#include <set>
#include <vector>

namespace simulator_test {

namespace {

using Unionpay = UnionpayMerchant;
using Spoil = std::function<void(Parameters&)>;

struct Row {
    std::string name;
    std::string code;
    std::string path;
    Parameters request;
    Spoil after_signing = nullptr;
};

} // namespace

class UnionpayRefusalsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(UnionpayRefusalsTest);
    CPPUNIT_TEST(everyCorruptedRequestGetsItsCodeAndBooksNothing);
    CPPUNIT_TEST(whatIsNoFormIsRefusedToo);
    CPPUNIT_TEST(uncertainCodesAreSettings);
    CPPUNIT_TEST(oneMerchantSeesNothingOfAnother);
    CPPUNIT_TEST_SUITE_END();

public:
    UnionpayRefusalsTest()
        : simulator_([](Json& settings) {
            Json& merchants = settings["unionpay"]["merchants"];
            merchants[0]["limit_minor"] = 5000000;
            merchants.push_back(
                {{"mer_id", "100000000000002"}, {"denied", {"file 76", "backTransReq.do 04"}}});
            merchants.push_back({{"mer_id", "100000000000003"}, {"blocked", true}});
        })
        , merchant_(simulator_)
        , second_(simulator_, 1)
        , blocked_(simulator_, 2)
    {}

    void setUp() override
    {
        simulator_.start();
        paid_ = merchant_.orderAndPay("UPPAID01");
        query_id_ = merchant_.queryIdOf(paid_);
        open_ = merchant_.code("UPOPEN01");
        merchant_.call(Unionpay::kBack, open_);
        const Parameters returned = merchant_.orderAndPay("UPBACK01");
        returned_id_ = merchant_.queryIdOf(returned);
        partly_ = merchant_.refund("UPPART01", query_id_, "100");
        merchant_.call(Unionpay::kBack, partly_);
        merchant_.call(Unionpay::kBack, merchant_.refund("UPFULL01", returned_id_, "20000"));
        // Enough for nothing but small refunds.
        simulator_.post(
            "/control/balance",
            {{"provider", "unionpay"}, {"seller_id", "100000000000001"}, {"change_minor", -15000}});
    }
    void tearDown() override { simulator_.kill(); }

    void everyCorruptedRequestGetsItsCodeAndBooksNothing()
    {
        const Json before = simulator_.get("/control/books");
        std::set<std::string> distinct;
        std::size_t count = 0;
        for (const auto& rows :
             {gateRows(), orderRows(), productRows(), stateRows(), returnRows(), fileRows()}) {
            for (const Row& row : rows) {
                Parameters request = row.request;
                if (!request.contains("signature")) {
                    request = merchant_.sign(request);
                }
                if (row.after_signing) {
                    row.after_signing(request);
                }
                const HttpAnswer answer = merchant_.post(row.path, request);
                Parameters message = parseRaw(answer.body);
                CPPUNIT_ASSERT_EQUAL_MESSAGE(
                    row.name + ": " + answer.body, row.code, message["respCode"]);
                CPPUNIT_ASSERT_MESSAGE(row.name, hasInnerCode(message["respMsg"]));
                CPPUNIT_ASSERT_MESSAGE(row.name, merchant_.isGenuine(message));
                distinct.insert(row.code);
                ++count;
            }
        }
        fmt::print(
            "unionpay: {} corrupted requests refused with {} codes\n", count, distinct.size());
        CPPUNIT_ASSERT_MESSAGE(std::to_string(count), count >= 40);
        CPPUNIT_ASSERT_MESSAGE(std::to_string(distinct.size()), distinct.size() >= 10);
        const Json after = simulator_.get("/control/books");
        CPPUNIT_ASSERT_EQUAL(before["trades"].dump(), after["trades"].dump());
        CPPUNIT_ASSERT_EQUAL(before["refunds"].size(), after["refunds"].size());
        CPPUNIT_ASSERT_EQUAL(before["balances"].dump(), after["balances"].dump());
    }

    void whatIsNoFormIsRefusedToo()
    {
        const std::string form = encodeForm(merchant_.sign(merchant_.query(paid_)));
        const auto codeOf = [&](const HttpAnswer& answer) {
            return parseRaw(answer.body)["respCode"];
        };
        const auto send = [&](const std::string& type, const std::string& body) {
            return codeOf(
                simulator_.exchange("POST", Unionpay::kQuery, {{"Content-Type", type}}, body));
        };
        const std::string right = "application/x-www-form-urlencoded;charset=UTF-8";
        CPPUNIT_ASSERT_EQUAL(std::string("00"), send(right, form));
        CPPUNIT_ASSERT_EQUAL(std::string("10"), send("application/json", form));
        CPPUNIT_ASSERT_EQUAL(std::string("10"), send(right, form + "&merId=100000000000001"));
        CPPUNIT_ASSERT_EQUAL(std::string("10"), send(right, form + "&x"));
        CPPUNIT_ASSERT_EQUAL(std::string("10"), send(right, form + "&x=%E4%BD"));
        CPPUNIT_ASSERT_EQUAL(std::string("10"), send(right, form + "&x=%ZZ"));
        CPPUNIT_ASSERT_EQUAL(std::string("13"), send(right, ""));
        CPPUNIT_ASSERT_EQUAL(
            std::string("10"),
            codeOf(simulator_.request("GET", std::string(Unionpay::kQuery) + "?" + form)));
        // A value that would break the raw answer doesn't come back.
        Parameters strange = merchant_.query(paid_);
        strange["orderId"] = "A&respCode=00&x";
        const std::string body = merchant_.post(Unionpay::kQuery, merchant_.sign(strange)).body;
        CPPUNIT_ASSERT_MESSAGE(body, body.find("respCode=00") == std::string::npos);
        CPPUNIT_ASSERT(merchant_.isGenuine(parseRaw(body)));
    }

    void uncertainCodesAreSettings()
    {
        Simulator other([](Json& settings) {
            settings["unionpay"]["codes"] = {{"time", "10"}, {"certificate_unknown", "99"}};
        });
        other.start();
        const UnionpayMerchant merchant(other);
        Parameters late = merchant.code("UPLATE01");
        late["txnTime"] = compactTime(-1000);
        CPPUNIT_ASSERT_EQUAL(std::string("10"),
                             merchant.call(Unionpay::kBack, late).at("respCode"));
        Parameters unknown = merchant.code("UPLATE02");
        unknown["certId"] = "1";
        CPPUNIT_ASSERT_EQUAL(std::string("99"),
                             merchant.call(Unionpay::kBack, unknown).at("respCode"));
    }

    void oneMerchantSeesNothingOfAnother()
    {
        CPPUNIT_ASSERT_EQUAL(std::string("34"),
                             second_.call(Unionpay::kQuery, second_.query(paid_)).at("respCode"));
        Parameters same = second_.code("UPPAID01");
        same["txnTime"] = paid_.at("txnTime");
        CPPUNIT_ASSERT_EQUAL(std::string("00"), second_.call(Unionpay::kBack, same).at("respCode"));
    }

private:
    static bool hasInnerCode(const std::string& text)
    {
        const std::size_t at = text.rfind('[');
        return at != std::string::npos && text.size() == at + 9 && text.back() == ']' &&
               text.find_first_not_of("0123456789", at + 1) == text.size() - 1;
    }
    Row fresh(std::string name, std::string code, const Spoil& spoil) const
    {
        Row row{std::move(name), std::move(code), Unionpay::kBack, merchant_.code("UPFRESH1")};
        spoil(row.request);
        return row;
    }
    static Spoil set(const std::string& field, const std::string& value)
    {
        return [=](Parameters& request) {
            request[field] = value;
        };
    }
    static Spoil drop(const std::string& field)
    {
        return [=](Parameters& request) {
            request.erase(field);
        };
    }

    /// What is wrong before anybody looks at the order.
    std::vector<Row> gateRows() const
    {
        std::vector<Row> rows;
        for (const char* field : {"version",
                                  "encoding",
                                  "signMethod",
                                  "certId",
                                  "txnType",
                                  "txnSubType",
                                  "bizType",
                                  "accessType",
                                  "merId"}) {
            rows.push_back(fresh(std::string("no ") + field, "13", drop(field)));
        }
        const auto after = [&](const char* name, const char* code, const Spoil& spoil) {
            rows.push_back({name, code, Unionpay::kBack, merchant_.code("UPFRESH1"), spoil});
        };
        after("no signature", "13", drop("signature"));
        after("signature no base64", "11", set("signature", "???"));
        after("amount changed", "11", set("txnAmt", "1"));
        after("field added", "11", set("orderDesc", "x"));
        after("field taken away", "11", drop("reqReserved"));
        rows.push_back(fresh("another version", "10", set("version", "5.0.0")));
        rows.push_back(fresh("another encoding", "10", set("encoding", "GBK")));
        rows.push_back(fresh("another method", "10", set("signMethod", "11")));
        rows.push_back(fresh("certId in hex", "10", set("certId", "10AB")));
        rows.push_back(fresh("certId of nobody", "11", set("certId", "68759663125")));
        rows.push_back(
            fresh("certId of another", "11", set("certId", second_.code("UPFRESH1").at("certId"))));
        rows.push_back(
            {"key of another", "11", Unionpay::kBack, second_.sign(merchant_.code("UPFRESH1"))});
        rows.push_back({"over the text itself",
                        "11",
                        Unionpay::kBack,
                        merchant_.code("UPFRESH1"),
                        [this](Parameters& request) {
                            request.erase("signature");
                            request["signature"] =
                                signWithOpenssl(merchant_.key(), joinSorted(request));
                        }});
        rows.push_back(fresh("merchant of nobody", "31", set("merId", "100000000000404")));
        rows.push_back(fresh("merchant too short", "10", set("merId", "1000")));
        rows.push_back(
            {"blocked", "31", Unionpay::kBack, blocked_.sign(blocked_.code("UPFRESH1"))});
        return rows;
    }

    std::vector<Row> orderRows() const
    {
        std::vector<Row> rows;
        for (const char* field :
             {"orderId", "txnTime", "txnAmt", "channelType", "currencyCode", "backUrl"}) {
            rows.push_back(fresh(std::string("no ") + field, "13", drop(field)));
        }
        const auto bad = [&](const char* name, const char* field, const std::string& value) {
            rows.push_back(fresh(name, "10", set(field, value)));
        };
        bad("number too short", "orderId", "UP00001");
        bad("number too long", "orderId", std::string(41, '1'));
        bad("number with a hyphen", "orderId", "UPFRESH-1");
        bad("number with an underscore", "orderId", "UPFRESH_1");
        bad("time in another form", "txnTime", "2026-11-21 10:40:00");
        bad("no such day", "txnTime", "20260230104000");
        bad("nothing to pay", "txnAmt", "0");
        bad("amount in yuan", "txnAmt", "200.00");
        bad("amount below nothing", "txnAmt", "-1");
        bad("amount with a zero before", "txnAmt", "0100");
        bad("amount too long", "txnAmt", std::string(13, '1'));
        bad("currency by letters", "currencyCode", "CNY");
        bad("channel of another product", "channelType", "07");
        bad("no address", "backUrl", "merchant.example/notify");
        bad("address too long", "backUrl", "https://m.example/" + std::string(256, 'x'));
        bad("reserved that looks like fields", "reqReserved", "a=1&b=2");
        bad("reserved too long", "reqReserved", std::string(1025, 'x'));
        bad("risk outside of braces", "riskRateInfo", "commodityName=x");
        bad("end in another form", "payTimeout", "2030-01-01");
        bad("end in the past", "payTimeout", compactTime(-10));
        bad("a blank before", "orderDesc", " x");
        bad("nothing at all", "orderDesc", "");
        rows.push_back(fresh("too old", "39", set("txnTime", compactTime(-1000))));
        rows.push_back(fresh("too early", "39", set("txnTime", compactTime(1000))));
        rows.push_back(fresh("over the limit", "33", set("txnAmt", "5000001")));
        return rows;
    }

    std::vector<Row> productRows() const
    {
        Parameters scanned = merchant_.code("UPFRESH1");
        scanned["txnSubType"] = "06";
        Parameters key = merchant_.code("UPFRESH1");
        key["txnType"] = "95";
        key["txnSubType"] = "00";
        return {fresh("no such transaction", "10", set("txnType", "77")),
                fresh("no such kind of it", "10", set("txnSubType", "05")),
                fresh("another product", "10", set("bizType", "000201")),
                fresh("through an acquirer", "32", set("accessType", "1")),
                {"payer's code", "32", Unionpay::kBack, scanned},
                {"encryption key", "32", Unionpay::kBack, key},
                {"code at the app's address", "10", Unionpay::kApp, merchant_.code("UPFRESH1")},
                {"unknown address", "10", "/gateway/api/none.do", merchant_.code("UPFRESH1")},
                {"query at the order's address", "10", Unionpay::kBack, merchant_.query(paid_)},
                {"refund not granted",
                 "32",
                 Unionpay::kBack,
                 second_.sign(second_.refund("UPFRESH1", query_id_, "1"))}};
    }

    std::vector<Row> stateRows() const
    {
        Parameters none = merchant_.query(paid_);
        none["orderId"] = "UPNONE01";
        Parameters moved = merchant_.query(paid_);
        moved["txnTime"] = compactTime(-30);
        Parameters product = merchant_.query(paid_);
        product["bizType"] = "000201";
        Parameters keyless = merchant_.query(paid_);
        keyless.erase("orderId");
        Parameters idless = merchant_.queryById("");
        idless.erase("queryId");
        return {{"same again", "12", Unionpay::kBack, paid_},
                {"query of none", "34", Unionpay::kQuery, none},
                {"query with another time", "34", Unionpay::kQuery, moved},
                {"query of none by id",
                 "34",
                 Unionpay::kQuery,
                 merchant_.queryById(std::string(21, '1'))},
                {"query by half an id", "10", Unionpay::kQuery, merchant_.queryById("123")},
                {"query with a product", "10", Unionpay::kQuery, product},
                {"query without a number", "13", Unionpay::kQuery, keyless},
                {"query without an id", "13", Unionpay::kQuery, idless}};
    }

    std::vector<Row> returnRows() const
    {
        const auto row = [&](const char* name, const char* code, const Spoil& spoil) {
            Row made{name, code, Unionpay::kBack, merchant_.refund("UPFRESH2", query_id_, "100")};
            spoil(made.request);
            return made;
        };
        const auto undo = [&](const char* name, const char* code, const Spoil& spoil) {
            Row made{name, code, Unionpay::kBack, merchant_.undo("UPFRESH3", query_id_)};
            spoil(made.request);
            return made;
        };
        return {row("no payment named", "13", drop("origQryId")),
                row("half an id", "10", set("origQryId", "123")),
                row("no such payment", "35", set("origQryId", std::string(21, '9'))),
                row("unpaid",
                    "35",
                    [this](Parameters& request) {
                        request.erase("origQryId");
                        request["origOrderId"] = "UPOPEN01";
                        request["origTxnTime"] = open_.at("txnTime");
                    }),
                row("two that differ", "36", set("origOrderId", "UPBACK01")),
                row("of another product", "36", set("bizType", "000201")),
                row("too much", "36", set("txnAmt", "19901")),
                row("all is back already", "45", set("origQryId", returned_id_)),
                row("no money", "64", set("txnAmt", "19900")),
                row("too old", "39", set("txnTime", compactTime(-1000))),
                row("same again",
                    "12",
                    [this](Parameters& request) {
                        request["orderId"] = "UPPART01";
                        request["txnTime"] = partly_.at("txnTime");
                    }),
                undo("undo of a part", "45", set("txnAmt", "100")),
                undo("undo without a payment", "13", drop("origQryId"))};
    }

    std::vector<Row> fileRows() const
    {
        const std::string today = compactTime(3600).substr(4, 4);
        const auto row =
            [&](const char* name, const char* code, const char* day, const Spoil& spoil) {
                Row made{name, code, Unionpay::kFile, merchant_.file(day)};
                spoil(made.request);
                return made;
            };
        const Spoil nothing = [](Parameters&) {
        };
        return {row("day not over", "98", today.c_str(), nothing),
                row("nothing that day", "98", "0101", nothing),
                row("no such day", "10", "0230", nothing),
                row("day with a year", "10", "20260101", nothing),
                row("no day", "13", "0101", drop("settleDate")),
                row("no kind of file", "13", "0101", drop("fileType")),
                row("another kind", "10", "0101", set("fileType", "01")),
                {"not granted", "32", Unionpay::kFile, second_.sign(second_.file("0101"))}};
    }

    Simulator simulator_;
    UnionpayMerchant merchant_;
    UnionpayMerchant second_;
    UnionpayMerchant blocked_;
    Parameters paid_;
    Parameters open_;
    Parameters partly_;
    std::string query_id_;
    std::string returned_id_;
};

HUB_TEST_SUITE_REGISTRATION(UnionpayRefusalsTest, "unionpay_refusals");

} // namespace simulator_test
