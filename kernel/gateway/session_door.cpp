#include "gateway/session_door.hpp"

#include "base/encoding.hpp"
#include "observe/metrics.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace hub::gateway {

namespace {

// The prefix makes browsers insist on Secure, on Path=/ and on this very host.
constexpr std::string_view kCookie = "__Host-expohub";
constexpr std::string_view kPlainCookie = "expohub";

const observe::Counter kWrongCookies{"hub_session_cookies_refused_total",
                                     "Requests whose cookie belongs to no open session."};

std::string_view trim(std::string_view text)
{
    const std::size_t first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view{}
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string toLower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return lower;
}

std::string hostOf(const HttpRequest& request)
{
    const std::string* host = request.header("host");
    return host == nullptr ? "" : *host;
}

Problem crossSite(const std::string& detail)
{
    return {"cross_site_request", 0, detail, {}, {}, {}};
}

} // namespace

std::variant<std::optional<std::string_view>, Refusal> readCookie(std::string_view field,
                                                                  std::string_view name)
{
    std::optional<std::string_view> value;
    while (!field.empty()) {
        const std::size_t end = field.find(';');
        const std::string_view pair = trim(field.substr(0, end));
        field = end == std::string_view::npos ? std::string_view{} : field.substr(end + 1);
        const std::size_t equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) {
            continue;
        }
        if (value) {
            return Refusal{"malformed_request",
                           "the cookie " + std::string(name) + " is there twice"};
        }
        value = pair.substr(equals + 1);
    }
    return value;
}

std::string originOf(std::string_view url)
{
    const std::size_t scheme_end = url.find("://");
    if (scheme_end == std::string_view::npos) {
        return "";
    }
    const std::string scheme = toLower(url.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") {
        return "";
    }
    std::string_view host = url.substr(scheme_end + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    const std::string_view own_port = scheme == "https" ? ":443" : ":80";
    if (host.ends_with(own_port)) {
        host.remove_suffix(own_port.size());
    }
    return host.empty() ? "" : scheme + "://" + toLower(host);
}

bool isSafe(const HttpRequest& request) noexcept
{
    return request.method == "GET" || request.method == "HEAD";
}

SessionDoor::SessionDoor(DoorSettings settings, security::Sessions* sessions)
    : settings_(std::move(settings))
    , origin_(originOf(settings_.public_url))
    , sessions_(sessions)
{}

/// A proxy that ends TLS speaks plain HTTP with us: its clients get the strict cookie all the same.
bool SessionDoor::isPlain(const HttpRequest& request) const noexcept
{
    return settings_.plain_cookie && !request.secure;
}

std::variant<std::optional<std::string_view>, Refusal>
SessionDoor::token(const HttpRequest& request) const
{
    const std::string* field = request.header("cookie");
    if (sessions_ == nullptr || field == nullptr) {
        return std::optional<std::string_view>{};
    }
    return readCookie(*field, isPlain(request) ? kPlainCookie : kCookie);
}

security::SessionPtr SessionDoor::find(std::string_view token) const
{
    auto session = sessions_->find(token);
    if (session == nullptr) {
        kWrongCookies.add();
    }
    return session;
}

std::optional<Problem> SessionDoor::foreignRefusal(const HttpRequest& request) const
{
    const std::string* site = request.header("sec-fetch-site");
    if (site != nullptr && *site != "same-origin" && *site != "none") {
        return crossSite("the header Sec-Fetch-Site says that another site made this request");
    }
    const std::string* origin = request.header("origin");
    // In a demo over plain HTTP the pages have the address that the client used.
    const bool own = origin == nullptr || *origin == origin_ ||
                     (isPlain(request) && *origin == originOf("http://" + hostOf(request)));
    if (!own) {
        return crossSite("the header Origin is not " + origin_);
    }
    return std::nullopt;
}

std::optional<Problem> SessionDoor::formRefusal(const HttpRequest& request) const
{
    if (auto foreign = foreignRefusal(request)) {
        return foreign;
    }
    // "none" is a person's own act, as by a bookmark: no page of ours sent this form.
    const std::string* site = request.header("sec-fetch-site");
    const bool own = site != nullptr ? *site == "same-origin" : request.header("origin") != nullptr;
    if (!own) {
        return crossSite("neither Sec-Fetch-Site nor Origin says that a page of this hub sent the "
                         "form");
    }
    return std::nullopt;
}

std::optional<Problem> SessionDoor::csrfRefusal(const HttpRequest& request,
                                                std::string_view token) const
{
    if (auto foreign = foreignRefusal(request)) {
        return foreign;
    }
    const std::string* proof = request.header("x-csrf-token");
    if (proof == nullptr || proof->empty()) {
        return Problem{"csrf_token_missing",
                       0,
                       "a request of a session that changes something needs the header "
                       "X-CSRF-Token",
                       {},
                       {},
                       {}};
    }
    if (!base::equalConstantTime(*proof, csrfToken(token))) {
        return Problem{
            "csrf_token_wrong", 0, "the X-CSRF-Token is not that of this session", {}, {}, {}};
    }
    return std::nullopt;
}

void SessionDoor::set(const HttpRequest& request,
                      std::string_view value,
                      bool gone,
                      HttpResponse& out) const
{
    const bool plain = isPlain(request);
    std::string cookie(plain ? kPlainCookie : kCookie);
    cookie.append("=").append(value).append(plain ? "" : "; Secure");
    out.set("Set-Cookie",
            cookie.append("; HttpOnly; SameSite=Lax; Path=/").append(gone ? "; Max-Age=0" : ""));
}

void SessionDoor::give(const HttpRequest& request,
                       std::string_view token,
                       HttpResponse& response) const
{
    set(request, token, false, response);
}

void SessionDoor::take(const HttpRequest& request, HttpResponse& response) const
{
    set(request, "", true, response);
}

} // namespace hub::gateway
