#include "gateway/fields.hpp"

#include "base/encoding.hpp"
#include "base/uuid.hpp"
#include "observe/trace.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hub::gateway {

namespace {

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

/// Takes the part before `separator` off `text`.
std::string_view takePart(std::string_view& text, char separator)
{
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    return part;
}

/// The q of "zh-CN;q=0.8" in thousandths; 0 when it is broken.
int qualityOf(std::string_view parameters)
{
    while (!parameters.empty()) {
        const std::string_view parameter = trim(takePart(parameters, ';'));
        if (parameter.substr(0, 2) != "q=" || parameter.size() < 3) {
            continue;
        }
        if (parameter[2] == '1') {
            return 1000;
        }
        int quality = 0;
        int weight = 100;
        for (const char c : parameter.substr(std::min<std::size_t>(4, parameter.size()))) {
            quality += c >= '0' && c <= '9' ? (c - '0') * weight : 0;
            weight /= 10;
        }
        return quality;
    }
    return 1000;
}

} // namespace

namespace {

bool isControl(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool isLineEnd(char c) noexcept
{
    return c == '\r' || c == '\n';
}

/// Nothing for a broken escape or broken UTF-8.
std::optional<std::string> unescape(std::string_view text, bool plus_is_space)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto byte = base::fromHex(text.substr(i + 1, 2));
            if (i + 2 >= text.size() || !byte.ok()) {
                return std::nullopt;
            }
            decoded += byte.value();
            i += 2;
        } else {
            decoded += text[i] == '+' && plus_is_space ? ' ' : text[i];
        }
    }
    return base::isUtf8(decoded) ? std::optional{std::move(decoded)} : std::nullopt;
}

Result<base::Json> parseParameters(std::string_view query, bool has_lines)
{
    base::Json parameters = base::Json::object();
    while (!query.empty()) {
        std::string_view value = takePart(query, '&');
        if (value.empty()) {
            continue;
        }
        const auto name = decodePercent(takePart(value, '='), true);
        const auto text = unescape(value, true);
        if (!name || name->empty() || !text ||
            std::any_of(text->begin(), text->end(), [has_lines](char c) {
                return isControl(c) && !(has_lines && isLineEnd(c));
            })) {
            return Error{HUB_BAD_REQUEST, "a parameter is not percent-encoded UTF-8"};
        }
        if (!parameters.emplace(*name, *text).second) {
            return Error{HUB_BAD_REQUEST, "the parameter \"" + *name + "\" is there twice"};
        }
    }
    return parameters;
}

} // namespace

std::optional<std::string> decodePercent(std::string_view text, bool plus_is_space)
{
    auto decoded = unescape(text, plus_is_space);
    const bool is_text = decoded && std::none_of(decoded->begin(), decoded->end(), isControl);
    return is_text ? std::move(decoded) : std::nullopt;
}

std::optional<std::vector<std::string>> splitPath(std::string_view path)
{
    std::vector<std::string> segments;
    if (path.empty() || path[0] != '/') {
        return std::nullopt;
    }
    path.remove_prefix(1);
    for (;;) {
        const std::size_t slash = path.find('/');
        auto segment = decodePercent(path.substr(0, slash), false);
        if (!segment) {
            return std::nullopt;
        }
        segments.push_back(std::move(*segment));
        if (slash == std::string_view::npos) {
            return segments;
        }
        path.remove_prefix(slash + 1);
    }
}

Result<base::Json> parseQuery(std::string_view query)
{
    return parseParameters(query, false);
}

Result<base::Json> parseForm(std::string_view body)
{
    return parseParameters(body, true);
}

std::optional<int> preferredWait(const HttpRequest& request)
{
    for (const auto& [field, value] : request.headers) {
        if (field != "prefer") {
            continue;
        }
        std::string_view preferences = value;
        while (!preferences.empty()) {
            std::string_view preference = takePart(preferences, ',');
            std::string_view assignment = takePart(preference, ';');
            const std::string name = toLower(trim(takePart(assignment, '=')));
            std::string_view number = trim(assignment);
            if (number.size() >= 2 && number.front() == '"' && number.back() == '"') {
                number = number.substr(1, number.size() - 2);
            }
            int seconds = 0;
            const auto [end, error] =
                std::from_chars(number.data(), number.data() + number.size(), seconds);
            const bool whole = end == number.data() + number.size() && !number.empty();
            if (name == "wait" && whole && error == std::errc{} && seconds >= 0) {
                return std::min(seconds, kWaitSecondsMax);
            }
        }
    }
    return std::nullopt;
}

bool isEtag(std::string_view text)
{
    if (text.substr(0, 2) == "W/") {
        text.remove_prefix(2);
    }
    return text.size() >= 2 && text.front() == '"' && text.back() == '"' &&
           std::all_of(text.begin() + 1, text.end() - 1, [](char c) {
               return c > 0x20 && c < 0x7F && c != '"';
           });
}

bool matchesEtag(std::string_view if_none_match, std::string_view etag)
{
    const auto opaque = [](std::string_view tag) {
        return tag.substr(0, 2) == "W/" ? tag.substr(2) : tag;
    };
    if (trim(if_none_match) == "*") {
        return true;
    }
    // A comma may stand inside a tag: take quoted parts one after the other.
    while (!if_none_match.empty()) {
        const std::size_t open = if_none_match.find('"');
        if (open == std::string_view::npos) {
            return false;
        }
        const std::size_t close = if_none_match.find('"', open + 1);
        if (close == std::string_view::npos) {
            return false;
        }
        if (if_none_match.substr(open, close - open + 1) == opaque(etag)) {
            return true;
        }
        if_none_match.remove_prefix(close + 1);
    }
    return false;
}

Language preferredLanguage(const HttpRequest& request)
{
    const std::string* header = request.header("accept-language");
    int zh = 0;
    int en = 0;
    std::string_view ranges = header == nullptr ? std::string_view{} : *header;
    while (!ranges.empty()) {
        std::string_view range = takePart(ranges, ',');
        const std::string tag = toLower(trim(takePart(range, ';')));
        const int quality = qualityOf(range);
        const std::string_view primary = std::string_view(tag).substr(0, tag.find('-'));
        zh = primary == "zh" ? std::max(zh, quality) : zh;
        en = primary == "en" ? std::max(en, quality) : en;
    }
    return zh > en ? Language::Zh : Language::En;
}

bool isJson(std::string_view media_type)
{
    return toLower(trim(takePart(media_type, ';'))) == "application/json";
}

bool isForm(std::string_view media_type)
{
    return toLower(trim(takePart(media_type, ';'))) == "application/x-www-form-urlencoded";
}

std::string bearerToken(const HttpRequest& request)
{
    if (const std::string* header = request.header("authorization")) {
        std::string_view credentials = *header;
        const std::string scheme = toLower(takePart(credentials, ' '));
        return scheme == "bearer" ? std::string(trim(credentials)) : std::string{};
    }
    const std::string* key = request.header("x-api-key");
    return key == nullptr ? std::string{} : *key;
}

std::string traceOf(const HttpRequest& request)
{
    const std::string* header = request.header("traceparent");
    auto trace = header == nullptr ? std::nullopt : observe::parseTraceparent(*header);
    return trace ? *trace : base::makeTraceId();
}

} // namespace hub::gateway
