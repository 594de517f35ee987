#include "alipay/page.hpp"

#include "alipay/content.hpp"
#include "alipay/words.hpp"
#include "core/cashier_page.hpp"

#include <utility>

namespace hub::simulator::alipay {

namespace {

// Names that no member of biz_content has.
constexpr const char* kMethod = "$method";
constexpr const char* kReturnUrl = "$return_url";

} // namespace

bool isPageMethod(std::string_view method)
{
    return method == "alipay.trade.wap.pay" || method == "alipay.trade.page.pay";
}

std::string orderText(const Call& call)
{
    if (!isPageMethod(call.method)) {
        return normalForm(call.content);
    }
    Json content = call.content;
    const auto return_url = call.parameters.find("return_url");
    content[kMethod] = call.method;
    content[kReturnUrl] = return_url == call.parameters.end() ? "" : return_url->second;
    return normalForm(content);
}

std::optional<Visit> visitOf(const Trade& trade)
{
    const Json content = Json::parse(trade.content);
    if (!content.contains(kMethod)) {
        return std::nullopt;
    }
    return Visit{
        textOf(content, kMethod), textOf(content, kReturnUrl), textOf(content, "quit_url")};
}

Parameters returnParameters(const App& app, const Trade& trade, const Visit& visit)
{
    return {{"app_id", app.app_id},
            {"auth_app_id", app.app_id},
            {"charset", "utf-8"},
            {"method", visit.method + ".return"},
            {"out_trade_no", trade.number},
            {"seller_id", app.seller_id},
            {"timestamp", toBeijingText(realNowMs())},
            {"total_amount", toYuan(trade.amount_minor)},
            {"trade_no", trade.provider_number},
            {"version", "1.0"}};
}

WayBack wayTo(const std::string& address, Parameters parameters)
{
    const auto question = address.find('?');
    if (question != std::string::npos) {
        Parameters own;
        readForm(std::string_view(address).substr(question + 1), own);
        parameters.merge(own);
    }
    return {
        .address = address.substr(0, question), .is_post = false, .fields = std::move(parameters)};
}

Answer redirection(const std::string& path)
{
    constexpr int kSeeOther = 303;
    Answer answer{.kind = std::string(kRedirection), .status = kSeeOther};
    answer.code = "10000";
    answer.bytes = path;
    return answer;
}

Reply refusedPage(const Answer& answer)
{
    Page page;
    page.mark = Page::Mark::Stopped;
    page.title = answer.fields.at("sub_msg").get<std::string>();
    page.subtitle = "The order was not taken: " + answer.code + " " + answer.sub_code;
    return {
        .status = answer.status, .content_type = "text/html; charset=utf-8", .body = toHtml(page)};
}

} // namespace hub::simulator::alipay
