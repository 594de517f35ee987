// The envelope of APIv3: over which texts a request, an answer and an invocation are signed, and
// how the Authorization header is written. Pure; bytes are taken as they are sent or received.
#pragma once

#include <hub/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace wechat {

inline constexpr std::string_view kScheme = "WECHATPAY2-SHA256-RSA2048";
inline constexpr std::string_view kPublicKeyPrefix = "PUB_KEY_ID_";
/// What is further from the hub's clock is refused.
inline constexpr std::int64_t kWindowMs = std::int64_t{300} * 1000;

/// Who signs a request, and what makes it fresh.
struct Credentials {
    std::string mchid;
    std::string serial; // of the merchant's certificate
    std::string nonce;
    std::int64_t timestamp_s = 0;
};

/// `uri` is path and query as sent; `body` is empty for GET.
std::string requestText(std::string_view method,
                        std::string_view uri,
                        const Credentials& credentials,
                        std::string_view body);
/// The value of the Authorization header.
std::string authorization(const Credentials& credentials, std::string_view signature_base64);

/// What the provider's signature over an answer or a notice covers.
std::string messageText(std::string_view timestamp, std::string_view nonce, std::string_view body);

/// What `paySign` covers when the payer's app is invoked; `package` is "prepay_id=…".
std::string invocationText(std::string_view appid,
                           std::string_view timestamp,
                           std::string_view nonce,
                           std::string_view package);

/// The headers that prove an answer or a notice.
struct Proof {
    std::string timestamp;
    std::string nonce;
    std::string serial;
    std::string signature; // base64
};

/// True for the provider's own probe of our verification: a signature that is wrong on purpose.
bool isProbe(std::string_view signature) noexcept;

/// HUB_BAD_REQUEST when a part is missing or no time; HUB_REJECTED outside the window.
hub::Result<void> checkFresh(const Proof& proof, std::int64_t now_ms);

} // namespace wechat
