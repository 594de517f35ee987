// A rule of the suite: one sentence that a library keeps or breaks. A rule that returns is kept;
// broken() and doesNotApply() end it.
#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hub::conformance {

class Bench;

struct Rule {
    std::string_view id;       // "exchange.cut"; frozen, partners name it in their tests
    std::string_view sentence; // what a library does that keeps it
    std::string_view remedy;   // what to do when it is broken
    void (*judge)(Bench&);
};

/// The rule is broken; the text says what was seen.
class Broken : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The text says why.
class DoesNotApply : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& seen)
{
    if (!holds) {
        throw Broken(seen);
    }
}

/// Every library.
std::span<const Rule> libraryRules();
/// Every connector, for each contract that it implements.
std::span<const Rule> callRules();
std::span<const Rule> exchangeRules();
/// Connectors that speak over hub.stream/1.
std::span<const Rule> streamRules();
/// Every subscriber.
std::span<const Rule> subscriberRules();
/// Judged last, from what all others made the library say and ask for.
std::span<const Rule> closingRules();

} // namespace hub::conformance
