// The daily bill: a day's payments and refunds of one seller as the table that Alipay writes, in
// GBK, in a ZIP archive beside its summary.
#pragma once

#include "core/json.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::alipay {

/// True for a "yyyy-MM-dd" that is a day.
bool isDay(const std::string& day);

/// The archive, or nothing when nothing was paid or refunded on that Beijing day. `books` is what
/// Book::toJson("") says.
std::optional<std::string>
makeBill(const Json& books, std::string_view seller, const std::string& day);

} // namespace hub::simulator::alipay
