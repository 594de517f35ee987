// The gateway's envelope: how a request is written and signed, where the signed bytes of an
// answer lie, and over which text a notice is signed. Pure: bytes in, bytes out; signatures are
// made and checked by the hub.
#pragma once

#include "encoding.hpp"

#include <hub/result.hpp>

#include <string>
#include <string_view>

namespace alipay {

/// The text a request is signed over: every parameter but `sign` (so `sign_type` is in), empty
/// ones dropped, sorted by the bytes of the names, values raw.
std::string requestSignText(const Parameters& parameters);

/// The text a notice is signed over: as above, without `sign_type` for trade notices; some other
/// notices keep it.
enum class SignType { Dropped, Kept };
std::string noticeSignText(const Parameters& parameters, SignType sign_type);

/// The signed part of an answer. `source` points into the body that was given.
struct SignedNode {
    std::string_view source;    // the raw bytes of the node, from { to }
    std::string signature;      // raw; empty when the answer bears none
    bool is_error_node = false; // the gateway's own error_response
};

/// "alipay.trade.query" -> "alipay_trade_query_response".
std::string responseNodeName(std::string_view method);

/// Cuts the node out of the raw body: from the first { after its name to the last } before the
/// last "sign" name, so that a certificate number in between is skipped. Nothing is parsed or
/// written anew, because the signature covers the bytes as sent. HUB_BAD_REQUEST when the body
/// holds neither the node nor error_response, or the signature is no base64.
hub::Result<SignedNode> findSignedNode(std::string_view body, std::string_view node_name);

} // namespace alipay
