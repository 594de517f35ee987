#include "acs3.hpp"

#include "encoding.hpp"

#include <chrono>
#include <cstdio>

namespace aliyun {

namespace {

constexpr std::string_view kScheme = "ACS3-HMAC-SHA256";

std::string trimmed(std::string_view text)
{
    constexpr std::string_view kBlank = " \t";
    const auto first = text.find_first_not_of(kBlank);
    return first == std::string_view::npos
               ? std::string{}
               : std::string{text.substr(first, text.find_last_not_of(kBlank) - first + 1)};
}

std::string signedNames(const Acs3Request& request)
{
    std::string names;
    for (const auto& [name, value] : request.headers) {
        names += (names.empty() ? "" : ";") + name;
    }
    return names;
}

} // namespace

std::string canonicalQuery(const Parameters& query)
{
    std::string text;
    for (const auto& [name, value] : query) {
        text += (text.empty() ? "" : "&") + toPercent(name) + "=" + toPercent(value);
    }
    return text;
}

std::string canonicalRequest(const Acs3Request& request)
{
    std::string text = request.method + "\n" + request.path + "\n";
    text += canonicalQuery(request.query) + "\n";
    for (const auto& [name, value] : request.headers) {
        text += name + ":" + trimmed(value) + "\n";
    }
    return text + "\n" + signedNames(request) + "\n" + sha256(request.body);
}

std::string textToSign(const Acs3Request& request)
{
    return std::string{kScheme} + "\n" + sha256(canonicalRequest(request));
}

std::string authorization(const Acs3Request& request,
                          std::string_view access_key_id,
                          std::string_view signature_hex)
{
    return std::string{kScheme} + " Credential=" + std::string{access_key_id} +
           ",SignedHeaders=" + signedNames(request) + ",Signature=" + std::string{signature_hex};
}

std::string toAcsDate(std::int64_t unix_ms)
{
    using namespace std::chrono;
    const auto time = floor<seconds>(sys_time<milliseconds>{milliseconds{unix_ms}});
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char text[32];
    std::snprintf(text,
                  sizeof text,
                  "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text;
}

} // namespace aliyun
