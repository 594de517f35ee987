#include "scenes.hpp"

#include "pages/checkout_page.hpp"

#include <utility>

namespace demo {

namespace {

using payments::AttemptState;
using payments::CheckoutScene;
using payments::CheckoutView;
using payments::Tongue;

constexpr std::int64_t kNowMs = 1'795'228'800'000;
constexpr std::int64_t kMinuteMs = 60'000;

CheckoutScene sceneOf(CheckoutView view)
{
    CheckoutScene scene;
    scene.view = view;
    scene.now_ms = kNowMs;
    scene.url = "https://fair.example.com/pay/0123456789abcdef0123456789abcdef";
    scene.checkout.token = "0123456789abcdef0123456789abcdef";
    scene.checkout.expires_ms = kNowMs + 9 * kMinuteMs + 42'000;
    scene.payment.expires_ms = kNowMs + 30 * kMinuteMs;
    scene.payment.amount_minor = 20000;
    scene.payment.currency = "CNY";
    scene.payment.subject = "Badge fee 证件费 2026";
    scene.payment.order_ref = "SAMPLE-2026-000042";
    scene.wallets = {{"alipay", {}, "qr", "wap", "qr"},
                     {"wechat", {}, "jsapi", "h5", "qr"},
                     {"unionpay", {}, "qr", "qr", "qr"}};
    scene.looks = {{"alipay", {"Alipay", "支付宝", "支", "#1677ff"}},
                   {"wechat", {"WeChat Pay", "微信支付", "微", "#07a04a"}},
                   {"unionpay", {"UnionPay", "云闪付", "云", "#d3112f"}}};
    return scene;
}

CheckoutScene inApp(CheckoutScene scene, const std::string& wallet)
{
    scene.browser = {wallet, true};
    return scene;
}

CheckoutScene onPhone(CheckoutScene scene)
{
    scene.browser = {"", true};
    return scene;
}

/// An attempt that waits for its payer.
CheckoutScene
opened(const std::string& wallet, const std::string& code, const std::string& presentation = {})
{
    CheckoutScene scene = sceneOf(CheckoutView::Pay);
    scene.attempt.emplace();
    scene.attempt->state = AttemptState::Waiting;
    scene.attempt->number = "1400000120261121104000000001";
    scene.attempt->wallet = wallet;
    scene.attempt->qr_code = code;
    scene.attempt->presentation = presentation;
    scene.attempt->expires_at_ms = kNowMs + 4 * kMinuteMs + 7'000;
    return scene;
}

CheckoutScene failed()
{
    CheckoutScene scene = opened("wechat", "");
    scene.view = CheckoutView::Choose;
    scene.attempt->state = AttemptState::Failed;
    return scene;
}

} // namespace

std::vector<Scene> checkoutScenes()
{
    const CheckoutScene invoked = opened("wechat", "", R"({"parameters":{"appId":"wx0"}})");
    const std::pair<const char*, CheckoutScene> kPhone[] = {
        {"choose-phone", onPhone(sceneOf(CheckoutView::Choose))},
        {"choose-wechat", inApp(sceneOf(CheckoutView::Choose), "wechat")},
        {"choose-failed", onPhone(failed())},
        {"preparing-phone", onPhone(sceneOf(CheckoutView::Preparing))},
        {"pay-wechat", inApp(invoked, "wechat")},
        {"pay-alipay", inApp(opened("alipay", "https://qr.example.com/bax0001"), "alipay")},
        {"pay-phone", onPhone(opened("wechat", "", R"({"url":"https://pay.example.com/h5"})"))},
        {"other-alipay", inApp(invoked, "alipay")},
        {"paid-phone", onPhone(sceneOf(CheckoutView::Paid))},
        {"checking-phone", onPhone(sceneOf(CheckoutView::Checking))},
        {"expired-phone", onPhone(sceneOf(CheckoutView::Expired))},
        {"ended-phone", onPhone(sceneOf(CheckoutView::Ended))}};
    const std::pair<const char*, CheckoutScene> kDesktop[] = {
        {"choose-desktop", sceneOf(CheckoutView::Choose)},
        {"pay-desktop", opened("alipay", "https://qr.example.com/bax0001")},
        {"other-desktop", invoked},
        {"paid-desktop", sceneOf(CheckoutView::Paid)},
        {"checking-desktop", sceneOf(CheckoutView::Checking)},
        {"expired-desktop", sceneOf(CheckoutView::Expired)}};
    std::vector<Scene> scenes;
    for (const auto& [tongue, language] : {std::pair{Tongue::English, std::string("en")},
                                           std::pair{Tongue::Chinese, std::string("zh-CN")}}) {
        const auto add = [&, tongue = tongue, language = language](
                             const char* name, CheckoutScene scene, const Screen& screen) {
            scene.tongue = tongue;
            scenes.push_back({std::string(name) + "-" + language.substr(0, 2),
                              screen,
                              language,
                              payments::renderCheckout(scene)});
        };
        for (const auto& [name, scene] : kPhone) {
            add(name, scene, kPhoneScreen);
        }
        for (const auto& [name, scene] : kDesktop) {
            add(name, scene, kDesktopScreen);
        }
        scenes.push_back({"unknown-phone-" + language.substr(0, 2),
                          kPhoneScreen,
                          language,
                          payments::renderUnknownCheckout(tongue)});
    }
    return scenes;
}

} // namespace demo
