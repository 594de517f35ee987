// gateway.do: the public parameters of a request and its RSA2 signature.
#pragma once

#include "alipay/settings.hpp"
#include "core/provider.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hub::simulator::alipay {

using Parameters = std::map<std::string, std::string>;

/// "key=value" of all non-empty parameters but the excluded ones, by key, joined with '&', values
/// as they are before percent-encoding.
std::string signedText(const Parameters& parameters,
                       std::initializer_list<std::string_view> excluded);

/// Adds the pairs of a form or query; false when the coding is broken, a value is no UTF-8 or a
/// name appears twice with different values.
bool readForm(std::string_view text, Parameters& into);

/// Percent-encodes as application/x-www-form-urlencoded does.
std::string toForm(const Parameters& parameters);

/// The request with its content parsed; `refusal` is set when the gateway doesn't let it through.
/// What the method says about its content is judged later.
Call readCall(const Settings& settings, const HttpMessage& message);

} // namespace hub::simulator::alipay
