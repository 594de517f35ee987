#include "shop.hpp"

namespace independent {

namespace {

constexpr const char* kAppNumber = "1400000120261121104000000003";
constexpr const char* kPhoneNumber = "1400000120261121104000000004";

class WechatShop : Shop {
public:
    explicit WechatShop(const std::filesystem::path& folder)
        : Shop(folder,
               [](Json& settings) {
                   // The day after the payment asks for the bill.
                   settings["wechat"]["timestamp_tolerance_s"] = 3 * 24 * 3600;
               })
        , settings_(Json::parse(readFile(simulator_.folder() / "simulator.json"))["wechat"])
    {
        order_details_ = {
            {"subject", "胸牌费 Badge fee \"A\" <&>"},
            {"payer", {{"identity", settings_["openid"]}, {"client_ip", "192.0.2.1"}}}};
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
        day_ = simulator_test::beijingTime().substr(0, 10);
        pay();
        refund({{"reason", "退出 withdrawn"}});
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
        startConnector("payment_wechat", config);
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

    const Json settings_;
    std::string day_; // of the payment
};

} // namespace

void captureWechat(const std::filesystem::path& folder)
{
    WechatShop(folder).run();
}

} // namespace independent
