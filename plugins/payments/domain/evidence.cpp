#include "domain/evidence.hpp"

#include "domain/weakness.hpp"

#include <limits>

namespace payments {

std::string textOf(const Json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>()
                                                         : std::string{};
}

std::optional<std::int64_t> integerOf(const Json& object, const char* name)
{
    const auto member = object.find(name);
    if (member == object.end() || !member->is_number_integer()) {
        return std::nullopt;
    }
    if (member->is_number_unsigned() &&
        member->get<std::uint64_t>() >
            static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return std::numeric_limits<std::int64_t>::max();
    }
    return member->get<std::int64_t>();
}

Evidence readEvidence(const Json& statement)
{
    Evidence evidence;
    if (!statement.is_object()) {
        return evidence;
    }
    evidence.state = textOf(statement, "state");
    evidence.amount_minor = integerOf(statement, "amount_minor");
    evidence.refunded_minor = integerOf(statement, "refunded_minor");
    evidence.currency = textOf(statement, "currency");
    evidence.merchant = textOf(statement, "merchant");
    evidence.provider_number = textOf(statement, "provider_number");
    evidence.paid_at_ms = integerOf(statement, "paid_at_ms").value_or(0);
    return evidence;
}

bool saysPaid(const Evidence& evidence)
{
    return evidence.state == "paid" || evidence.state == "refunded";
}

std::optional<std::string> mismatch(const Attempt& attempt, const Evidence& evidence, Source source)
{
    if (evidence.amount_minor && *evidence.amount_minor != attempt.amount_minor &&
        !PAYMENTS_WEAK("amount-check-off")) {
        return "the provider states an amount of " + std::to_string(*evidence.amount_minor) +
               ", attempt " + attempt.number + " is over " + std::to_string(attempt.amount_minor);
    }
    if (!evidence.currency.empty() && evidence.currency != attempt.currency) {
        return "the provider states the currency " + evidence.currency + ", attempt " +
               attempt.number + " is in " + attempt.currency;
    }
    if (!attempt.merchant.empty() && !evidence.merchant.empty() &&
        evidence.merchant != attempt.merchant && !PAYMENTS_WEAK("account-check-off")) {
        return "the provider names another merchant than attempt " + attempt.number +
               " was created for";
    }
    if (saysPaid(evidence) && !evidence.amount_minor) {
        return "a payment of attempt " + attempt.number + " is stated without its amount";
    }
    if (saysPaid(evidence) && source == Source::Notice && evidence.currency.empty()) {
        return "a payment of attempt " + attempt.number + " is stated without its currency";
    }
    return std::nullopt;
}

} // namespace payments
