// Presentation: what a browser can do with what the provider gave for an attempt. Pure.
#pragma once

#include "domain/checkout.hpp"
#include "domain/evidence.hpp"

namespace payments {

enum class Means {
    Form,     // posts signed parameters to the provider
    Invoke,   // hands parameters to the app that the page is open in
    Link,     // opens an address of the provider's
    Code,     // shows a code for a phone to scan
    Elsewhere // nothing: the attempt was opened in another app or on another device
};

/// `parts` is the attempt's presentation.
Means meansFor(const Attempt& attempt, const Browser& browser, const Json& parts);

} // namespace payments
