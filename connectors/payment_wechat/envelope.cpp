#include "envelope.hpp"

#include <charconv>
#include <cstdlib>
#include <initializer_list>

namespace wechat {

namespace {

std::string lines(std::initializer_list<std::string_view> parts)
{
    std::string text;
    for (const std::string_view part : parts) {
        text += part;
        text += '\n';
    }
    return text;
}

} // namespace

std::string requestText(std::string_view method,
                        std::string_view uri,
                        const Credentials& credentials,
                        std::string_view body)
{
    return lines({method, uri, std::to_string(credentials.timestamp_s), credentials.nonce, body});
}

std::string authorization(const Credentials& credentials, std::string_view signature_base64)
{
    return std::string{kScheme} + " mchid=\"" + credentials.mchid + "\",nonce_str=\"" +
           credentials.nonce + "\",timestamp=\"" + std::to_string(credentials.timestamp_s) +
           "\",serial_no=\"" + credentials.serial + "\",signature=\"" +
           std::string{signature_base64} + "\"";
}

std::string messageText(std::string_view timestamp, std::string_view nonce, std::string_view body)
{
    return lines({timestamp, nonce, body});
}

std::string invocationText(std::string_view appid,
                           std::string_view timestamp,
                           std::string_view nonce,
                           std::string_view package)
{
    return lines({appid, timestamp, nonce, package});
}

bool isProbe(std::string_view signature) noexcept
{
    return signature.starts_with("WECHATPAY/SIGNTEST/");
}

hub::Result<void> checkFresh(const Proof& proof, std::int64_t now_ms)
{
    if (proof.timestamp.empty() || proof.nonce.empty() || proof.serial.empty() ||
        proof.signature.empty()) {
        return hub::Error{HUB_BAD_REQUEST, "it is not signed"};
    }
    // A line break within a part would move bytes from one line of the signed text to another.
    if (proof.nonce.find('\n') != std::string::npos) {
        return hub::Error{HUB_BAD_REQUEST, "its nonce holds a line break"};
    }
    constexpr std::size_t kDigitsMax = 12;
    std::int64_t seconds = 0;
    const char* end = proof.timestamp.data() + proof.timestamp.size();
    const auto [stop, error] = std::from_chars(proof.timestamp.data(), end, seconds);
    if (error != std::errc{} || stop != end || proof.timestamp.size() > kDigitsMax || seconds < 0) {
        return hub::Error{HUB_BAD_REQUEST, "its time is no number of seconds"};
    }
    if (std::abs(now_ms - seconds * 1000) >= kWindowMs) {
        return hub::Error{HUB_REJECTED,
                          "its time is five minutes or more from the hub's; is it a repetition, or "
                          "is the hub's clock wrong?"};
    }
    return {};
}

} // namespace wechat
