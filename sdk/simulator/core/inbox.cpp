#include "core/inbox.hpp"

#include "core/html.hpp"

#include <Poco/URI.h>
#include <fmt/format.h>

namespace hub::simulator {

namespace {

constexpr std::int64_t kShownMax = 100;
constexpr std::size_t kPhoneMax = 16;

constexpr std::string_view kStyle = R"css(
*{box-sizing:border-box;margin:0}
body{font:16px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",
"Microsoft YaHei",sans-serif;background:#f2f4f8;color:#1d2129;min-height:100vh}
.phone{max-width:430px;margin:0 auto;min-height:100vh;display:flex;flex-direction:column}
header{background:#0e7c66;color:#fff;padding:18px 20px 20px}
header b{font-size:18px;font-weight:600}
header small{display:block;opacity:.85;font-size:13px}
form{display:flex;gap:8px;margin-top:14px}
input{flex:1;min-width:0;height:44px;font:inherit;padding:0 14px;border:0;border-radius:12px}
button{height:44px;border:0;border-radius:12px;padding:0 16px;font:inherit;font-weight:600;
background:#fff;color:#0e7c66;cursor:pointer}
main{flex:1;padding:16px 14px}
article{margin-bottom:18px}
time{display:block;text-align:center;color:#5d6673;font-size:12px;margin-bottom:6px}
.bubble{background:#fff;border-radius:4px 16px 16px 16px;padding:12px 14px;
box-shadow:0 2px 10px rgba(25,60,130,.06);overflow-wrap:anywhere;white-space:pre-wrap}
.bubble b{font-weight:600}
.note{display:flex;justify-content:space-between;gap:12px;color:#5d6673;font-size:12px;
padding:4px 4px 0}
.delivered{color:#0e7c66}.failed{color:#c0362c}
.empty{text-align:center;color:#5d6673;padding:64px 20px}
footer{padding:18px 20px 22px;text-align:center;color:#5d6673;font-size:12px}
)css";

std::string phoneOf(const HttpMessage& message)
{
    Poco::URI uri;
    uri.setRawQuery(message.query);
    for (const auto& [name, value] : uri.getQueryParameters()) {
        const bool is_phone = value.size() <= kPhoneMax &&
                              value.find_first_not_of("+0123456789") == std::string::npos;
        if (name == "phone" && is_phone) {
            return value;
        }
    }
    return {};
}

std::string_view wordOf(MessageState state)
{
    switch (state) {
    case MessageState::Delivered:
        return "已送达 Delivered";
    case MessageState::Failed:
        return "未送达 Not delivered";
    default:
        return "发送中 On its way";
    }
}

std::string messageHtml(const ShortMessage& message, std::int64_t now_ms)
{
    const MessageState state = message.stateAt(now_ms);
    return fmt::format("<article><time>{}</time><div class=\"bubble\"><b>【{}】</b>{}</div>"
                       "<p class=\"note\"><span>{}</span><span class=\"{}\">{}{}</span></p>"
                       "</article>",
                       toBeijingText(message.created_ms),
                       escapeHtml(message.signature),
                       escapeHtml(message.text),
                       escapeHtml(message.phone),
                       toText(state),
                       wordOf(state),
                       state == MessageState::Failed ? " · " + escapeHtml(message.failure) : "");
}

std::string pageHtml(const std::string& phone, const std::string& messages)
{
    return fmt::format(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<title>短信 Messages</title><style>{0}</style></head><body><div class=\"phone\">"
        "<header><b>短信收件箱</b><small>Inbox of a phone</small>"
        "<form method=\"get\" action=\"/inbox\"><input name=\"phone\" type=\"tel\" value=\"{1}\" "
        "aria-label=\"手机号 Phone number\" placeholder=\"手机号 Phone number\">"
        "<button>查看 Open</button></form></header><main>{2}</main>"
        "<footer>仅用于测试，未发送到任何手机<br>For testing only: nothing reached a phone</footer>"
        "</div></body></html>",
        kStyle,
        escapeHtml(phone),
        messages.empty() ? "<p class=\"empty\">没有短信<br>No messages</p>" : messages);
}

} // namespace

Reply Inbox::handle(const HttpMessage& message)
{
    const std::string phone = phoneOf(message);
    const std::int64_t now_ms = clock_.nowMs();
    std::string messages;
    for (const ShortMessage& one : books_.transact(
             [&](Book& book) { return book.messages().latest(phone, {}, kShownMax); })) {
        messages += messageHtml(one, now_ms);
    }
    return {.content_type = "text/html; charset=utf-8", .body = pageHtml(phone, messages)};
}

} // namespace hub::simulator
