// The daily bills: a day's payments and refunds of one merchant, and its account's ledger, as the
// comma-separated tables that WeChat Pay writes.
#pragma once

#include "core/books.hpp"
#include "wechat/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::wechat {

/// `kind` is ALL, SUCCESS (payments only) or REFUND (refunds only); the columns are ALL's. Nothing
/// when the Beijing day that starts at `from_ms` has none.
std::optional<std::string> tradeBill(const Settings& settings,
                                     Book& book,
                                     std::string_view mchid,
                                     std::string_view kind,
                                     std::int64_t from_ms);

/// The same for the account's movements. There are no fees, so a movement is a payment or a refund.
std::optional<std::string> fundflowBill(Book& book, std::string_view mchid, std::int64_t from_ms);

} // namespace hub::simulator::wechat
