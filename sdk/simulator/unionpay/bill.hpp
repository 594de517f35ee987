// The daily file: a settlement day's payments and returns of one merchant, as lines of fixed width
// in GBK inside of a ZIP archive.
#pragma once

#include "core/books.hpp"
#include "unionpay/settings.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::unionpay {

/// The archive of the settlement day "20261121"; nothing when nothing happened on it. Throws
/// std::runtime_error when it can't be written.
std::optional<std::string>
makeBill(const Settings& settings, Book& book, std::string_view mer_id, std::string_view day);

/// As messages carry files: base64 of zlib's form (RFC 1950) of the bytes.
std::string packContent(const std::string& bytes);

} // namespace hub::simulator::unionpay
