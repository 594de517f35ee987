#include "pages/presentation.hpp"

namespace payments {

Means meansFor(const Attempt& attempt, const Browser& browser, const Json& parts)
{
    const bool is_app = !browser.wallet.empty();
    if (is_app && !attempt.wallet.empty() && browser.wallet != attempt.wallet) {
        return Means::Elsewhere;
    }
    if (parts.contains("parameters")) {
        return is_app ? Means::Invoke : Means::Elsewhere;
    }
    if (parts.contains("form")) {
        return browser.is_phone || attempt.product == "page" ? Means::Form : Means::Elsewhere;
    }
    if (parts.contains("url")) {
        return browser.is_phone ? Means::Link : Means::Elsewhere;
    }
    if (browser.is_phone && attempt.qr_code.rfind("https://", 0) == 0) {
        return Means::Link; // it can't scan its own screen
    }
    return is_app ? Means::Elsewhere : Means::Code;
}

} // namespace payments
