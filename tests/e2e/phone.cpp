#include "phone.hpp"

#include "telling.hpp"

#include <utility>

namespace demo {

namespace {

constexpr int kStepsMax = 20;

const std::string kMobile =
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile "
    "Safari/537.36";

std::string attributeOf(const Element& element, const std::string& name)
{
    const auto found = element.attributes.find(name);
    return found == element.attributes.end() ? "" : found->second;
}

} // namespace

App alipayApp()
{
    return {"alipay", "Alipay", kMobile + " AlipayClient/10.5"};
}

App wechatApp()
{
    return {"wechat", "WeChat", kMobile + " MicroMessenger/8.0"};
}

App unionpayApp()
{
    return {"unionpay", "UnionPay", kMobile + " UnionPay/1.0"};
}

App phoneBrowser()
{
    return {"", "browser", kMobile};
}

Phone::Phone(const Installation& installation, App app)
    : installation_(installation)
    , app_(std::move(app))
    , browser_(installation.ca_file, app_.agent)
{}

void Phone::choose(const std::string& wallet)
{
    const Element* form = page().formWith("wallet", wallet);
    expect(form != nullptr, "the page does not offer " + wallet + ": " + page().html);
    browser_.submit(Element(*form));
}

void Phone::goToWallet()
{
    for (int steps = 0; page().formTo("/pay") == nullptr; ++steps) {
        expect(steps < kStepsMax, page().url + " leads to no page to pay on");
        takeStep();
    }
}

/// What a script presses by itself, or the one button that goes on.
void Phone::takeStep()
{
    const Page now = page();
    expect(now.status < 400, now.url + " was refused: " + now.html.substr(0, 600));
    if (const Element* open = now.formTo("/open")) {
        browser_.submit(*open);
        return;
    }
    const Element* form = now.withAttribute("data-submit");
    if (form != nullptr && isFirst(attributeOf(*form, "data-submit"))) {
        browser_.submit(*form);
    } else if (const Element* link = now.withAttribute("data-follow")) {
        browser_.open(attributeOf(*link, "href"));
    } else if (const Element* button = now.withAttribute("data-invoke")) {
        // In the app a script calls it; here a page of the simulator's plays the app.
        const Json parameters = Json::parse(attributeOf(*button, "data-invoke"));
        browser_.open(installation_.simulator_url + "/simulated/wechat/jsapi?" +
                      toForm(parameters.get<std::map<std::string, std::string>>()));
    } else {
        expect(now.says("class=\"preparing\""), now.url + " offers nothing to press: " + now.html);
        await("the payment's preparation",
              [this] { return !browser_.reload().says("class=\"preparing\""); });
    }
}

void Phone::pay()
{
    expect(payLate(), "the wallet did not take the payment: " + page().html.substr(0, 600));
}

bool Phone::payLate()
{
    const Element* form = page().formTo("/pay");
    expect(form != nullptr, page().url + " has no button to pay");
    const Page& after = browser_.submit(Element(*form));
    return after.status < 400 && after.says(">Paid<");
}

} // namespace demo
