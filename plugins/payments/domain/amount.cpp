#include "domain/amount.hpp"

namespace payments {

std::optional<AmountFault> checkAmount(const Json& body, std::int64_t limit_minor)
{
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
