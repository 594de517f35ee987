// SessionDoor: what the gateway knows about the sessions of people: the cookie that carries one,
// and the proof that a request comes from our own pages.
#pragma once

#include "gateway/http.hpp"
#include "gateway/problems.hpp"
#include "security/sessions.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace hub::gateway {

/// Of a route that everybody may use.
inline constexpr std::string_view kPublicScope = "public";

/// Under kApiPrefix; the hub's own.
inline constexpr std::string_view kSessionPath = "/session";

struct DoorSettings {
    std::string public_url;    // "https://hub.example.org"
    bool plain_cookie = false; // demo: over plain HTTP a cookie that browsers take there
};

/// The value of the cookie `name` of a Cookie field (RFC 6265, 5.4); nothing without one. Two of
/// them are refused.
std::variant<std::optional<std::string_view>, Refusal> readCookie(std::string_view field,
                                                                  std::string_view name);

/// "https://hub.example.org" of an address: lower case, without the scheme's own port; empty for
/// what is none.
std::string originOf(std::string_view url);

/// Thread-safe. Without sessions no cookie is read.
class SessionDoor {
public:
    SessionDoor(DoorSettings settings, security::Sessions* sessions);

    bool isThere() const noexcept { return sessions_ != nullptr; }
    /// The token that the request carries, known or not; nothing without a cookie of ours.
    std::variant<std::optional<std::string_view>, Refusal> token(const HttpRequest& request) const;
    /// NULL for a token of no open session, which is counted.
    security::SessionPtr find(std::string_view token) const;

    /// Why a request that changes something is not from our own pages.
    std::optional<Problem> foreignRefusal(const HttpRequest& request) const;
    /// Why the form of a session is not one of our own pages: the browser has to say so.
    std::optional<Problem> formRefusal(const HttpRequest& request) const;
    /// Why it is not from our own pages, or does not prove that it knows the session.
    std::optional<Problem> csrfRefusal(const HttpRequest& request, std::string_view token) const;

    std::string csrfToken(std::string_view token) const { return sessions_->csrfToken(token); }
    /// The client gets, or loses, the session with this response.
    void give(const HttpRequest& request, std::string_view token, HttpResponse& response) const;
    void take(const HttpRequest& request, HttpResponse& response) const;

private:
    bool isPlain(const HttpRequest& request) const noexcept;
    void
    set(const HttpRequest& request, std::string_view value, bool gone, HttpResponse& out) const;

    DoorSettings settings_;
    std::string origin_;
    security::Sessions* sessions_;
};

/// True for the methods that change nothing.
bool isSafe(const HttpRequest& request) noexcept;

} // namespace hub::gateway
