#include "recorder.hpp"
#include "unit/connectors/support/desk.hpp"

#include <cstdlib>

namespace independent {

namespace {

using simulator_test::Json;
using simulator_test::Receiver;
using simulator_test::Simulator;

constexpr const char* kNumber = "1400000120261121104000000001";
constexpr const char* kOpenNumber = "1400000120261121104000000002";
constexpr const char* kAppNumber = "1400000120261121104000000003";
constexpr const char* kPhoneNumber = "1400000120261121104000000004";
constexpr const char* kRefundNumber = "1400000120261121120000000001";
constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;

class Shop {
public:
    explicit Shop(const std::filesystem::path& folder)
        : simulator_([](Json& settings) {
            // The day after the payment asks for the bill.
            settings["wechat"]["timestamp_tolerance_s"] = 3 * 24 * 3600;
        })
        , receiver_(simulator_.folder())
        , recorder_(folder, simulator_)
        , settings_(Json::parse(readFile(simulator_.folder() / "simulator.json"))["wechat"])
    {
        simulator_.start({"--trust", (simulator_.folder() / "ca.pem").string()});
        start();
        const Json& merchant = settings_["merchants"][0];
        recorder_.keep("account.json",
                       Json{{"mchid", merchant["mchid"]},
                            {"appid", merchant["appids"][0]},
                            {"api_v3_key", merchant["apiv3_key"]},
                            {"public_key_id", settings_["public_key_id"]}}
                           .dump());
        recorder_.keep("merchant_key.pem", file(merchant["private_key"]));
        recorder_.keep("merchant_certificate.pem", file(merchant["certificate"]));
        recorder_.keep("public_key.pem", file(settings_["public_key"]));
    }

    void run()
    {
        pay();
        refund();
        openOtherProducts();
        ask("refresh_trust", Json::object(), HUB_OK);
        fetchBill();
        recorder_.keepNotices(receiver_);
    }

private:
    std::string file(const std::string& name) const { return readFile(simulator_.folder() / name); }

    void start()
    {
        const Json& merchant = settings_["merchants"][0];
        desk_.addKey("merchant_key", file(merchant["private_key"]) + file(merchant["certificate"]));
        desk_.addKey("platform_key", file(settings_["public_key"]));
        desk_.addKey("platform_certificate", file("wechat/platform/001_certificate.pem"));
        desk_.addSecret("api_v3_key", merchant["apiv3_key"]);
        desk_.now_ms = nowMs();
        desk_.exchange = [this](const hub::HttpRequest& request) {
            // The bill's day is over for the question; what comes back is of this moment.
            desk_.now_ms = nowMs();
            return recorder_.carry(request);
        };
        const Json config{{"mchid", merchant["mchid"]},
                          {"appid", merchant["appids"][0]},
                          {"base_url", simulator_.url()},
                          {"platform_keys", "both"},
                          {"public_key_id", settings_["public_key_id"]}};
        const Json account{{"config", config}, {"callback_url", receiver_.url()}};
        // NOLINTNEXTLINE(concurrency-mt-unsafe): a program of one thread until here.
        desk_.start(std::string(std::getenv("HUB_BUILD_DIR")) +
                        "/lib/payment_wechat/libpayment_wechat.so",
                    Json{{"config", Json::object()}, {"accounts", {{"a", account}}}}.dump());
    }

    Json about(const char* number) const
    {
        return {{"number", number}, {"created_at_ms", created_ms_}, {"currency", "CNY"}};
    }

    static Json with(Json request, const Json& more)
    {
        request.update(more);
        return request;
    }

    Json ask(const std::string& operation, const Json& request, hub_status status)
    {
        recorder_.name(operation);
        const hub::Answer answer = desk_.call("a", operation, request.dump());
        require(answer.status == status, operation + " is answered: " + answer.message);
        return answer.payload.empty() ? Json::object() : Json::parse(answer.payload);
    }

    Json order(const char* number, const char* product) const
    {
        return with(about(number),
                    {{"product", product},
                     {"amount_minor", 20000},
                     {"subject", "胸牌费 Badge fee \"A\" <&>"},
                     {"payer", {{"identity", settings_["openid"]}, {"client_ip", "192.0.2.1"}}},
                     {"expires_at_ms", created_ms_ + 600000}});
    }

    void pay()
    {
        for (const char* number : {kNumber, kOpenNumber}) {
            ask("create", order(number, "qr"), HUB_OK);
        }
        simulator_.post("/control/pay", {{"out_trade_no", kNumber}});
        day_ = simulator_test::beijingTime().substr(0, 10);
        require(receiver_.waitFor(1), "the payment is told");
        const Json query = with(about(kNumber), {{"amount_minor", 20000}});
        require(ask("query", query, HUB_OK)["state"] == "paid", "the order is paid");
        ask("close", about(kOpenNumber), HUB_OK);
    }

    void refund()
    {
        const Json refund = with(about(kNumber),
                                 {{"refund_number", kRefundNumber},
                                  {"refund_created_at_ms", created_ms_},
                                  {"amount_minor", 5000},
                                  {"total_minor", 20000},
                                  {"reason", "退出 withdrawn"}});
        ask("refund", refund, HUB_PENDING);
        simulator_.post("/control/clock", {{"advance_s", 60}});
        require(receiver_.waitFor(2), "the refund is told");
        require(ask("refund_query", refund, HUB_OK)["state"] == "succeeded", "it is given back");
    }

    void openOtherProducts()
    {
        const Json invocation = ask("create", order(kAppNumber, "jsapi"), HUB_OK);
        recorder_.keep("invocation.json", invocation["parameters"].dump());
        ask("create", order(kPhoneNumber, "h5"), HUB_OK);
    }

    void fetchBill()
    {
        simulator_.post("/control/clock", {{"advance_s", 3 * 24 * 3600}});
        const Json request{{"date", day_}, {"kind", "trades"}};
        desk_.now_ms = nowMs() + kDayMs;
        require(ask("bill", request, HUB_OK)["state"] == "ready", "there is a bill");
    }

    Simulator simulator_;
    Receiver receiver_;
    Recorder recorder_;
    const Json settings_;
    connector_test::Desk desk_;
    std::int64_t created_ms_ = nowMs();
    std::string day_; // of the payment
};

} // namespace

void captureWechat(const std::filesystem::path& folder)
{
    Shop(folder).run();
}

} // namespace independent
