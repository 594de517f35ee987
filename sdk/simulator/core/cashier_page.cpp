#include "core/cashier_page.hpp"

#include <fmt/format.h>

#include <string_view>

namespace hub::simulator {

namespace {

constexpr std::string_view kStyle = R"css(
*{box-sizing:border-box;margin:0}
body{font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",
"Microsoft YaHei",sans-serif;background:#f2f4f8;color:#1d2129;min-height:100vh}
.phone{max-width:430px;margin:0 auto;min-height:100vh;display:flex;flex-direction:column;
background:#f2f4f8}
header{background:linear-gradient(160deg,#1e6fff,#4a95ff);color:#fff;padding:18px 20px 84px}
header b{font-size:18px;font-weight:600}
header small{display:block;opacity:.85;font-size:13px}
main{flex:1;margin:-62px 14px 0;display:flex;flex-direction:column}
.card{background:#fff;border-radius:16px;padding:26px 18px 20px;text-align:center;
box-shadow:0 6px 24px rgba(25,60,130,.08)}
.shop{font-weight:600;font-size:17px;overflow-wrap:anywhere}
.amount{font-size:46px;font-weight:650;letter-spacing:-1px;margin:8px 0 2px;
font-variant-numeric:tabular-nums}
.amount i{font-style:normal;font-size:26px;margin-right:4px}
h1{font-size:20px;font-weight:600;margin-top:6px}
.en{color:#86909c;font-size:14px}
.mark{width:64px;height:64px;border-radius:50%;margin:0 auto 14px;color:#fff;font-size:34px;
line-height:64px}
.done{background:#14a65a}.stopped{background:#a3acb9}.waiting{background:#1e6fff}
dl{margin:18px 0 -12px;border-top:1px solid #eef0f4;text-align:left;font-size:13px}
dl div{display:flex;justify-content:space-between;gap:12px;padding:10px 0;
border-bottom:1px solid #f4f5f8}
dl div:last-child{border:0}
dt{color:#86909c;white-space:nowrap}
dd{text-align:right;overflow-wrap:anywhere;letter-spacing:-.2px}
form{margin:8px 0 0}
.actions{margin-top:14px}
button{width:100%;height:44px;border:0;border-radius:26px;font:inherit;font-size:15px;
cursor:pointer;background:none;color:#4e5969}
button.primary{height:52px;font-size:17px;font-weight:600;background:#1e6fff;color:#fff;box-shadow:0 6px 16px rgba(30,111,255,.28)}
footer{padding:18px 20px 22px;text-align:center;color:#a3acb9;font-size:12px}
)css";

std::string escape(std::string_view text)
{
    std::string escaped;
    for (const char c : text) {
        switch (c) {
        case '&':
            escaped += "&amp;";
            break;
        case '<':
            escaped += "&lt;";
            break;
        case '>':
            escaped += "&gt;";
            break;
        case '"':
            escaped += "&quot;";
            break;
        default:
            escaped += c;
        }
    }
    return escaped;
}

std::string_view markHtml(Page::Mark mark)
{
    switch (mark) {
    case Page::Mark::Done:
        return "<div class=\"mark done\">✓</div>";
    case Page::Mark::Stopped:
        return "<div class=\"mark stopped\">✕</div>";
    case Page::Mark::Waiting:
        return "<div class=\"mark waiting\">¥</div>";
    default:
        return "";
    }
}

} // namespace

std::string toHtml(const Page& page)
{
    std::string rows;
    for (const auto& [name, value] : page.rows) {
        rows += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escape(name), escape(value));
    }
    std::string buttons;
    for (const PageButton& button : page.buttons) {
        buttons += fmt::format(
            "<form method=\"post\" action=\"{}\"><button class=\"{}\">{}</button></form>",
            escape(button.action),
            button.is_primary ? "primary" : "",
            escape(button.label));
    }
    const std::string shop =
        page.merchant.empty() ? "" : "<p class=\"shop\">" + escape(page.merchant) + "</p>";
    const std::string amount =
        page.amount.empty() ? "" : "<p class=\"amount\"><i>¥</i>" + escape(page.amount) + "</p>";
    return fmt::format(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<title>模拟钱包 Simulated wallet</title><style>{}</style></head><body>"
        "<div class=\"phone\"><header><b>模拟钱包</b><small>Simulated wallet</small></header>"
        "<main><section class=\"card\">{}{}{}<h1>{}</h1><p class=\"en\">{}</p>{}</section>"
        "<div class=\"actions\">{}</div></main>"
        "<footer>仅用于测试，不产生真实扣款<br>For testing only: no real money moves</footer>"
        "</div></body></html>",
        kStyle,
        markHtml(page.mark),
        shop,
        amount,
        escape(page.title),
        escape(page.subtitle),
        rows.empty() ? "" : "<dl>" + rows + "</dl>",
        buttons);
}

} // namespace hub::simulator
