// ACS3-HMAC-SHA256: over which text a request is signed, and how the Authorization header is
// written. Pure; the signature itself is made by the hub, which keeps the secret.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace aliyun {

/// By name, in the order of their bytes: the order that is signed.
using Parameters = std::map<std::string, std::string>;

/// What is signed of a request.
struct Acs3Request {
    std::string method = "POST";
    std::string path = "/";
    Parameters query;
    std::map<std::string, std::string> headers; // the signed ones, names in lower case
    std::string body;
};

/// "a=1&b=%20": as it is sent and as it is signed. An empty value keeps its "=".
std::string canonicalQuery(const Parameters& query);
std::string canonicalRequest(const Acs3Request& request);
/// What the HMAC is over.
std::string textToSign(const Acs3Request& request);
/// The value of the Authorization header.
std::string authorization(const Acs3Request& request,
                          std::string_view access_key_id,
                          std::string_view signature_hex);

/// "2026-11-21T02:40:00Z".
std::string toAcsDate(std::int64_t unix_ms);

} // namespace aliyun
