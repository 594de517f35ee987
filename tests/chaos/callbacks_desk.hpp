// The provider's side of callbacks, by hand: notices of orders, signed with the simulator's keys,
// brought to the hub's plain port as bytes.
#pragma once

#include "callbacks_notice.hpp"
#include "http_raw.hpp"
#include "installation.hpp"
#include "shop.hpp"

#include <memory>
#include <optional>
#include <string>

namespace chaos {

inline constexpr const char* kAccount = "alipay-demo";
inline constexpr const char* kSecondAccount = "alipay-second"; ///< of another merchant
inline constexpr const char* kSisterAccount = "alipay-sister"; ///< another app of the same one

/// For Setup::configure: two more accounts at the provider, with the same keys. Nothing is
/// collected by them unless a method names one.
void addOtherAccounts(const std::filesystem::path& folder);

/// What identifies us at the provider.
struct Merchant {
    std::string app_id;
    std::string seller_id;
    std::string path; ///< where the hub takes its callbacks
};
/// As plugins.d has it.
Merchant readMerchant(const std::filesystem::path& folder, const std::string& account);

Fields paidNotice(const Merchant& merchant, const Order& order);
/// The whole amount was given back.
Fields refundedNotice(const Merchant& merchant, const Order& order);
Fields closedNotice(const Merchant& merchant, const Order& order);
Fields waitingNotice(const Merchant& merchant, const Order& order);

struct Merchants {
    Merchant own;
    Merchant second;
    Merchant sister;
};

/// A notice of `order`, validly signed, that says something else than is true.
struct FormLie {
    std::string what;
    Fields changes; ///< of paidNotice()
    std::string path;
};
std::vector<FormLie> liesAbout(const Order& order, const Order& other, const Merchants& merchants);

/// "123.45"
std::string toYuan(std::int64_t amount_minor);

bool isSuccess(const RawAnswer& answer);
/// Refused for good: a 4xx that does not say success.
bool isRefusal(const RawAnswer& answer);

/// One kept connection, opened anew when it ends. Not thread-safe.
class Deliverer {
public:
    explicit Deliverer(std::uint16_t port)
        : port_(port)
    {}
    /// Status 0 when there was no whole answer within 10 s.
    RawAnswer deliver(const std::string& path, const std::string& form)
    {
        return deliver(path, formNotice(form));
    }
    RawAnswer deliver(const std::string& path, const Notice& notice);

private:
    std::uint16_t port_;
    std::unique_ptr<RawConnection> connection_;
};

} // namespace chaos
