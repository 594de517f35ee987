// The double-entry ledger's rules: which accounts a fact moves. A debit is positive, a credit
// negative; the lines of every booking add up to zero.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace payments {

/// What captured money is used for.
enum class Application { None, Fees, Unapplied };

std::string_view toText(Application application);
Application parseApplication(std::string_view text);

struct Line {
    std::string account;
    std::int64_t amount_minor = 0;

    bool operator==(const Line&) const = default;
};

struct Booking {
    std::string cause;
    std::string currency;
    std::vector<Line> lines;
};

inline constexpr std::string_view kRefundsPayable = "liability:refunds_payable";

std::string receivableOf(std::string_view provider_account);
std::string suspenseOf(std::string_view provider_account);
/// income:fees, or liability:unapplied for money that paid nothing.
std::string_view counterAccountOf(Application application);

Booking bookCapture(std::string_view provider_account,
                    Application application,
                    std::int64_t amount_minor,
                    std::string_view currency);
/// The refund is owed from now on.
Booking
bookRefundRequested(Application application, std::int64_t amount_minor, std::string_view currency);
/// The provider gave it back.
Booking bookRefundSucceeded(std::string_view provider_account,
                            std::int64_t amount_minor,
                            std::string_view currency);
/// It won't be given back: no longer owed.
Booking
bookRefundFailed(Application application, std::int64_t amount_minor, std::string_view currency);

/// What the provider alone knows of: positive when it came, negative when it went back.
Booking
bookTheirs(std::string_view provider_account, std::int64_t amount_minor, std::string_view currency);

bool isBalanced(const Booking& booking);

} // namespace payments
