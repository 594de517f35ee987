#include "core/cashier_page.hpp"

#include "core/html.hpp"

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
header{background:linear-gradient(160deg,var(--app),color-mix(in srgb,var(--app) 75%,white)),var(--app);color:#fff;padding:18px 20px 84px}
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
.done{background:#14a65a}.stopped{background:#a3acb9}.waiting{background:var(--app)}
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
button.primary{height:52px;font-size:17px;font-weight:600;background:var(--app);color:#fff}
input{width:100%;height:44px;font:inherit;padding:0 14px;margin-bottom:10px;border:1px solid #c9cdd4;
border-radius:12px}
footer{padding:18px 20px 22px;text-align:center;color:#a3acb9;font-size:12px}
)css";

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

std::string buttonHtml(const PageButton& button)
{
    std::string inside;
    for (const auto& [name, value] : button.fields) {
        inside += fmt::format("<input type=\"hidden\" name=\"{}\" value=\"{}\">",
                              escapeHtml(name),
                              escapeHtml(value));
    }
    if (!button.input.empty()) {
        inside += fmt::format("<input name=\"{}\" autocomplete=\"off\" required>",
                              escapeHtml(button.input));
    }
    return fmt::format(
        "<form method=\"{}\" action=\"{}\">{}<button class=\"{}\">{}</button></form>",
        button.is_post ? "post" : "get",
        escapeHtml(button.action),
        inside,
        button.is_primary ? "primary" : "",
        escapeHtml(button.label));
}

} // namespace

std::string toHtml(const Page& page)
{
    std::string rows;
    for (const auto& [name, value] : page.rows) {
        rows +=
            fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", escapeHtml(name), escapeHtml(value));
    }
    std::string buttons;
    for (const PageButton& button : page.buttons) {
        buttons += buttonHtml(button);
    }
    const std::string shop =
        page.merchant.empty() ? "" : "<p class=\"shop\">" + escapeHtml(page.merchant) + "</p>";
    const std::string amount =
        page.amount.empty() ? ""
                            : "<p class=\"amount\"><i>¥</i>" + escapeHtml(page.amount) + "</p>";
    return fmt::format(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<title>{0} {1}</title><style>:root{{--app:{2}}}{3}</style></head><body>"
        "<div class=\"phone\"><header><b>{0}</b><small>{1}</small></header>"
        "<main><section class=\"card\">{4}{5}{6}<h1>{7}</h1><p class=\"en\">{8}</p>{9}</section>"
        "<div class=\"actions\">{10}</div></main>"
        "<footer>仅用于测试，不产生真实扣款<br>For testing only: no real money moves</footer>"
        "</div></body></html>",
        escapeHtml(page.app),
        escapeHtml(page.app_english),
        page.color,
        kStyle,
        markHtml(page.mark),
        shop,
        amount,
        escapeHtml(page.title),
        escapeHtml(page.subtitle),
        rows.empty() ? "" : "<dl>" + rows + "</dl>",
        buttons);
}

} // namespace hub::simulator
