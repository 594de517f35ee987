// Goal: a notice is believed only when it is genuine, fresh, sealed for this account and about its
// merchant. Method: the shipped library at the desk; the provider's notices, signed and sealed
// with keys made at run time, and every way to bend them.

#include "fixture.hpp"
#include "support/suite.hpp"

#include <string>

namespace {

using namespace wechat_test;
using hub::Answer;

Json payment()
{
    return {{"mchid", "1900000001"},
            {"appid", "wx0000000000000001"},
            {"out_trade_no", kNumber},
            {"transaction_id", "4200000000202611210000000001"},
            {"trade_type", "NATIVE"},
            {"trade_state", "SUCCESS"},
            {"success_time", "2026-11-21T10:41:00+08:00"},
            {"payer", {{"openid", "oSampleSampleSampleSample0001"}}},
            {"amount",
             {{"total", 20000},
              {"payer_total", 20000},
              {"currency", "CNY"},
              {"payer_currency", "CNY"}}}};
}

Json refund(const std::string& status)
{
    return {{"mchid", "1900000001"},
            {"out_trade_no", kNumber},
            {"transaction_id", "4200000000202611210000000001"},
            {"out_refund_no", kRefundNumber},
            {"refund_id", "50000000002026112100000000001"},
            {"refund_status", status},
            {"success_time", "2026-11-21T12:00:00+08:00"},
            {"amount", {{"total", 20000}, {"refund", 5000}, {"payer_total", 20000}}}};
}

std::string noticeOf(const std::string& event_type,
                     const Json& content,
                     const std::string& associated_data = "transaction")
{
    Json resource = sealed(content.dump(), associated_data);
    resource["original_type"] = associated_data;
    return Json{{"id", "3119dfba-0000-5000-8000-000000000001"},
                {"create_time", "2026-11-21T10:41:01+08:00"},
                {"event_type", event_type},
                {"resource_type", "encrypt-resource"},
                {"summary", "支付成功"},
                {"resource", resource}}
        .dump();
}

std::string paid()
{
    return noticeOf("TRANSACTION.SUCCESS", payment());
}

class CallbackTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CallbackTest);
    CPPUNIT_TEST(aPaymentIsRead);
    CPPUNIT_TEST(refundsAreRead);
    CPPUNIT_TEST(whatIsNotProvedIsRefused);
    CPPUNIT_TEST(whatIsNotOursIsRefused);
    CPPUNIT_TEST(whatCannotBeCheckedComesAgain);
    CPPUNIT_TEST(aProbeIsRefusedByItsName);
    CPPUNIT_TEST(certificatesProveNotices);
    CPPUNIT_TEST(onlyTheNamedCertificateProves);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPaymentIsRead()
    {
        Bench bench;
        const Answer answer = bench.notify(paid());
        CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
        const Json expected{{"subject", "payment"},
                            {"number", kNumber},
                            {"state", "paid"},
                            {"amount_minor", 20000},
                            {"currency", "CNY"},
                            {"merchant", "1900000001"},
                            {"provider_number", "4200000000202611210000000001"},
                            {"paid_at_ms", 1795228860000},
                            {"notice_id", "3119dfba-0000-5000-8000-000000000001"}};
        const Json payload = Json::parse(answer.payload);
        CPPUNIT_ASSERT_EQUAL(expected.dump(), payload["reading"].dump());
        CPPUNIT_ASSERT_EQUAL(200, payload["ack"]["status"].get<int>());
        CPPUNIT_ASSERT_EQUAL(400, payload["nack"]["status"].get<int>());
        CPPUNIT_ASSERT(answer.payload.find("oSample") == std::string::npos);
    }

    void refundsAreRead()
    {
        for (const auto& [event, status, state] :
             {std::tuple{"REFUND.SUCCESS", "SUCCESS", "succeeded"},
              std::tuple{"REFUND.CLOSED", "CLOSED", "failed"},
              std::tuple{"REFUND.ABNORMAL", "ABNORMAL", "waiting"}}) {
            Bench bench;
            const Answer answer = bench.notify(noticeOf(event, refund(status), "refund"));
            CPPUNIT_ASSERT_EQUAL_MESSAGE(answer.message, hub_status{HUB_OK}, answer.status);
            const Json reading = Json::parse(answer.payload)["reading"];
            CPPUNIT_ASSERT_EQUAL(std::string{state}, reading["state"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string{"refund"}, reading["subject"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(std::string{kRefundNumber},
                                 reading["refund_number"].get<std::string>());
            CPPUNIT_ASSERT_EQUAL(5000, reading["amount_minor"].get<int>());
            CPPUNIT_ASSERT(!reading.contains("paid_at_ms"));
            CPPUNIT_ASSERT(!reading.contains("currency")); // it names none
        }
    }

    void whatIsNotProvedIsRefused()
    {
        const std::pair<const char*, Signer> rows[] = {
            {"another's key", {"other", kPublicKeyId, 0, ""}},
            {"another's serial", {"other", Pki::get().serial("other"), 0, ""}},
            {"an unknown key", {"platform", "PUB_KEY_ID_1", 0, ""}},
            {"a certificate in key mode", {"platform", Pki::get().serial("platform"), 0, ""}},
            {"late", {"platform", kPublicKeyId, -300, ""}},
            {"early", {"platform", kPublicKeyId, 301, ""}},
            {"no base64", {"platform", kPublicKeyId, 0, "*"}},
        };
        for (const auto& [name, signer] : rows) {
            Bench bench;
            expectRefusal(name, bench.notify(paid(), signer));
        }
        // Within the window it is believed: the rows above fail for their own reasons.
        for (const int skew : {-299, 299}) {
            Bench bench;
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK},
                                 bench.notify(paid(), {"platform", kPublicKeyId, skew, ""}).status);
        }
        Bench bench;
        Json headers = Json::object();
        for (const auto& [name, value] : proofHeaders({}, bench.now_ms, paid())) {
            headers[name] = value;
        }
        expectRefusal("one space more", bench.notifyWith(paid() + " ", headers));
        headers["Wechatpay-Signature-Type"] = "WECHATPAY2-SM2-WITH-SM3";
        expectRefusal("another scheme", bench.notifyWith(paid(), headers));
        headers["Wechatpay-Signature-Type"] = "WECHATPAY2-SHA256-RSA2048";
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, bench.notifyWith(paid(), headers).status);
        for (const char* missing : {"wechatpay-timestamp",
                                    "wechatpay-nonce",
                                    "wechatpay-serial",
                                    "wechatpay-signature"}) {
            Json fewer = headers;
            fewer.erase(missing);
            expectRefusal(missing, bench.notifyWith(paid(), fewer));
        }
    }

    void whatIsNotOursIsRefused()
    {
        const auto with = [](Json content, const Json& change) {
            content.merge_patch(change);
            return content;
        };
        struct Row {
            const char* event;
            Json content;
        };
        const Row rows[] = {
            {"TRANSACTION.SUCCESS", with(payment(), {{"mchid", "1900000002"}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"mchid", nullptr}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"appid", "wx0000000000000002"}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"out_trade_no", nullptr}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"trade_state", "NOTPAY"}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", nullptr}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", {{"total", "20000"}}}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", {{"total", 0}}}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", {{"currency", "USD"}}}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", {{"currency", nullptr}}}})},
            {"TRANSACTION.SUCCESS", with(payment(), {{"amount", {{"currency", 156}}}})},
            {"REFUND.SUCCESS", with(refund("SUCCESS"), {{"amount", {{"currency", "USD"}}}})},
            {"PAYSCORE.USER_OPEN_SERVICE", payment()},
            {"REFUND.SUCCESS", refund("CLOSED")},
            {"REFUND.CLOSED", refund("SUCCESS")},
            {"REFUND.SUCCESS", with(refund("SUCCESS"), {{"out_refund_no", nullptr}})},
            {"REFUND.SUCCESS", with(refund("SUCCESS"), {{"mchid", "1900000002"}})},
            {"REFUND.SUCCESS", with(refund("SUCCESS"), {{"amount", {{"refund", nullptr}}}})},
        };
        for (const Row& row : rows) {
            Bench bench;
            expectRefusal(row.content.dump(), bench.notify(noticeOf(row.event, row.content)));
        }
        Bench bench;
        for (const std::string body : {"", "[]", "{}", R"({"id":"1","event_type":"X"})"}) {
            expectRefusal(body, bench.notify(body));
        }
        // Sealed with the data of another kind of content: the tag does not fit.
        Json bent = Json::parse(paid());
        bent["resource"]["associated_data"] = "refund";
        expectRefusal("bent", bench.notify(bent.dump()));
        bent["resource"]["algorithm"] = "AEAD_AES_128_GCM";
        expectRefusal("another algorithm", bench.notify(bent.dump()));
    }

    void whatCannotBeCheckedComesAgain()
    {
        Bench keyless;
        keyless.removeKey("platform_key");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, keyless.notify(paid()).status);
        Bench sealed_shut;
        sealed_shut.removeKey("api_v3_key");
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_UNAVAILABLE}, sealed_shut.notify(paid()).status);
    }

    void aProbeIsRefusedByItsName()
    {
        Bench bench;
        const Answer answer =
            bench.notify(paid(), {"platform", kPublicKeyId, 0, "WECHATPAY/SIGNTEST/"});
        expectRefusal("probe", answer);
        CPPUNIT_ASSERT(answer.message.find("probe") != std::string::npos);
        // The body is what the library could be tempted by: nothing of it is opened.
        CPPUNIT_ASSERT(answer.payload.find("reading") == std::string::npos);
    }

    void certificatesProveNotices()
    {
        const Signer by_certificate{"platform", Pki::get().serial("platform"), 0, ""};
        for (const char* mode : {"certificates", "both"}) {
            Bench bench(Json{{"platform_keys", mode}});
            CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, bench.notify(paid(), by_certificate).status);
        }
        Bench bench(Json{{"previous_public_key_id", "PUB_KEY_ID_7"}});
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK},
                             bench.notify(paid(), {"platform", "PUB_KEY_ID_7", 0, ""}).status);
    }

    void onlyTheNamedCertificateProves()
    {
        const auto notify = [](const std::string& key, const std::string& serial, int days) {
            Bench bench(Json{{"platform_keys", "certificates"}});
            bench.addVersion("platform_certificate", Pki::get().certificate("brief"));
            bench.now_ms += std::int64_t{days} * 24 * 3600 * 1000;
            return bench.notify(paid(), {key, Pki::get().serial(serial), 0, ""});
        };
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, notify("brief", "brief", 0).status);
        CPPUNIT_ASSERT_EQUAL(hub_status{HUB_OK}, notify("platform", "platform", 2).status);
        expectRefusal("over", notify("brief", "brief", 2));
        // Its own name would be refused; under another's the signature is not that one's.
        expectRefusal("over, by another name", notify("brief", "platform", 2));
        expectRefusal("another's name", notify("brief", "platform", 0));
    }

private:
    static void expectRefusal(const std::string& name, const Answer& answer)
    {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(
            name + " " + answer.message, hub_status{HUB_REJECTED}, answer.status);
        const Json payload = Json::parse(answer.payload);
        CPPUNIT_ASSERT_EQUAL_MESSAGE(name, 400, payload["nack"]["status"].get<int>());
        CPPUNIT_ASSERT_MESSAGE(name, !payload.contains("ack") && !payload.contains("reading"));
    }
};

} // namespace

HUB_TEST_SUITE_REGISTRATION(CallbackTest, "callback");
