// What the code of a sample licence says: lines of "name=value" behind a line that no real licence
// has, so that nothing else is ever taken for one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::licence {

struct Licence {
    std::string type; ///< business_licence, …
    /// By the names that an answer has: name, social_credit_code, kind, representative, address,
    /// valid_from, valid_until.
    std::map<std::string, std::string> fields;
};

/// Throws std::invalid_argument naming the field that is unknown, too long or of another form.
void check(const Licence& licence);

std::string toCodeText(const Licence& licence);
/// Nothing when it is no sample licence, or one that check() refuses.
std::optional<Licence> parseCodeText(std::string_view text);

} // namespace hub::simulator::licence
