#include "domain/amount.hpp"

namespace payments {

namespace {

/// A number with a fraction or an exponent: nobody guesses what was meant.
std::optional<AmountFault> checkWhole(const Json& body)
{
    const auto member = body.find("amount_minor");
    if (member == body.end() || !member->is_number_float()) {
        return std::nullopt;
    }
    return AmountFault{422,
                       "amount_not_whole",
                       "/amount_minor",
                       "amount_minor is " + member->dump() +
                           ", it must be a whole number of minor units, written in digits alone",
                       0};
}

} // namespace

std::optional<AmountFault> checkAmount(const Json& body, std::int64_t limit_minor)
{
    if (auto fault = checkWhole(body)) {
        return fault;
    }
    const auto amount = integerOf(body, "amount_minor");
    if (!amount) {
        return AmountFault{
            400, "type", "/amount_minor", "amount_minor must be an integer of minor units", 0};
    }
    if (*amount <= 0) {
        return AmountFault{422,
                           "amount_not_positive",
                           "/amount_minor",
                           "amount_minor is " + std::to_string(*amount) + ", it must be above 0",
                           0};
    }
    if (*amount > limit_minor) {
        return AmountFault{422,
                           "amount_over_limit",
                           "/amount_minor",
                           "amount_minor is " + std::to_string(*amount) + ", the limit is " +
                               std::to_string(limit_minor),
                           limit_minor};
    }
    const std::string currency = textOf(body, "currency");
    if (currency != "CNY") {
        return AmountFault{422,
                           "currency_not_supported",
                           "/currency",
                           "currency is \"" + currency + "\", only CNY is enabled",
                           0};
    }
    return std::nullopt;
}

} // namespace payments
