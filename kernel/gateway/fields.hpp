// The header fields and address parts that the gateway understands, parsed strictly.
#pragma once

#include "base/json.hpp"
#include "gateway/http.hpp"
#include "gateway/problems.hpp"

#include <hub/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hub::gateway {

/// %XX decoded; nothing for a broken escape, broken UTF-8 or a control character.
std::optional<std::string> decodePercent(std::string_view text, bool plus_is_space);

/// The decoded segments of a path that begins with "/"; nothing when one can't be decoded.
std::optional<std::vector<std::string>> splitPath(std::string_view path);

/// Name to text. The error says which parameter is broken or there twice.
Result<base::Json> parseQuery(std::string_view query);

/// The same of a form in a body, whose texts may have lines: a text area's, a certificate's.
Result<base::Json> parseForm(std::string_view body);

/// N of `Prefer: wait=N` (RFC 7240), at most kWaitSecondsMax.
std::optional<int> preferredWait(const HttpRequest& request);
inline constexpr int kWaitSecondsMax = 30;

/// The weak comparison of If-None-Match (RFC 9110, 13.1.2).
bool matchesEtag(std::string_view if_none_match, std::string_view etag);
/// "…" or W/"…".
bool isEtag(std::string_view text);

/// Of Accept-Language; English when neither is asked for.
Language preferredLanguage(const HttpRequest& request);

/// application/json, with parameters or without.
bool isJson(std::string_view media_type);
/// application/x-www-form-urlencoded, likewise.
bool isForm(std::string_view media_type);

/// The token of `Authorization: Bearer` or of `X-Api-Key`; empty without one.
std::string bearerToken(const HttpRequest& request);

/// The trace id of `traceparent`, or a new one.
std::string traceOf(const HttpRequest& request);

} // namespace hub::gateway
