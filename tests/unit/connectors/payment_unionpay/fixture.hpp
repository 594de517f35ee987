// The shipped library at a desk that plays the hub, one account configured, and a UnionPay of our
// own: keys and certificates are made when the test starts.
#pragma once

#include "unionpay_acp/fields.hpp"
#include "unit/connectors/support/desk.hpp"
#include "unit/connectors/support/files.hpp"
#include "unit/connectors/unionpay_acp/authority.hpp"

#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace unionpay_test {

using Json = nlohmann::json;
using unionpay::Fields;

inline constexpr std::string_view kAccount = "unionpay-test";
inline constexpr std::string_view kNumber = "1400000120261121104000000001";
inline constexpr std::string_view kRefundNumber = "1400000120261121120000000001";
inline constexpr std::int64_t kCreatedMs = 1795228800000; // 20261121104000

inline Json accountConfig()
{
    const Authority& authority = Authority::shared();
    return {{"merchant_id", "777290058110048"},
            {"gateway_url", "https://gateway.test.95516.com"},
            {"file_url", "https://filedownload.test.95516.com/"},
            {"middle_certificate", authority.middle.certificatePem()},
            {"root_certificate", authority.root.certificatePem()},
            {"order_life_minutes", 60}};
}

inline std::string createJson(const Json& config = accountConfig())
{
    const Json account{{"config", config}, {"callback_url", "https://hub.example.com/callback/u"}};
    return Json{{"config", Json::object()}, {"accounts", {{std::string{kAccount}, account}}}}
        .dump();
}

class Shop {
public:
    explicit Shop(const std::string& create_json = createJson())
    {
        static const Party kMerchant({"041@Merchant@1", 68759663});
        desk.addKey("signing_key", kMerchant.keyPem() + kMerchant.certificatePem());
        desk.start(connector_test::folder("HUB_BUILD_DIR") /
                       "lib/payment_unionpay/libpayment_unionpay.so",
                   create_json);
        answerRaw("");
    }

    void answerRaw(const std::string& body, std::uint32_t http_status = 200)
    {
        desk.exchange = [body, http_status](const hub::HttpRequest&) {
            return hub::Result<hub::HttpResponse>{hub::HttpResponse{http_status, {}, body}};
        };
    }

    /// Answers with the fields, genuine.
    void answer(const Fields& fields)
    {
        answerRaw(toRaw(signedBy(Authority::shared().leaf, fields)));
    }

    hub::Answer call(const std::string& operation, const Json& request)
    {
        return desk.call(kAccount, operation, request.dump());
    }

    hub::Answer callback(const Fields& fields)
    {
        return callbackRaw(unionpay::toForm(signedBy(Authority::shared().leaf, fields)));
    }

    hub::Answer callbackRaw(const std::string& form, const char* method = "POST")
    {
        return call("callback",
                    {{"method", method},
                     {"path", "/callback/u"},
                     {"query", ""},
                     {"headers", Json::object()},
                     {"body_base64", unionpay::toBase64(form)}});
    }

    Fields sent() const { return unionpay::fromForm(desk.requests.at(0).body).value(); }

    connector_test::Desk desk;
};

inline Json with(Json more)
{
    more.update({{"number", kNumber}, {"created_at_ms", kCreatedMs}, {"currency", "CNY"}});
    return more;
}

/// One correct request of the contract per operation that makes an exchange.
inline const std::map<std::string, Json>& requests()
{
    static const std::map<std::string, Json> kRequests{
        {"create",
         with({{"product", "qr"},
               {"amount_minor", 20000},
               {"subject", "Badge fee 2026"},
               {"expires_at_ms", kCreatedMs + 600000}})},
        {"query", with({{"amount_minor", 20000}})},
        {"close", with(Json::object())},
        {"refund",
         with({{"refund_number", kRefundNumber},
               {"refund_created_at_ms", kCreatedMs + 4800000},
               {"amount_minor", 5000},
               {"total_minor", 20000},
               {"provider_number", "202611211040000000001"}})},
        {"refund_query",
         with({{"refund_number", kRefundNumber},
               {"refund_created_at_ms", kCreatedMs + 4800000},
               {"amount_minor", 5000}})}};
    return kRequests;
}

/// What UnionPay answers to the operation; later fields replace earlier ones, empty ones go.
inline Fields answerTo(const std::string& operation, const Fields& changes = {})
{
    const bool is_refund = operation.starts_with("refund");
    std::map<std::string, std::string> fields{
        {"version", "5.1.0"},
        {"encoding", "UTF-8"},
        {"signMethod", "01"},
        {"accessType", "0"},
        {"merId", "777290058110048"},
        {"orderId", std::string{is_refund ? kRefundNumber : kNumber}},
        {"txnTime", is_refund ? "20261121120000" : "20261121104000"},
        {"txnType", is_refund ? "04" : "01"},
        {"txnAmt", is_refund ? "5000" : "20000"},
        {"queryId", is_refund ? "202611211200000000002" : "202611211040000000001"},
        {"traceTime", "1121104100"},
        {"respCode", "00"},
        {"respMsg", "成功[0000000]"}};
    if (operation == "create") {
        fields["qrCode"] = "https://qr.95516.com/00010001/62000000000000000001";
    } else if (operation != "refund") {
        fields["origRespCode"] = "00";
    }
    for (const auto& [name, value] : changes) {
        fields[name] = value;
    }
    Fields answer;
    for (const auto& [name, value] : fields) {
        if (!value.empty()) {
            answer.emplace_back(name, value);
        }
    }
    return answer;
}

/// What UnionPay notifies of the operation, "create" or "refund"; changes as above.
inline Fields noticeOf(const std::string& about, const Fields& changes = {})
{
    Fields notice{{"qrCode", ""}, {"traceNo", "000001"}};
    if (about == "create") {
        notice.insert(notice.end(), {{"currencyCode", "156"}, {"settleCurrencyCode", "156"}});
    }
    notice.insert(notice.end(), changes.begin(), changes.end());
    return answerTo(about, notice);
}

} // namespace unionpay_test
