// The checks of an amount that somebody asks us to move.
#pragma once

#include "domain/evidence.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace payments {

/// What is wrong: `status` as HTTP has it, `pointer` to the member, and a code for people's texts.
struct AmountFault {
    int status = 422;
    std::string code;
    std::string pointer;
    std::string detail;
    std::int64_t limit_minor = 0; // 0: no limit is at fault
};

/// Checks amount_minor and currency of a body: a number (else 400), whole, above zero, not above
/// `limit_minor`, in CNY.
std::optional<AmountFault> checkAmount(const Json& body, std::int64_t limit_minor);

} // namespace payments
