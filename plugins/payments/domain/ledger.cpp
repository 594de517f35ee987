#include "domain/ledger.hpp"

#include <stdexcept>

namespace payments {

namespace {

Booking make(std::string_view cause,
             std::string_view debit,
             std::string_view credit,
             std::int64_t amount_minor,
             std::string_view currency)
{
    return Booking{
        std::string{cause},
        std::string{currency},
        {Line{std::string{debit}, amount_minor}, Line{std::string{credit}, -amount_minor}}};
}

} // namespace

std::string_view toText(Application application)
{
    switch (application) {
    case Application::Fees:
        return "fees";
    case Application::Unapplied:
        return "unapplied";
    case Application::None:
        break;
    }
    return "";
}

Application parseApplication(std::string_view text)
{
    if (text.empty()) {
        return Application::None;
    }
    if (text == "fees") {
        return Application::Fees;
    }
    if (text == "unapplied") {
        return Application::Unapplied;
    }
    throw std::invalid_argument("a row holds the application \"" + std::string{text} +
                                "\", which this version does not know");
}

std::string receivableOf(std::string_view provider_account)
{
    return "receivable:" + std::string{provider_account};
}

std::string_view counterAccountOf(Application application)
{
    switch (application) {
    case Application::Fees:
        return "income:fees";
    case Application::Unapplied:
        return "liability:unapplied";
    case Application::None:
        break;
    }
    throw std::logic_error("money that never came can't be booked");
}

Booking bookCapture(std::string_view provider_account,
                    Application application,
                    std::int64_t amount_minor,
                    std::string_view currency)
{
    return make("capture",
                receivableOf(provider_account),
                counterAccountOf(application),
                amount_minor,
                currency);
}

std::string suspenseOf(std::string_view provider_account)
{
    return "suspense:" + std::string{provider_account};
}

Booking
bookTheirs(std::string_view provider_account, std::int64_t amount_minor, std::string_view currency)
{
    return make("theirs",
                receivableOf(provider_account),
                suspenseOf(provider_account),
                amount_minor,
                currency);
}

Booking
bookRefundRequested(Application application, std::int64_t amount_minor, std::string_view currency)
{
    return make(
        "refund_requested", counterAccountOf(application), kRefundsPayable, amount_minor, currency);
}

Booking bookRefundSucceeded(std::string_view provider_account,
                            std::int64_t amount_minor,
                            std::string_view currency)
{
    return make("refund_succeeded",
                kRefundsPayable,
                receivableOf(provider_account),
                amount_minor,
                currency);
}

Booking
bookRefundFailed(Application application, std::int64_t amount_minor, std::string_view currency)
{
    return make(
        "refund_failed", kRefundsPayable, counterAccountOf(application), amount_minor, currency);
}

bool isBalanced(const Booking& booking)
{
    std::int64_t sum = 0;
    for (const Line& line : booking.lines) {
        sum += line.amount_minor;
    }
    return sum == 0 && !booking.lines.empty();
}

} // namespace payments
