// The envelope of REST v3: over which texts a request is signed and an answer is verified, and
// how the Authorization header is written. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace alipay {

/// "app_id=…[,app_cert_sn=…],nonce=…,timestamp=…": what the header says before the signature.
/// `certificate_number` is empty in key mode; `timestamp_ms` counts from 1970.
std::string restCredentials(std::string_view app_id,
                            std::string_view certificate_number,
                            std::string_view nonce,
                            std::int64_t timestamp_ms);

/// `uri` is path and query as sent; `body` may be empty.
std::string restSignText(std::string_view credentials,
                         std::string_view method,
                         std::string_view uri,
                         std::string_view body);

/// The value of the Authorization header.
std::string restAuthorization(std::string_view credentials, std::string_view signature_base64);

/// The text that `alipay-signature` of an answer covers: raw bytes, before any parsing.
std::string
restAnswerText(std::string_view timestamp, std::string_view nonce, std::string_view body);

} // namespace alipay
