#include "checkout_check.hpp"

#include "phone.hpp"
#include "telling.hpp"

#include <chrono>
#include <utility>

namespace demo {

namespace {

const std::string kLooks = "return performance.getEntriesByType('resource')"
                           ".filter(one => one.name.includes('/api/v1/checkouts/')).length";

} // namespace

CheckoutCheck::CheckoutCheck(Installation installation, const WebDriver& driver, std::string folder)
    : installation_(std::move(installation))
    , driver_(driver)
    , folder_(std::move(folder))
    , portal_(installation_.hub_url, installation_.ca_file, installation_.token)
    , simulator_(installation_.simulator_url, installation_.ca_file, "")
    , run_(std::to_string(std::chrono::system_clock::now().time_since_epoch().count()))
{}

void CheckoutCheck::run()
{
    desktopChangesWhenPaid();
    phonePaysInTheApp();
    appIsAskedAndNotTwice();
    unknownIsNotPaidAgain();
    canceledSaysSo();
    strangerIsToldSo();
}

CheckoutCheck::Order CheckoutCheck::create()
{
    const std::string mark = run_ + "-" + std::to_string(++count_);
    const WebAnswer answer = portal_.post("/api/v1/payments",
                                          {{"order_ref", "SHOT-" + mark},
                                           {"method", "wallets"},
                                           {"amount_minor", 20000},
                                           {"currency", "CNY"},
                                           {"subject", "Badge fee 证件费"}},
                                          {{"Idempotency-Key", mark}});
    expect(answer.status == 201, "the payment was not created: " + answer.body);
    const Json body = answer.json();
    return {body.at("payment_id"), body.at("checkout").at("url")};
}

Json CheckoutCheck::payment(const Order& order) const
{
    return portal_.get("/api/v1/payments/" + order.payment_id).json();
}

void CheckoutCheck::awaitText(const Window& window, const std::string& text) const
{
    await("\"" + text + "\" on " + window.url(),
          [&] { return window.text().find(text) != std::string::npos; });
}

void CheckoutCheck::save(const Window& window, const std::string& name) const
{
    window.savePicture(folder_ + "/real-" + name + ".png");
}

/// Nobody touches this window after it has opened the page.
void CheckoutCheck::desktopChangesWhenPaid()
{
    const Order order = create();
    const Window desktop(driver_, kDesktopScreen, "en");
    desktop.open(order.url);
    awaitText(desktop, "Scan with any of these apps");
    save(desktop, "desktop");
    desktop.saveElement("main", folder_ + "/checkout.png"); // the README's
    await("two looks of the page's script", [&] { return desktop.run(kLooks).get<int>() >= 2; });
    expect(!payment(order).contains("attempt"), "looking at the page began an attempt");
    step("desktop", "looks again and again, and begins nothing");

    const Window phone(driver_, kPhoneScreen, "zh-CN", alipayApp().agent);
    phone.open(order.url);
    await("the wallet's page", [&] { return phone.url().find("/qr/") != std::string::npos; });
    phone.press("button.primary"); // opens the order
    await("the order", [&] { return phone.text().find("确认付款") != std::string::npos; });
    awaitText(desktop, "Alipay");
    save(desktop, "desktop-opened");
    phone.press("button.primary"); // pays it
    awaitText(desktop, "Paid. Thank you.");
    save(desktop, "desktop-paid");
    step("desktop", "changed by itself: Paid. Thank you.");
}

void CheckoutCheck::phonePaysInTheApp()
{
    const Order order = create();
    const Window phone(driver_, kPhoneScreen, "zh-CN", phoneBrowser().agent);
    phone.open(order.url);
    awaitText(phone, "请选择支付方式");
    save(phone, "phone-choose");
    phone.press("form:has([value=wechat]) button.choice");
    const auto is_at_home = [&] {
        return phone.url().rfind(installation_.hub_url, 0) == 0;
    };
    await("the wallet's page", [&] { return !is_at_home(); });
    save(phone, "phone-wallet");
    phone.press("button.primary"); // opens the order
    awaitText(phone, "确认付款");
    phone.press("button.primary"); // pays it
    awaitText(phone, "支付成功");
    if (!is_at_home()) {
        phone.open(order.url);
    }
    awaitText(phone, "支付成功，谢谢。");
    save(phone, "phone-paid");
    step("phone, browser", "chose WeChat Pay, paid, came back: 支付成功");
}

/// The app's own script is missing here: a stand-in counts what it is given, and cancels.
void CheckoutCheck::appIsAskedAndNotTwice()
{
    static const std::string kApp =
        "window.asked = 0; window.WeixinJSBridge = { invoke(name, given, done) {"
        " window.asked += 1; window.package = given.package;"
        " done({ err_msg: 'get_brand_wcpay_request:cancel' }); } };"
        "document.dispatchEvent(new Event('WeixinJSBridgeReady'));";
    const Order order = create();
    const Window app(driver_, kPhoneScreen, "en", wechatApp().agent);
    app.open(order.url);
    await("the invocation",
          [&] { return app.run("return !!document.querySelector('[data-invoke]')") == true; });
    expect(payment(order).at("attempt").at("product") == "jsapi", "the app's own way is not used");
    save(app, "wechat");
    app.run(kApp);
    expect(app.run("return window.asked") == 1 &&
               app.run("return window.package").get<std::string>().rfind("prepay_id=", 0) == 0,
           "the page did not hand its parameters to the app");
    app.open(order.url);
    app.run(kApp);
    expect(app.run("return window.asked") == 0, "a page that is loaded again asks by itself again");
    app.press("[data-invoke]");
    expect(app.run("return window.asked") == 1, "the button does not ask the app again");
    step("app", "was given the payment once; after a cancel only the button asks again");
}

void CheckoutCheck::unknownIsNotPaidAgain()
{
    const Order order = create();
    const Json rules = Json::array(
        {{{"fault", "drop_after_booking"},
          {"match", {{"method", "POST /v3/pay/transactions/native"}, {"times", 0}}}},
         {{"fault", "drop_before_booking"},
          {"match",
           {{"method", "GET /v3/pay/transactions/out-trade-no/{out_trade_no}"}, {"times", 0}}}}});
    expect(simulator_.post("/control/faults", {{"rules", rules}}).status == 200,
           "the simulator takes no faults");
    const Window desktop(driver_, kDesktopScreen, "zh-CN");
    desktop.open(order.url);
    desktop.press("summary");
    desktop.press("form:has([value=wechat]) button.choice");
    awaitText(desktop, "请勿重复支付");
    expect(desktop.run("return document.querySelectorAll('form, .code').length") == 0,
           "the page offers a way to pay while nobody knows");
    save(desktop, "desktop-checking");
    simulator_.remove("/control/faults");
    awaitText(desktop, "请用微信支付扫描此码支付");
    step("desktop", "nobody knew: \"do not pay again\", and went on by itself when it was known");
}

void CheckoutCheck::canceledSaysSo()
{
    const Order order = create();
    const Window desktop(driver_, kDesktopScreen, "en");
    desktop.open(order.url);
    portal_.post("/api/v1/payments/" + order.payment_id + "/cancel",
                 Json::object(),
                 {{"Idempotency-Key", order.payment_id}});
    awaitText(desktop, "This payment has been canceled.");
    save(desktop, "desktop-canceled");
    step("desktop", "changed by itself: canceled");
}

void CheckoutCheck::strangerIsToldSo()
{
    const Window phone(driver_, kPhoneScreen, "en");
    phone.open(installation_.hub_url + "/pay/0123456789abcdef0123456789abcdef");
    awaitText(phone, "This code is not known.");
    save(phone, "phone-unknown");
    step("phone", "an address that is none: says so, and what to do");
}

} // namespace demo
