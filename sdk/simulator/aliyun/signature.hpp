// The provider's two signatures, written from its documents: ACS3-HMAC-SHA256 over a canonical
// request with its headers, and the older one over sorted parameters. Pure.
#pragma once

#include "core/message.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hub::simulator::aliyun {

using Texts = std::map<std::string, std::string>;

/// "%20" for a space, upper-case hex, and - _ . ~ as they are.
std::string percentEncode(std::string_view text);
/// Sorted "name=value" pairs, both encoded.
std::string canonicalQuery(const Texts& query);
std::string sha256Hex(std::string_view bytes);

/// The lower-case hex that belongs into the Authorization header. `signed_headers` are names in
/// lower case, in the order of the header.
std::string acs3Signature(const HttpMessage& message,
                          const Texts& query,
                          const std::vector<std::string>& signed_headers,
                          std::string_view secret);
/// The base64 that belongs into the parameter "Signature"; that parameter itself is left out.
std::string rpcSignature(std::string_view method, const Texts& parameters, std::string_view secret);

/// True when they are the same; takes equally long wherever they differ.
bool isSameText(std::string_view a, std::string_view b);

} // namespace hub::simulator::aliyun
