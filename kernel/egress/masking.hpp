// Masking: what the record of exchanges may show. Values under listed names are replaced in form
// fields, JSON members at any depth (also JSON text inside a field or a member) and headers;
// content of other types shows as size and digest only.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hub::egress {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// Headers line by line, an empty line, the body. Names of headers compare without case.
std::string
maskMessage(const Headers& headers, std::string_view body, const std::vector<std::string>& names);
/// The text after '?' of a URL.
std::string maskQuery(std::string_view query, const std::vector<std::string>& names);

} // namespace hub::egress
