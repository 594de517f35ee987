// Goal: what is asked for and what is understood, operation by operation. Method: the shipped
// library between a desk that plays the hub and a UnionPay of our own.

#include "fixture.hpp"
#include "support/suite.hpp"
#include "unit/connectors/unionpay_acp/bill_fixture.hpp"

namespace {

using namespace unionpay_test;
using hub::Answer;

std::string sentValue(const Shop& shop, std::string_view name)
{
    return std::string{unionpay::valueOf(shop.sent(), name)};
}

std::string stateOf(const Answer& answer)
{
    const Json payload = Json::parse(answer.payload, nullptr, false);
    return payload.is_object() ? payload.value("state", "") : std::string{};
}

std::string reasonOf(const Answer& answer)
{
    return Json::parse(answer.payload).value("reason", "");
}

class PaymentTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(PaymentTest);
    CPPUNIT_TEST(aCodeIsAppliedFor);
    CPPUNIT_TEST(refusalsBearTheirReason);
    CPPUNIT_TEST(refusalsOfTheAccountMayBeTriedElsewhere);
    CPPUNIT_TEST(aPageIsASignedForm);
    CPPUNIT_TEST(aQueryReadsTheOriginal);
    CPPUNIT_TEST(anOrderEndsWithItsLife);
    CPPUNIT_TEST(aCodeWithoutEndWaitsForItsLife);
    CPPUNIT_TEST(otherCurrenciesAreUnknown);
    CPPUNIT_TEST(everyQueryHasOneBusiness);
    CPPUNIT_TEST(closingOnlyLooks);
    CPPUNIT_TEST(aRefundIsTakenThenAskedFor);
    CPPUNIT_TEST(refundsKnowTheirOriginal);
    CPPUNIT_TEST(aRefundBearsTheBusinessOfItsPayment);
    CPPUNIT_TEST(notificationsAreRead);
    CPPUNIT_TEST(foreignNotificationsAreRefused);
    CPPUNIT_TEST(repliesAreNoNotifications);
    CPPUNIT_TEST(aBillBecomesLines);
    CPPUNIT_TEST(billsThatAreNotWholeAreUnknown);
    CPPUNIT_TEST(aMissingBillIsEmptyOnlyLate);
    CPPUNIT_TEST_SUITE_END();

public:
    void aCodeIsAppliedFor()
    {
        Shop shop;
        shop.answer(answerTo("create"));

        const Answer answer = shop.call("create", requests().at("create"));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        const Json payload = Json::parse(answer.payload);
        CPPUNIT_ASSERT_EQUAL(std::string{"https://qr.95516.com/00010001/62000000000000000001"},
                             payload["qr_code"].get<std::string>());
        CPPUNIT_ASSERT_EQUAL(
            std::string{"https://gateway.test.95516.com/gateway/api/backTransReq.do"},
            shop.desk.requests.at(0).url);
        const std::pair<const char*, const char*> expected[] = {
            {"version", "5.1.0"},
            {"txnType", "01"},
            {"txnSubType", "07"},
            {"bizType", "000000"},
            {"channelType", "08"},
            {"txnTime", "20261121104000"},
            {"txnAmt", "20000"},
            {"currencyCode", "156"},
            {"payTimeout", "20261121105000"},
            {"certId", "68759663"},
            {"signMethod", "01"},
            {"accessType", "0"},
            {"backUrl", "https://hub.example.com/callback/u"}};
        for (const auto& [name, value] : expected) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string{value}, sentValue(shop, name));
        }
        CPPUNIT_ASSERT_EQUAL(std::size_t{344}, sentValue(shop, "signature").size());
        CPPUNIT_ASSERT_EQUAL(std::size_t{17}, shop.sent().size());
    }

    void refusalsBearTheirReason()
    {
        const struct {
            const char* code;
            hub_status status;
            const char* reason;
        } rows[] = {
            {"33", HUB_REJECTED, "amount_over_limit"},
            {"11", HUB_UNAUTHENTICATED, "invalid_signature"},
            {"13", HUB_REJECTED, "missing_field"},
            {"37", HUB_THROTTLED, "too_many_requests"},
        };
        for (const auto& row : rows) {
            Shop shop;
            shop.answer(answerTo("create", {{"respCode", row.code}, {"qrCode", ""}}));
            const Answer answer = shop.call("create", requests().at("create"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(row.code, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL(std::string{row.reason}, reasonOf(answer));
        }
        Shop shop;
        shop.answer(answerTo("create", {{"qrCode", ""}}));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OUTCOME_UNKNOWN},
                             shop.call("create", requests().at("create")).status);
    }

    void refusalsOfTheAccountMayBeTriedElsewhere()
    {
        const auto isRetriable = [](const std::string& operation, const char* code) {
            Shop shop;
            shop.answer(answerTo(operation, {{"respCode", code}, {"qrCode", ""}}));
            const Json payload =
                Json::parse(shop.call(operation, requests().at(operation)).payload);
            CPPUNIT_ASSERT(!payload.contains("retriable") || payload["retriable"] == true);
            return payload.contains("retriable");
        };
        for (const char* code : {"11", "31", "32"}) {
            CPPUNIT_ASSERT_MESSAGE(code, isRetriable("create", code));
            CPPUNIT_ASSERT_MESSAGE(code, !isRetriable("refund", code));
        }
        for (const char* code : {"02", "10", "30", "33", "38", "39", "64"}) {
            CPPUNIT_ASSERT_MESSAGE(code, !isRetriable("create", code));
        }
    }

    void aPageIsASignedForm()
    {
        Json request = requests().at("create");
        request["product"] = "page";
        request["return_url"] = "https://fair.example.com/return";
        request["expires_at_ms"] = kCreatedMs + 86400000; // beyond the account's hour
        Shop shop;

        const Answer answer = shop.call("create", request);

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT(shop.desk.requests.empty());
        const Json form = Json::parse(answer.payload)["form"];
        CPPUNIT_ASSERT(form["method"] == "POST");
        CPPUNIT_ASSERT(form["url"] ==
                       "https://gateway.test.95516.com/gateway/api/frontTransReq.do");
        const Json& fields = form["fields"];
        CPPUNIT_ASSERT(fields["txnSubType"] == "01");
        CPPUNIT_ASSERT(fields["bizType"] == "000201");
        CPPUNIT_ASSERT(fields["channelType"] == "07");
        CPPUNIT_ASSERT(fields["frontUrl"] == "https://fair.example.com/return");
        CPPUNIT_ASSERT(fields["payTimeout"] == "20261121114000");
        CPPUNIT_ASSERT_EQUAL(answer.payload, shop.call("create", request).payload);
    }

    void aQueryReadsTheOriginal()
    {
        const struct {
            Fields changes;
            hub_status status;
            const char* state;
        } rows[] = {
            {{}, HUB_OK, "paid"},
            {{{"origRespCode", "A6"}}, HUB_OK, "paid"},
            {{{"origRespCode", "05"}}, HUB_OK, "waiting"},
            {{{"origRespCode", "64"}}, HUB_OK, "waiting"},
            {{{"respCode", "34"}, {"origRespCode", ""}, {"txnType", "00"}}, HUB_OK, "not_found"},
            {{{"origRespCode", "42"}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"origRespCode", ""}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"origRespCode", "Z9"}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"txnAmt", "20001"}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"txnAmt", ""}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"txnType", "04"}}, HUB_OUTCOME_UNKNOWN, ""},
            {{{"respCode", "37"}}, HUB_THROTTLED, ""},
            {{{"respCode", "10"}}, HUB_REJECTED, ""},
            {{{"respCode", "01"}}, HUB_OUTCOME_UNKNOWN, ""},
        };
        for (const auto& row : rows) {
            Shop shop;
            shop.answer(answerTo("query", row.changes));
            const Answer answer = shop.call("query", requests().at("query"));
            const std::string name = row.changes.empty() ? "" : row.changes[0].second;
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name + answer.message, row.status, answer.status);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(name, std::string{row.state}, stateOf(answer));
        }
        Shop shop;
        shop.answer(answerTo("query"));
        const Json paid = Json::parse(shop.call("query", requests().at("query")).payload);
        CPPUNIT_ASSERT_EQUAL(std::string{"202611211040000000001"},
                             paid.value("provider_number", ""));
        CPPUNIT_ASSERT_EQUAL(kCreatedMs + 60000, paid.value("paid_at_ms", std::int64_t{0}));
        CPPUNIT_ASSERT_EQUAL(20000, paid.value("amount_minor", 0));
        CPPUNIT_ASSERT_EQUAL(std::string{"20261121104000"}, sentValue(shop, "txnTime"));
        CPPUNIT_ASSERT_EQUAL(std::string{"00"}, sentValue(shop, "txnType"));
    }

    void anOrderEndsWithItsLife()
    {
        const auto stateAfter = [](std::int64_t minutes, const char* code) {
            Shop shop;
            shop.desk.now_ms = kCreatedMs + minutes * 60000;
            shop.answer(answerTo("query", {{"origRespCode", code}}));
            return stateOf(shop.call("query", requests().at("query")));
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"waiting"}, stateAfter(64, "64"));
        CPPUNIT_ASSERT_EQUAL(std::string{"closed"}, stateAfter(65, "64"));
        CPPUNIT_ASSERT_EQUAL(std::string{"waiting"}, stateAfter(65, "05"));
        CPPUNIT_ASSERT_EQUAL(std::string{"paid"}, stateAfter(65, "00"));
    }

    void aCodeWithoutEndWaitsForItsLife()
    {
        const Fields not_found{{"respCode", "34"}, {"origRespCode", ""}, {"txnType", "00"}};
        Json endless = accountConfig();
        endless["qr_pay_timeout"] = false;
        const auto ask = [&](const Json& config, const char* product, std::int64_t minutes) {
            Shop shop(createJson(config));
            shop.desk.now_ms = kCreatedMs + minutes * 60000;
            shop.answer(answerTo("query", not_found));
            Json request = requests().at("query");
            request["product"] = product;
            return stateOf(shop.call("query", request));
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"waiting"}, ask(endless, "qr", 1));
        // Beyond the expiry that the caller wished, of which the provider was not told.
        CPPUNIT_ASSERT_EQUAL(std::string{"waiting"}, ask(endless, "qr", 64));
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, ask(endless, "qr", 65));
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, ask(endless, "page", 1));
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, ask(accountConfig(), "qr", 64));
        const auto close = [&](std::int64_t minutes) {
            Shop shop(createJson(endless));
            shop.desk.now_ms = kCreatedMs + minutes * 60000;
            shop.answer(answerTo("close", not_found));
            return stateOf(shop.call("close", requests().at("close")));
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, close(64));
        CPPUNIT_ASSERT_EQUAL(std::string{"closed"}, close(65));
    }

    void otherCurrenciesAreUnknown()
    {
        for (const char* operation : {"query", "refund_query"}) {
            for (const char* name : {"currencyCode", "settleCurrencyCode"}) {
                for (const auto& [currency, status] :
                     {std::pair{"156", HUB_OK}, std::pair{"840", HUB_OUTCOME_UNKNOWN}}) {
                    Shop shop;
                    shop.answer(answerTo(operation, {{name, currency}}));
                    CPPUNIT_ASSERT_EQUAL_MESSAGE(
                        std::string{operation} + name,
                        hub_status{status},
                        shop.call(operation, requests().at(operation)).status);
                }
            }
        }
    }

    void everyQueryHasOneBusiness()
    {
        for (const char* product : {"qr", "page"}) {
            Shop shop;
            Json request = requests().at("query");
            request["product"] = product;
            shop.call("query", request);
            CPPUNIT_ASSERT_EQUAL(std::string{"000000"}, sentValue(shop, "bizType"));
        }
    }

    void closingOnlyLooks()
    {
        const Fields not_found{{"respCode", "34"}, {"origRespCode", ""}};
        const auto close = [](std::int64_t minutes, const Fields& changes) {
            Shop shop;
            shop.desk.now_ms = kCreatedMs + minutes * 60000;
            shop.answer(answerTo("close", changes));
            const Answer answer = shop.call("close", requests().at("close"));
            CPPUNIT_ASSERT_EQUAL(std::string{"00"}, sentValue(shop, "txnType"));
            return answer;
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, stateOf(close(1, not_found)));
        CPPUNIT_ASSERT_EQUAL(std::string{"not_found"}, stateOf(close(1, {{"origRespCode", "64"}})));
        CPPUNIT_ASSERT_EQUAL(std::string{"closed"}, stateOf(close(65, not_found)));
        CPPUNIT_ASSERT_EQUAL(std::string{"closed"}, stateOf(close(65, {{"origRespCode", "64"}})));
        CPPUNIT_ASSERT_EQUAL(std::string{"already_paid"}, reasonOf(close(65, {})));
        CPPUNIT_ASSERT_EQUAL(std::string{"in_progress"},
                             reasonOf(close(65, {{"origRespCode", "03"}})));
    }

    void aRefundIsTakenThenAskedFor()
    {
        Shop shop;
        shop.answer(answerTo("refund"));
        const Answer taken = shop.call("refund", requests().at("refund"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(taken.message, hub_status{HUB_PENDING}, taken.status);
        CPPUNIT_ASSERT_EQUAL(std::string{"processing"}, stateOf(taken));
        CPPUNIT_ASSERT_EQUAL(std::string{kRefundNumber}, sentValue(shop, "orderId"));
        CPPUNIT_ASSERT_EQUAL(std::string{"20261121120000"}, sentValue(shop, "txnTime"));
        CPPUNIT_ASSERT_EQUAL(std::string{"202611211040000000001"}, sentValue(shop, "origQryId"));
        CPPUNIT_ASSERT_EQUAL(std::string{kNumber}, sentValue(shop, "reqReserved"));
        CPPUNIT_ASSERT_EQUAL(std::string{"5000"}, sentValue(shop, "txnAmt"));
        const std::pair<const char*, const char*> rows[] = {{"00", "succeeded"},
                                                            {"05", "processing"},
                                                            {"36", "failed"},
                                                            {"13", "failed"},
                                                            {"45", ""},
                                                            {"74", ""},
                                                            {"Z9", ""}};
        for (const auto& [code, state] : rows) {
            Shop asked;
            asked.answer(answerTo("refund_query", {{"origRespCode", code}}));
            const Answer answer = asked.call("refund_query", requests().at("refund_query"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(code, std::string{state}, stateOf(answer));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                code, hub_status{*state == '\0' ? HUB_OUTCOME_UNKNOWN : HUB_OK}, answer.status);
        }
        Shop refused;
        refused.answer(answerTo("refund", {{"respCode", "36"}}));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED},
                             refused.call("refund", requests().at("refund")).status);
    }

    void refundsKnowTheirOriginal()
    {
        Json request = requests().at("refund");
        request.erase("provider_number");
        Shop shop;
        shop.call("refund", request);
        CPPUNIT_ASSERT_EQUAL(std::string{kNumber}, sentValue(shop, "origOrderId"));
        CPPUNIT_ASSERT_EQUAL(std::string{"20261121104000"}, sentValue(shop, "origTxnTime"));
        CPPUNIT_ASSERT_EQUAL(std::string{}, sentValue(shop, "origQryId"));

        Json config = accountConfig();
        config["refund_biz_type"] = "000201";
        Shop gateway(createJson(config));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_BAD_REQUEST}, gateway.call("refund", request).status);
        gateway.call("refund", requests().at("refund"));
        CPPUNIT_ASSERT_EQUAL(std::string{"07"}, sentValue(gateway, "channelType"));
    }

    void aRefundBearsTheBusinessOfItsPayment()
    {
        const auto refund = [](const Json& settings, const char* product) {
            Json config = accountConfig();
            config.update(settings);
            Shop shop(createJson(config));
            Json request = requests().at("refund");
            request["product"] = product;
            shop.call("refund", request);
            return sentValue(shop, "bizType") + " " + sentValue(shop, "channelType");
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"000000 08"}, refund(Json::object(), "qr"));
        CPPUNIT_ASSERT_EQUAL(std::string{"000201 07"}, refund(Json::object(), "page"));
        const Json b2b{{"page_biz_type", "000202"}};
        CPPUNIT_ASSERT_EQUAL(std::string{"000202 07"}, refund(b2b, "page"));
        const Json said{{"page_biz_type", "000202"}, {"refund_biz_type", "000201"}};
        CPPUNIT_ASSERT_EQUAL(std::string{"000201 07"}, refund(said, "page"));
        CPPUNIT_ASSERT_EQUAL(std::string{"000000 08"}, refund(said, "qr"));
    }

    void notificationsAreRead()
    {
        Shop shop;
        const Answer paid = shop.callback(noticeOf("create"));
        CPPUNIT_ASSERT_EQUAL_MESSAGE(paid.message, hub_status{HUB_OK}, paid.status);
        Json payload = Json::parse(paid.payload);
        CPPUNIT_ASSERT_EQUAL(200, payload["ack"]["status"].get<int>());
        CPPUNIT_ASSERT_EQUAL(400, payload["nack"]["status"].get<int>());
        const Json expected{{"subject", "payment"},
                            {"number", kNumber},
                            {"state", "paid"},
                            {"amount_minor", 20000},
                            {"currency", "CNY"},
                            {"merchant", "777290058110048"},
                            {"provider_number", "202611211040000000001"},
                            {"notice_id", "202611211040000000001"},
                            {"paid_at_ms", kCreatedMs + 60000}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), payload["reading"].dump());
        for (const auto& [code, state] :
             {std::pair{"00", "succeeded"}, std::pair{"36", "failed"}}) {
            const Answer refund = shop.callback(
                noticeOf("refund", {{"respCode", code}, {"reqReserved", std::string{kNumber}}}));
            payload = Json::parse(refund.payload)["reading"];
            CPPUNIT_ASSERT_EQUAL(std::string{"refund"}, payload.value("subject", ""));
            CPPUNIT_ASSERT_EQUAL(std::string{state}, payload.value("state", ""));
            CPPUNIT_ASSERT_EQUAL(std::string{kNumber}, payload.value("number", ""));
            CPPUNIT_ASSERT_EQUAL(std::string{kRefundNumber}, payload.value("refund_number", ""));
            CPPUNIT_ASSERT(!payload.contains("currency")); // it names none
        }
        const Answer named = shop.callback(
            noticeOf("refund", {{"currencyCode", "156"}, {"reqReserved", std::string{kNumber}}}));
        CPPUNIT_ASSERT_EQUAL(std::string{"CNY"},
                             Json::parse(named.payload)["reading"].value("currency", ""));
    }

    void foreignNotificationsAreRefused()
    {
        Shop shop;
        const Fields rows[] = {
            {{"merId", "777290058110097"}},
            {{"txnType", "31"}},
            {{"txnType", ""}},
            {{"currencyCode", "840"}},
            {{"currencyCode", ""}},
            {{"settleCurrencyCode", "840"}},
            {{"queryId", ""}},
            {{"traceTime", ""}},
            {{"respCode", "74"}},
            {{"respCode", "Z9"}},
            {{"txnAmt", ""}},
            {{"txnAmt", "1.00"}},
            {{"orderId", ""}},
            {{"txnType", "04"}}, // without reqReserved
            {{"version", "5.0.0"}},
        };
        for (const Fields& changes : rows) {
            const Answer answer = shop.callback(noticeOf("create", changes));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                changes[0].first + changes[0].second, hub_status{HUB_REJECTED}, answer.status);
            CPPUNIT_ASSERT(Json::parse(answer.payload).contains("nack"));
        }
        const Party stranger({kOwnerName, 5});
        const std::string forged = unionpay::toForm(signedBy(stranger, noticeOf("create")));
        const std::string good =
            unionpay::toForm(signedBy(Authority::shared().leaf, noticeOf("create")));
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, shop.callbackRaw(forged).status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, shop.callbackRaw("").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, shop.callbackRaw(good, "GET").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, shop.callbackRaw(good + "&txnAmt=1").status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, shop.callbackRaw(good).status);
    }

    void repliesAreNoNotifications()
    {
        const Fields currency{{"currencyCode", "156"}, {"reqReserved", std::string{kNumber}}};
        const auto with = [&](const std::string& operation, Fields changes) {
            changes.insert(changes.end(), currency.begin(), currency.end());
            return answerTo(operation, changes);
        };
        const Fields replies[] = {with("create", {}),
                                  // The query went well; the payment did not, or did.
                                  with("query", {{"origRespCode", "05"}}),
                                  with("query", {{"origRespCode", "64"}}),
                                  with("query", {}),
                                  with("refund_query", {{"origRespCode", "05"}}),
                                  // Taken, which is not done.
                                  with("refund", {{"traceTime", ""}})};
        Shop shop;
        for (const Fields& reply : replies) {
            const Answer answer = shop.callback(reply);
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_REJECTED}, answer.status);
            CPPUNIT_ASSERT_MESSAGE(answer.message,
                                   answer.message.find("reply") != std::string::npos ||
                                       answer.message.find("traceTime") != std::string::npos);
        }
    }

    /// Answers the request for the bill with the file.
    static Answer billWith(Shop& shop, const std::string& content, const Fields& changes = {})
    {
        Fields answer{{"version", "5.1.0"},
                      {"signMethod", "01"},
                      {"merId", "777290058110048"},
                      {"settleDate", "1121"},
                      {"respCode", "00"},
                      {"fileContent", content}};
        for (const auto& [name, value] : changes) {
            for (auto& field : answer) {
                field.second = field.first == name ? value : field.second;
            }
        }
        shop.answer(answer);
        return shop.call("bill", {{"date", "2026-11-21"}, {"kind", "trades"}});
    }

    static std::string fileOf(const std::string& text)
    {
        return fileContent(zipOf({{kZmName, text}, {"INN26112188ZME_777290058110048", ""}}));
    }

    void aBillBecomesLines()
    {
        auto foreign_refund = zmRefund();
        foreign_refund["orderId"] = "9900000120261121120000000009";
        foreign_refund["merReserved"] = "";
        Shop shop;
        shop.desk.now_ms = kCreatedMs + 2 * 86400000;

        const Answer answer = billWith(shop,
                                       fileOf(zmLine(zmPayment()) + "\r\n" + zmLine(zmRefund()) +
                                              "\r\n" + zmLine(foreign_refund)));

        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        CPPUNIT_ASSERT_EQUAL(std::string{"ready"}, stateOf(answer));
        CPPUNIT_ASSERT_EQUAL(std::string{"https://filedownload.test.95516.com/"},
                             shop.desk.requests.at(0).url);
        CPPUNIT_ASSERT_EQUAL(std::string{"1121"}, sentValue(shop, "settleDate"));
        const std::string& lines = shop.desk.blobs.at(0);
        const auto second = lines.find('\n') + 1;
        const auto third = lines.find('\n', second) + 1;
        const Json payment = Json::parse(lines.substr(0, second));
        const Json refund = Json::parse(lines.substr(second, third - second));
        const Json theirs = Json::parse(lines.substr(third));
        const Json expected{{"type", "payment"},
                            {"number", kNumber},
                            {"provider_number", "202611211040000000001"},
                            {"amount_minor", 20000},
                            {"fee_minor", -120},
                            {"currency", "CNY"},
                            {"finished_at_ms", kCreatedMs + 60000}};
        CPPUNIT_ASSERT_EQUAL(expected.dump(), payment.dump());
        CPPUNIT_ASSERT_EQUAL(std::string{"refund"}, refund.value("type", ""));
        CPPUNIT_ASSERT_EQUAL(std::string{kNumber}, refund.value("number", ""));
        CPPUNIT_ASSERT_EQUAL(std::string{kRefundNumber}, refund.value("refund_number", ""));
        CPPUNIT_ASSERT_EQUAL(5000, refund.value("amount_minor", 0));
        // Found by the row of its payment.
        CPPUNIT_ASSERT_EQUAL(std::string{kNumber}, theirs.value("number", ""));
    }

    void billsThatAreNotWholeAreUnknown()
    {
        auto other_merchant = zmPayment();
        other_merchant["merId"] = "777290058110097";
        auto other_type = zmPayment();
        other_type["txnType"] = "02";
        auto no_amount = zmPayment();
        no_amount["txnAmt"] = "0000000000x0";
        auto no_time = zmPayment();
        no_time["txnTime"] = "1331000000";
        const std::string rows[] = {"no base64",
                                    fileContent("no archive"),
                                    fileContent(zipOf({{"other.txt", "x"}})),
                                    fileOf(zmLine(zmPayment()).substr(0, 300)),
                                    fileOf(zmLine(other_merchant)),
                                    fileOf(zmLine(other_type)),
                                    fileOf(zmLine(no_amount)),
                                    fileOf(zmLine(no_time))};
        for (const std::string& content : rows) {
            Shop shop;
            shop.desk.now_ms = kCreatedMs + 2 * 86400000;
            const Answer answer = billWith(shop, content);
            CPPUNIT_ASSERT_EQUAL_MESSAGE(
                answer.message, hub_status{HUB_OUTCOME_UNKNOWN}, answer.status);
            CPPUNIT_ASSERT(shop.desk.blobs.empty());
        }
        Shop shop;
        shop.desk.now_ms = kCreatedMs + 2 * 86400000;
        CPPUNIT_ASSERT_EQUAL(
            hub_status{HUB_OUTCOME_UNKNOWN},
            billWith(shop, fileOf(zmLine(zmPayment())), {{"settleDate", "1120"}}).status);
        CPPUNIT_ASSERT_EQUAL(std::string{"empty"}, stateOf(billWith(shop, fileOf(""))));
    }

    void aMissingBillIsEmptyOnlyLate()
    {
        const auto stateAt = [](std::int64_t hours_after_midnight) {
            Shop shop;
            // The end of 2026-11-21 in Beijing is 13 hours and 20 minutes after the creation.
            shop.desk.now_ms = kCreatedMs + 48000000 + hours_after_midnight * 3600000;
            return stateOf(billWith(shop, "x", {{"respCode", "98"}}));
        };
        CPPUNIT_ASSERT_EQUAL(std::string{"not_yet"}, stateAt(-1));
        CPPUNIT_ASSERT_EQUAL(std::string{"not_yet"}, stateAt(11));
        CPPUNIT_ASSERT_EQUAL(std::string{"empty"}, stateAt(12));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(PaymentTest, "payment");
