#include "core/cashier.hpp"

#include "core/cashier_page.hpp"

#include <hub/money.hpp>

#include <Poco/URI.h>

#include <optional>
#include <string_view>
#include <utility>

namespace hub::simulator {

namespace {

constexpr std::string_view kPrefix = "/qr/";
constexpr std::string_view kPhone = "/phone";

Reply toReply(int status, const Page& page)
{
    return {.status = status, .content_type = "text/html; charset=utf-8", .body = toHtml(page)};
}

Reply problem(int status, const std::string& english_then_chinese)
{
    const auto slash = english_then_chinese.find(" / ");
    Page page;
    page.mark = Page::Mark::Stopped;
    page.subtitle = english_then_chinese.substr(0, slash);
    page.title = slash == std::string::npos ? "无法完成" : english_then_chinese.substr(slash + 3);
    return toReply(status, page);
}

Reply seeOther(const std::string& location)
{
    return {.status = 303,
            .content_type = "text/plain",
            .body = "",
            .headers = {{"Location", location}}};
}

/// The rows that every page of an opened order shows.
void addOrder(Page& page, const Trade& trade)
{
    page.amount = toDecimal(Money{trade.amount_minor, "CNY"});
    page.rows = {{"商品 Item", trade.subject},
                 {"订单号 Order", trade.number},
                 {"交易号 Trade", trade.provider_number}};
}

void describeEnd(Page& page, const Trade& trade)
{
    page.mark = Page::Mark::Stopped;
    if (trade.state == TradeState::Voided || trade.close_reason == "cancel" ||
        trade.close_reason == "merchant") {
        page.title = "商家已取消该订单";
        page.subtitle = "The merchant canceled this order";
    } else if (trade.close_reason == "refund") {
        page.title = "已全额退款";
        page.subtitle = "Refunded in full";
    } else if (trade.close_reason == "payer") {
        page.title = "已放弃支付，订单关闭";
        page.subtitle = "You declined; the order is closed";
    } else {
        page.title = "订单已超时关闭";
        page.subtitle = "The order was not paid in time and is closed";
    }
}

Page describe(const Trade& trade, const Look& look)
{
    const std::string base = std::string(kPrefix) + trade.code;
    Page page;
    page.app = look.app;
    page.app_english = look.app_english;
    page.color = look.color;
    page.merchant = look.merchant;
    if (trade.state == TradeState::Issued) {
        page.mark = Page::Mark::Waiting;
        page.title = look.greeting;
        page.subtitle = look.greeting_english;
        page.buttons = {{base + "/open", "打开订单  Open the order", true}};
        return page;
    }
    addOrder(page, trade);
    switch (trade.state) {
    case TradeState::Waiting:
        page.title = "待付款";
        page.subtitle = "Waiting for your payment";
        page.rows.emplace_back("付款方式 Pay with", "模拟余额 Simulated balance");
        page.buttons = {{base + "/pay", "确认付款  Pay now", true},
                        {base + "/decline", "拒绝付款  Decline", false},
                        {base + "/leave", "稍后再说  Leave without paying", false}};
        break;
    case TradeState::Paid:
    case TradeState::Finished:
        page.mark = Page::Mark::Done;
        page.title = "支付成功";
        page.subtitle = "Paid";
        break;
    default:
        describeEnd(page, trade);
    }
    if (trade.paid_ms != 0) {
        page.rows.emplace_back("付款时间 Paid at", toBeijingText(trade.paid_ms));
    }
    if (trade.refunded_minor != 0) {
        page.rows.emplace_back("已退款 Refunded",
                               "¥ " + toDecimal(Money{trade.refunded_minor, "CNY"}));
    }
    return page;
}

PageButton backButton(const WayBack& way_back)
{
    return {way_back.address,
            "返回商家  Back to the merchant",
            true,
            way_back.is_post,
            way_back.fields};
}

/// The address with its parameters, for a browser that follows it without a button.
std::string addressOf(const WayBack& way_back)
{
    Poco::URI address(way_back.address);
    for (const auto& [name, value] : way_back.fields) {
        address.addQueryParameter(name, value);
    }
    return address.toString();
}

Reply toReply(const Page& page, const std::optional<WayBack>& way_back)
{
    Reply reply = toReply(200, page);
    if (way_back) {
        // The usual policy lets no form leave this site.
        reply.headers = {{"Content-Security-Policy",
                          "default-src 'none'; style-src 'unsafe-inline'; form-action *"}};
    }
    return reply;
}

Page farewell(const std::string& code)
{
    Page page;
    page.mark = Page::Mark::Waiting;
    page.title = "订单未付款";
    page.subtitle = "Nothing was paid. You can come back until the order expires.";
    page.buttons = {{std::string(kPrefix) + code + "/open", "返回订单  Back to the order", true}};
    return page;
}

} // namespace

Reply Cashier::show(const std::string& code)
{
    const auto trade = wallet_.look(code);
    if (!trade) {
        return problem(404, trade.error().message);
    }
    const Provider& provider = wallet_.providerOf(trade.value());
    Page page = describe(trade.value(), provider.look(trade.value()));
    const auto way_back = provider.wayBack(trade.value());
    if (!way_back || !page.buttons.empty()) {
        return toReply(page, way_back);
    }
    page.buttons = {backButton(*way_back)};
    Reply reply = toReply(page, way_back);
    if (way_back->after_s > 0) {
        reply.headers.emplace_back(
            "Refresh", std::to_string(way_back->after_s) + "; url=" + addressOf(*way_back));
    }
    return reply;
}

Reply Cashier::leave(const std::string& code)
{
    Page page = farewell(code);
    const auto trade = wallet_.look(code);
    const auto way_back =
        trade ? wallet_.providerOf(trade.value()).wayBack(trade.value()) : std::nullopt;
    if (way_back) {
        page.buttons.push_back(backButton(*way_back));
    }
    return toReply(page, way_back);
}

Reply Cashier::act(const std::string& code, const std::string& verb)
{
    if (verb == "leave") {
        return leave(code);
    }
    auto done = verb == "open"  ? wallet_.open(code)
                : verb == "pay" ? wallet_.pay(code)
                                : wallet_.decline(code);
    if (!done) {
        return problem(done.error().code == HUB_NOT_FOUND ? 404 : 409, done.error().message);
    }
    // A reload of the page after this must not post again.
    return seeOther(std::string(kPrefix) + code);
}

bool Cashier::serves(const HttpMessage& message)
{
    return message.path == kPhone || message.path.starts_with(kPrefix);
}

Reply Cashier::phone(const HttpMessage& message)
{
    Page page;
    page.title = "扫一扫";
    page.subtitle = "Type in what the code says";
    page.buttons = {{std::string(kPhone), "打开  Open", true, false, {}, "text"}};
    if (message.query.empty()) {
        return toReply(200, page);
    }
    Poco::URI uri;
    uri.setRawQuery(message.query);
    for (const auto& [name, value] : uri.getQueryParameters()) {
        const std::string code = name == "text" ? wallet_.findCode(value) : std::string{};
        if (!code.empty()) {
            return seeOther(std::string(kPrefix) + code);
        }
    }
    return problem(404, "There is no such code. / 该二维码不存在。");
}

Reply Cashier::handle(const HttpMessage& message)
{
    if (message.path == kPhone) {
        return message.method == "GET" ? phone(message) : problem(405, "Open this page with GET.");
    }
    const std::string rest = message.path.substr(kPrefix.size());
    const auto slash = rest.find('/');
    const std::string code = rest.substr(0, slash);
    const std::string verb = slash == std::string::npos ? "" : rest.substr(slash + 1);
    if (verb.empty()) {
        return message.method == "GET" ? show(code) : problem(405, "Open this page with GET.");
    }
    if (verb != "open" && verb != "pay" && verb != "decline" && verb != "leave") {
        return problem(404, "There is no such page. / 页面不存在。");
    }
    return message.method == "POST" ? act(code, verb)
                                    : problem(405, "This needs a button. / 请使用按钮操作。");
}

} // namespace hub::simulator
