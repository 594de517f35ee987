// The provider's signature, written from its document: HMAC-SHA-256 over lines of text. Pure.
#pragma once

#include "core/message.hpp"

#include <string>
#include <string_view>

namespace hub::simulator::licence {

std::string sha256Hex(std::string_view bytes);

/// Lower-case hex. `timestamp` and `nonce` as the headers hold them.
std::string requestSignature(const HttpMessage& message,
                             std::string_view timestamp,
                             std::string_view nonce,
                             std::string_view secret);
std::string
answerSignature(int status, std::string_view nonce, std::string_view body, std::string_view secret);

/// True when they are the same; takes equally long wherever they differ.
bool isSameText(std::string_view a, std::string_view b);

} // namespace hub::simulator::licence
