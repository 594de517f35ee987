#include "gateway/problems.hpp"

#include <Poco/Net/HTTPResponse.h>

#include <algorithm>

namespace hub::gateway {

namespace {

constexpr std::string_view kRetry = "Repeat the request with the same Idempotency-Key.";
constexpr std::string_view kRetryZh = "请使用相同的 Idempotency-Key 重试。";

/// For codes of plugins, which bring a detail of their own but no title.
struct StatusTitle {
    int status;
    std::string_view en;
    std::string_view zh;
};

constexpr StatusTitle kStatusTitles[] = {
    {400, "The request is not valid", "请求无效"},
    {403, "Not allowed", "不允许"},
    {404, "Not found", "未找到"},
    {409, "The request does not fit the present state", "请求与当前状态冲突"},
    {412, "The precondition does not hold", "前提条件不满足"},
    {422, "A rule refuses the request", "请求违反业务规则"},
    {429, "Too many requests", "请求过多"},
    {503, "Not available now", "暂时不可用"},
};

std::string titleOf(const Problem& problem, int status, Language language)
{
    const bool zh = language == Language::Zh;
    if (const ProblemText* text = findProblem(problem.code)) {
        return std::string(zh ? text->title_zh : text->title_en);
    }
    for (const StatusTitle& title : kStatusTitles) {
        if (title.status == status) {
            return std::string(zh ? title.zh : title.en);
        }
    }
    return Poco::Net::HTTPResponse::getReasonForStatus(
        static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

} // namespace

const std::vector<ProblemText>& problemCatalogue()
{
    static const std::vector<ProblemText> catalogue = {
        {"malformed_request",
         400,
         "The request is not well-formed HTTP",
         "请求不符合 HTTP 规范",
         "Send one Content-Length or one chunked body, CR LF line ends and each header once.",
         "请只使用一个 Content-Length 或分块传输，以 CR LF 换行，且同名头只出现一次。"},
        {"invalid_json",
         400,
         "The body is not valid JSON",
         "请求体不是有效的 JSON",
         "Send one UTF-8 JSON document without duplicate names, nested at most 64 levels.",
         "请发送一个 UTF-8 编码、无重复字段、嵌套不超过 64 层的 JSON 文档。"},
        {"invalid_body",
         400,
         "The body does not fit the schema",
         "请求体不符合约定的结构",
         "Correct the value at \"pointer\"; \"violations\" lists all of them.",
         "请更正 pointer 所指的值；violations 列出全部问题。"},
        {"invalid_query",
         400,
         "The query does not fit the schema",
         "查询参数不符合约定的结构",
         "Correct the parameter at \"pointer\"; unknown ones are refused.",
         "请更正 pointer 所指的查询参数；未知参数会被拒绝。"},
        {"invalid_edition",
         400,
         "The header Edition names no edition",
         "Edition 请求头不是有效的届次",
         "Send an edition as the organizer named it (a-z, 0-9 and -), or leave the header out for "
         "the one that is on.",
         "请填写组委会公布的届次代码（小写字母、数字和 -），或省略以使用当前届次。"},
        {"idempotency_key_required",
         400,
         "The header Idempotency-Key is missing",
         "缺少 Idempotency-Key 请求头",
         "Send Idempotency-Key with 1 to 255 printable characters, one per operation, and "
         "repeat it with each retry.",
         "请为每个操作发送 1 至 255 个可打印字符的 Idempotency-Key，重试时保持不变。"},
        {"credentials_ambiguous",
         400,
         "The request has an API key and a session",
         "请求同时带有 API 密钥和会话",
         "Send the API key or the cookie of the session, not both.",
         "请只发送 API 密钥或会话 Cookie 之一。"},
        {"unauthenticated",
         401,
         "The API key is missing or not valid",
         "缺少 API 密钥或密钥无效",
         "Send \"Authorization: Bearer <key>\" or \"X-Api-Key: <key>\" with a key that is "
         "neither revoked nor expired.",
         "请通过 Authorization: Bearer 或 X-Api-Key 发送有效的密钥。"},
        {"session_missing",
         401,
         "There is no session, or it has ended",
         "没有会话，或会话已结束",
         "Log in, then repeat the request.",
         "请登录后重试。"},
        {"scope_missing",
         403,
         "The scope is missing",
         "没有所需的权限",
         "Ask an operator for a key, or a role, with the scope that \"parameters\" names.",
         "请向管理员申请带有 parameters 中所示权限的密钥或角色。"},
        {"csrf_token_missing",
         403,
         "The X-CSRF-Token is missing",
         "缺少 X-CSRF-Token 请求头",
         "Send the csrf_token of GET /api/v1/session as header X-CSRF-Token.",
         "请将 GET /api/v1/session 返回的 csrf_token 作为 X-CSRF-Token 请求头发送。"},
        {"csrf_token_wrong",
         403,
         "The X-CSRF-Token is not that of the session",
         "X-CSRF-Token 与会话不符",
         "Read csrf_token anew from GET /api/v1/session: the session is another one than before.",
         "会话已更换，请重新从 GET /api/v1/session 读取 csrf_token。"},
        {"cross_site_request",
         403,
         "Another site made the request",
         "请求来自其他网站",
         "Use the pages under the hub's public address.",
         "请使用本系统公开地址下的页面。"},
        {"forbidden",
         403,
         "Not allowed",
         "不允许",
         "The key may do this in general, but not to this object.",
         "该密钥无权操作此对象。"},
        {"not_found",
         404,
         "There is nothing at this address",
         "该地址不存在",
         "Compare the path with /api/openapi.json.",
         "请对照 /api/openapi.json 检查路径。"},
        {"method_not_allowed",
         405,
         "The address does not know this method",
         "该地址不支持此方法",
         "Use one of the methods of the header Allow.",
         "请使用 Allow 头中列出的方法。"},
        {"body_too_slow", 408, "The body came too slowly", "请求体发送过慢", kRetry, kRetryZh},
        {"conflict",
         409,
         "The request does not fit the present state",
         "请求与当前状态冲突",
         "Read the object again before deciding what to do.",
         "请重新读取对象后再决定。"},
        {"idempotency_key_reused",
         409,
         "The Idempotency-Key was used for another request",
         "Idempotency-Key 已用于其他请求",
         "Repeat the first body unchanged, or draw a new key for a new operation.",
         "请原样重发首次的请求体，或为新操作生成新的键。"},
        {"body_too_large",
         413,
         "The body is too large",
         "请求体过大",
         "Send less in one request.",
         "请减小单个请求的内容。"},
        {"media_type_unsupported",
         415,
         "The content is not application/json",
         "内容类型不是 application/json",
         "Send \"Content-Type: application/json\".",
         "请发送 Content-Type: application/json。"},
        {"expectation_unsupported",
         417,
         "The expectation is not supported",
         "不支持该 Expect 头",
         "Send \"Expect: 100-continue\" or none.",
         "请仅使用 Expect: 100-continue 或不发送该头。"},
        {"throttled",
         429,
         "Too many requests",
         "请求过多",
         "Wait as long as the header Retry-After says. The request was not executed.",
         "请按 Retry-After 等待后重试；请求未被执行。"},
        {"header_too_large",
         431,
         "The header is too large",
         "请求头过大",
         "Send fewer or shorter header fields.",
         "请减少请求头。"},
        {"internal",
         500,
         "The hub failed",
         "系统内部错误",
         "The request may have been executed: repeat it with the same Idempotency-Key, and "
         "tell an operator the trace id.",
         "请求可能已执行：请用相同的 Idempotency-Key 重试，并将 trace_id 告知管理员。"},
        {"transfer_coding_unsupported",
         501,
         "The transfer coding is not supported",
         "不支持该传输编码",
         "Use chunked or Content-Length.",
         "请使用 chunked 或 Content-Length。"},
        {"unavailable",
         503,
         "Not available now",
         "暂时不可用",
         "The request may have been executed: repeat it with the same Idempotency-Key after "
         "the time in Retry-After.",
         "请求可能已执行：请在 Retry-After 之后用相同的 Idempotency-Key 重试。"},
        {"http_version_unsupported",
         505,
         "The HTTP version is not supported",
         "不支持该 HTTP 版本",
         "Use HTTP/1.1.",
         "请使用 HTTP/1.1。"},
    };
    return catalogue;
}

const ProblemText* findProblem(std::string_view code)
{
    const auto& all = problemCatalogue();
    const auto found = std::find_if(
        all.begin(), all.end(), [code](const auto& text) { return text.code == code; });
    return found == all.end() ? nullptr : &*found;
}

HttpResponse makeProblem(const Problem& problem, const ProblemContext& context)
{
    const ProblemText* text = findProblem(problem.code);
    const int known = text == nullptr ? 500 : text->status;
    const int status = problem.status != 0 ? problem.status : known;
    base::Json document = {{"type", "/problems/" + problem.code},
                           {"title", titleOf(problem, status, context.language)},
                           {"status", status},
                           {"detail", problem.detail},
                           {"code", problem.code},
                           {"instance", context.instance},
                           {"trace_id", context.trace}};
    if (problem.pointer) {
        document["pointer"] = *problem.pointer;
    }
    if (!problem.parameters.is_null()) {
        document["parameters"] = problem.parameters;
    }
    if (!problem.violations.is_null()) {
        document["violations"] = problem.violations;
    }
    HttpResponse response;
    response.status = status;
    response.media_type = kProblemType;
    // What a plugin says may hold broken UTF-8; the client still gets a document.
    response.body = document.dump(-1, ' ', false, base::Json::error_handler_t::replace);
    response.set("Content-Language", context.language == Language::Zh ? "zh" : "en");
    if (problem.retry_after_s || status == 503 || status == 429) {
        response.set("Retry-After", std::to_string(problem.retry_after_s.value_or(1)));
    }
    return response;
}

HttpResponse makeProblemPage(const ProblemText& text, Language language)
{
    const bool zh = language == Language::Zh;
    HttpResponse response;
    response.media_type = "text/plain; charset=utf-8";
    response.set("Content-Language", zh ? "zh" : "en");
    response.body = std::string(text.code) + " (" + std::to_string(text.status) + ")\n\n" +
                    std::string(zh ? text.title_zh : text.title_en) + "\n\n" +
                    std::string(zh ? text.remedy_zh : text.remedy_en) + "\n";
    return response;
}

} // namespace hub::gateway
