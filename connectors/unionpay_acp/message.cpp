#include "message.hpp"

#include "signing.hpp"
#include "text.hpp"

#include <algorithm>

namespace unionpay {

namespace {

using hub::Error;
using hub::Result;

Error rejected(std::string message)
{
    return Error{HUB_REJECTED, std::move(message)};
}

/// Senders leave fields without a value out; should one be there, its sender may have signed
/// either way.
bool isSigned(const Certificate& certificate, const Fields& fields, std::string_view signature)
{
    if (certificate.hasSigned(rsaSignText(fields), signature)) {
        return true;
    }
    Fields filled = fields;
    const auto removed =
        std::erase_if(filled, [](const auto& field) { return field.second.empty(); });
    return removed != 0 && certificate.hasSigned(rsaSignText(filled), signature);
}

} // namespace

Result<void> checkMessage(const Fields& fields,
                          const TrustAnchors& anchors,
                          const TrustRules& rules,
                          std::int64_t now_s)
{
    if (valueOf(fields, "version") != "5.1.0" || valueOf(fields, "signMethod") != "01") {
        return rejected("the message is not of version 5.1.0 with signMethod 01");
    }
    const auto signature = fromBase64(valueOf(fields, kSignature));
    if (!signature.ok() || signature.value().empty()) {
        return rejected("the message bears no signature in base64");
    }
    const auto certificate = Certificate::parse(valueOf(fields, "signPubKeyCert"));
    if (!certificate.ok()) {
        return rejected("the message brings no certificate that could be read");
    }
    if (auto trusted = anchors.check(certificate.value(), rules, now_s); !trusted.ok()) {
        return trusted;
    }
    if (!isSigned(certificate.value(), fields, signature.value())) {
        return rejected("the message's signature is not that of its certificate");
    }
    if (!hasOneReading(fields)) {
        return rejected("the message's signed text can be cut into fields in two ways");
    }
    return {};
}

} // namespace unionpay
